"""`python -m worker.suites` computes the numbers of all suites ahead, as an image's build does."""

from worker.suites import catalogue

for name in catalogue.names():
    catalogue.load(name)

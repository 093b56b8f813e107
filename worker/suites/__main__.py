"""`python -m worker.suites` computes the numbers of all suites, for example to build an image."""

from worker.suites import catalogue

for name in catalogue.names():
    catalogue.load(name)

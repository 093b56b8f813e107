"""`python -m worker.suites` computes the numbers of all suites ahead, as an image's build does."""

from worker import suites

for name in suites.names():
    suites.load(name)

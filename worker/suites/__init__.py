"""Suites of computation graphs: versioned sets of cases with their expected numbers."""

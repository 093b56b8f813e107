"""Suites: versioned sets of computation graphs with their expected numbers."""

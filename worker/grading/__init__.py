"""From a student's file and suites of graphs to a report."""

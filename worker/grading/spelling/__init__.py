"""Writes the programs of a report so that they run with the student's engine."""

"""Finds the known mistakes that give exactly the numbers of a student's engine."""

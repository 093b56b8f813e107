"""Finds the student's class and its parts."""

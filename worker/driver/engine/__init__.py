"""Finds the student's class and its parts. `strategies.py` lists the ways that are tried."""

"""Reads the numbers that a student's nodes hold."""

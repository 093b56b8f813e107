"""Reads a student's file and runs it within a budget of time."""

"""Builds a graph with the student's class and reads its numbers."""

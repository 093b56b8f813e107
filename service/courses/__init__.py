"""Courses, assignments, and who may do what in them."""

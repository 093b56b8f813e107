"""A student's file: read, and run within a budget."""

"""The ways to run backward from a root, one in each file."""

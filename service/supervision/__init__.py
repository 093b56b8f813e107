"""Keeps processes running: starts them, restarts those that end, and stops them."""

"""Reads the text of a suite's file."""

"""Checks that the sandbox works on this machine."""

"""Talks to people: HTTP, pages, the command line and the books. Never runs student code."""

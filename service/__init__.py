"""Chainrule's service: API, pages, command line and database. It never runs student code."""

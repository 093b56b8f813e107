"""Measures the project's prose: length of sentences, and words that have a plainer one.

`passages` cuts text out of files, `rules` checks it, `words.toml` lists the words.
Run it with `tools/check-prose`, for the whole project or for some paths.
"""

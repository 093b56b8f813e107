"""The part of ours that runs inside the sandbox, next to a student's code.

It loads the source, finds the class and its parts, builds graphs with it and answers with plain
numbers. It never gets an expected number, and the host checks every byte that it writes. It uses
the standard library alone, and holds what it uses before the student's first line runs.
"""

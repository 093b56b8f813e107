"""The part of Chainrule that runs inside the sandbox, next to a student's code.

It loads the source, finds the class and its parts, computes graphs with it and answers with plain
numbers. It never gets an expected number, and the host checks every byte that it writes. It uses
only the standard library. It imports and binds all of it before the student's first line runs.
"""

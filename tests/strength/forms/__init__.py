"""Mutants of a student's engine in which every form of every operation is written on its own."""

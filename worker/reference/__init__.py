"""The numbers that are expected: the reference engine, differences and tolerances."""

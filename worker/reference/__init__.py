"""Expected numbers: the reference engine, central differences and tolerances."""

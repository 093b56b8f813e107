"""The code that runs in the zygote and its children. It is run by path, not imported."""

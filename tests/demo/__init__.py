"""A class of 120 students in its third week, so that every page can be seen full: `make demo`."""

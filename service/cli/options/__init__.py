"""Options of commands, and how their text is read."""

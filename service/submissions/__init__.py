"""From an upload to a grading."""

"""The audit: every change by staff, with its author and its time."""

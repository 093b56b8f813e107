"""What counts: marks, overrides, regrades, exports."""

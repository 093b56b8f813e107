"""The places where gradients may be after backward, one in each file."""

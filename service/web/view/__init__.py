"""Values for templates."""

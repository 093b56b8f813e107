"""What a student's nodes hold."""

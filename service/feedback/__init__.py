"""What a report says to people, in words. Knows no database and no Flask."""

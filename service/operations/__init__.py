"""What an operator does to an installation: back it up, restore it, upgrade it, change its key."""

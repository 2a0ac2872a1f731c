"""Use cases that cross rooms: taking over customers and orders from files."""

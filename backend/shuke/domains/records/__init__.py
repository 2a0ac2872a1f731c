"""Use cases that cross rooms: import of customers and orders from files."""

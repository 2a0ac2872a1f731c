"""What the staff has to do: one card a customer, with reasons, a due time and an outcome."""

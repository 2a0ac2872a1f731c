"""Facts from the till: orders and refunds with their lines, and each customer's purchase statistics."""

"""What would have an order by address, such as a set of nodes, in one of two fixed orders."""

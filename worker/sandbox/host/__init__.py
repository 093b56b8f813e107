"""Our side of a session: starts children, sends them graphs and checks their answers."""

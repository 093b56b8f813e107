"""What a child may do: system calls and layers, each with its reason."""

"""The sandbox's policy: system calls and layers, each with its reason."""

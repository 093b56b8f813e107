"""Whether the sandbox holds on this machine."""

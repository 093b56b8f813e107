"""Used by every part of the driver: the protocol, messages, names."""

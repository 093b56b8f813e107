"""What every part of the driver uses: the protocol, messages, names."""

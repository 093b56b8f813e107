"""The sandbox: untrusted Python in, numbers or a verdict out."""

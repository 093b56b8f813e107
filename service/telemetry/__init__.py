"""What the processes say about themselves: metrics for Prometheus, and structured logs."""

"""Flask: pages, the JSON API, probes and metrics."""

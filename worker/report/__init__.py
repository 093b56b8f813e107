"""The outcome of a grading: the contract between the worker and the service."""

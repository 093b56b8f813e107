"""Everything about grading: graphs, the reference engine, the sandbox, judging, the queue's end."""

__version__ = "0.1.0"

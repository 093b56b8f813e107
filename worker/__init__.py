"""Everything about grading: graphs, the reference engine, the sandbox, judging, and the Celery rim."""

__version__ = "0.1.0"

"""Serving HTTP with gunicorn, set up from Settings instead of its own configuration files."""

from __future__ import annotations

from typing import Any

from flask import Flask
from gunicorn.app.base import BaseApplication

from service.settings import Settings
from service.web.app import create_app


class Server(BaseApplication):
    """Threads rather than many processes: a long poll costs a thread that sleeps."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        super().__init__()

    def load_config(self) -> None:
        """Hand our settings to gunicorn."""
        options: dict[str, Any] = {
            "bind": self._settings.address,
            "worker_class": "gthread",
            "workers": self._settings.web_processes,
            "threads": self._settings.web_threads,
            "timeout": 60,
            "graceful_timeout": 5,
            "keepalive": 15,
            "proc_name": "chainrule-web",
            "control_socket_disable": True,  # it would write into the home directory
        }
        for name, value in options.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:  # type: ignore[override] # its types know WSGI by another name
        """The WSGI application, made in the serving process after its fork."""
        return create_app(self._settings)


def serve(settings: Settings) -> None:
    """Answer HTTP until told to stop."""
    Server(settings).run()

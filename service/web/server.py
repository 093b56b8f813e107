"""Serves HTTP with gunicorn, configured by Settings instead of its own files."""

from __future__ import annotations

from typing import Any

from flask import Flask
from gunicorn.app.base import BaseApplication

from service.settings import Settings
from service.web.app import create_app


class Server(BaseApplication):
    """Uses threads rather than many processes: a long poll is a sleeping thread."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        super().__init__()

    def load_config(self) -> None:
        """Pass our settings to gunicorn."""
        options: dict[str, Any] = {
            "bind": self._settings.address,
            "worker_class": "gthread",
            "workers": self._settings.web_processes,
            "threads": self._settings.web_threads,
            "timeout": 60,
            "graceful_timeout": 5,
            "keepalive": 15,
            "proc_name": "chainrule-web",
            # Only the application believes headers of proxies; see service.web.forwarded.
            "forwarder_headers": "",
            "secure_scheme_headers": {},
            "control_socket_disable": True,  # it writes to the home directory
        }
        for name, value in options.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:  # type: ignore[override] # its types know WSGI by another name
        """The WSGI application, created in the serving process after its fork."""
        return create_app(self._settings)


def serve(settings: Settings) -> None:
    """Answer HTTP until a signal stops the process."""
    Server(settings).run()

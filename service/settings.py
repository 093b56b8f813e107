"""Settings: the only reader of the environment. No secret has a default."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PREFIX = "CHAINRULE_"
SPOOL = "spool://"  # the broker in the data directory


class SettingsError(Exception):
    """A setting is missing or cannot be read; the message names it and says what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Everything that differs between one installation and another."""

    data_dir: Path
    host: str
    port: int
    database_url: str
    broker_url: str
    secret_key: str
    sandbox_require_landlock: bool
    web_processes: int
    web_threads: int
    worker_concurrency: int
    lease_seconds: float
    reap_seconds: float
    max_tries: int
    submissions_per_minute: int
    secure_cookies: bool
    trusted_proxies: int

    @classmethod
    def from_env(cls, environ: Mapping[str, str] = os.environ) -> Settings:
        """Read `CHAINRULE_*`.

        Embedded is what you get when neither a database nor a broker is named: both live in the
        data directory, and so does the secret key, which `chainrule up` draws on its first start.
        """
        read = _Reader(environ)
        data_dir = Path(read.text("DATA_DIR", "var")).absolute()
        return cls(
            data_dir=data_dir,
            host=read.text("HOST", "127.0.0.1"),
            port=read.integer("PORT", 8000, least=0),
            database_url=read.text("DATABASE_URL", f"sqlite:///{data_dir / 'chainrule.db'}"),
            broker_url=read.text("BROKER_URL", SPOOL),
            secret_key=read.secret(data_dir),
            sandbox_require_landlock=read.flag("SANDBOX_REQUIRE_LANDLOCK"),
            web_processes=read.integer("WEB_PROCESSES", 1, least=1),
            web_threads=read.integer("WEB_THREADS", 32, least=2),
            worker_concurrency=read.integer("WORKER_CONCURRENCY", os.cpu_count() or 1, least=1),
            lease_seconds=read.seconds("LEASE_SECONDS", 45.0),
            reap_seconds=read.seconds("REAP_SECONDS", 10.0),
            max_tries=read.integer("MAX_TRIES", 3, least=1),
            submissions_per_minute=read.integer("SUBMISSIONS_PER_MINUTE", 20, least=1),
            secure_cookies=read.flag("SECURE_COOKIES"),
            trusted_proxies=read.integer("TRUSTED_PROXIES", 0, least=0),
        )

    @property
    def embedded(self) -> bool:
        """Whether database and broker are files in the data directory."""
        return self.broker_url == SPOOL

    @property
    def celery(self) -> dict[str, Any]:
        """Celery's configuration, the same for who sends and who works."""
        return {
            "broker_url": self.broker_url,
            "broker_transport": "service.spool:Transport" if self.embedded else None,
            "broker_connection_timeout": 2.0,
            "broker_connection_retry_on_startup": True,
            "broker_transport_options": self._transport_options(),
            "task_ignore_result": True,
            "task_acks_late": True,
            "task_reject_on_worker_lost": True,
            "task_serializer": "json",
            "accept_content": ["json"],
            "worker_prefetch_multiplier": 1,
            "worker_concurrency": self.worker_concurrency,
            "worker_enable_remote_control": False,
            "worker_hijack_root_logger": False,
            "beat_schedule": {
                "reap": {"task": "worker.tasks.reap", "schedule": self.reap_seconds},
            },
            "beat_schedule_filename": str(self.data_dir / "beat"),
        }

    def _transport_options(self) -> dict[str, Any]:
        if self.embedded:
            return {"folder": str(self.data_dir / "broker"), "polling_interval": 0.02}
        return {"socket_connect_timeout": 2.0, "socket_timeout": 5.0}


def read_require_landlock(environ: Mapping[str, str] = os.environ) -> bool:
    """The one setting that examining the sandbox needs."""
    return _Reader(environ).flag("SANDBOX_REQUIRE_LANDLOCK")


class _Reader:
    def __init__(self, environ: Mapping[str, str]) -> None:
        self._environ = environ

    def text(self, name: str, default: str) -> str:
        return self._environ.get(PREFIX + name, "").strip() or default

    def integer(self, name: str, default: int, *, least: int) -> int:
        text = self.text(name, str(default))
        if not text.isascii() or not text.isdigit() or int(text) < least:
            raise SettingsError(f"{PREFIX}{name} is {text!r}: give a whole number from {least} up.")
        return int(text)

    def seconds(self, name: str, default: float) -> float:
        text = self.text(name, str(default))
        try:
            seconds = float(text)
        except ValueError:
            seconds = 0.0
        if not 0.0 < seconds < float("inf"):
            raise SettingsError(f"{PREFIX}{name} is {text!r}: give a number of seconds above 0.")
        return seconds

    def flag(self, name: str) -> bool:
        text = self.text(name, "0").lower()
        if text not in {"0", "1", "no", "yes", "false", "true"}:
            raise SettingsError(f"{PREFIX}{name} is {text!r}: give 1 or 0.")
        return text in {"1", "yes", "true"}

    def secret(self, data_dir: Path) -> str:
        given = self.text("SECRET_KEY", "")
        if given:
            if len(given) < 32:
                raise SettingsError(
                    f"{PREFIX}SECRET_KEY is too short: draw at least 32 characters."
                )
            return given
        drawn = data_dir / "secret.key"
        embedded = not self.text("DATABASE_URL", "") and not self.text("BROKER_URL", "")
        if embedded and drawn.is_file():
            return drawn.read_text(encoding="ascii").strip()
        raise SettingsError(
            f"{PREFIX}SECRET_KEY is not set. Draw one, keep it, and give it to every process: "
            'python3 -c "import secrets; print(secrets.token_urlsafe(48))"'
            + (" - or run `chainrule up`, which draws its own." if embedded else "")
        )

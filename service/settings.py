"""Settings, read from environment variables. No secret has a default."""

from __future__ import annotations

import ipaddress
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

PREFIX = "CHAINRULE_"
SPOOL = "spool://"  # the broker in the data folder
BROKERS = ("redis://", "rediss://")
DATABASES = ("sqlite:///", "postgresql+psycopg://")
MAIL_SERVERS = ("smtp://", "smtps://")
EVERYWHERE = {"0.0.0.0": "127.0.0.1", "[::]": "[::1]"}  # and its address on this machine
LEAST_SECRET = 32  # characters
KEY_FILE, OLD_KEYS_FILE = "secret.key", "old-secret.keys"  # in the data folder; one key a line
MOST = 10**9  # of any setting that is a whole number


class SettingsError(Exception):
    """A setting is missing or invalid; the message names it and says what to do."""


class LogFormat(StrEnum):
    """How a log line looks: for people, or as a JSON object."""

    PLAIN = "plain"
    JSON = "json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Everything that differs between installations.

    Values that may have a secret are left out when the settings are printed.
    """

    data_dir: Path
    host: str
    port: int
    database_url: str = field(repr=False)
    broker_url: str = field(repr=False)
    secret_key: str = field(repr=False)
    old_secret_keys: tuple[str, ...] = field(repr=False)
    sandbox_require_landlock: bool
    web_processes: int
    web_threads: int
    worker_concurrency: int
    lease_seconds: float
    reap_seconds: float
    max_tries: int
    submissions_per_minute: int
    keep_reports_days: int
    secure_cookies: bool
    trusted_proxies: int
    metrics_port: int
    log_format: LogFormat
    smtp_url: str = field(repr=False)
    mail_sender: str

    @classmethod
    def from_env(cls, environ: Mapping[str, str] = os.environ) -> Settings:
        """Read `CHAINRULE_*`.

        Without a broker, the service is embedded: broker, database and secret key are in the data
        directory. `chainrule up` generates the key on its first start.
        """
        read = _Reader(environ)
        data_dir = Path(read.text("DATA_DIR", "var")).absolute()
        broker_url = read.broker_url()
        shared = data_dir if broker_url == SPOOL else None
        return cls(
            data_dir=data_dir,
            host=read.host(),
            port=read.integer("PORT", 8000, least=1, most=65_535),
            database_url=read.database_url(data_dir),
            broker_url=broker_url,
            secret_key=read.secret(shared),
            old_secret_keys=read.old_secrets(shared),
            sandbox_require_landlock=read.flag("SANDBOX_REQUIRE_LANDLOCK"),
            web_processes=read.integer("WEB_PROCESSES", 1, least=1),
            web_threads=read.integer("WEB_THREADS", 32, least=2),
            worker_concurrency=read.integer("WORKER_CONCURRENCY", os.cpu_count() or 1, least=1),
            lease_seconds=read.seconds("LEASE_SECONDS", 45.0),
            reap_seconds=read.seconds("REAP_SECONDS", 10.0),
            max_tries=read.integer("MAX_TRIES", 3, least=1),
            submissions_per_minute=read.integer("SUBMISSIONS_PER_MINUTE", 20, least=1),
            keep_reports_days=read.integer("KEEP_REPORTS_DAYS", 0, least=0, most=36_500),
            secure_cookies=read.flag("SECURE_COOKIES"),
            trusted_proxies=read.integer("TRUSTED_PROXIES", 0, least=0),
            metrics_port=read.integer("METRICS_PORT", 0, least=0, most=65_535),
            log_format=read.log_format(),
            smtp_url=(smtp_url := read.smtp_url()),
            mail_sender=read.mail_sender(required=bool(smtp_url)),
        )

    @property
    def embedded(self) -> bool:
        """Whether the broker is files in the data folder, which all processes share."""
        return self.broker_url == SPOOL

    @property
    def uses_sqlite(self) -> bool:
        """Whether the database is SQLite, so that no other machine uses it."""
        return self.database_url.startswith("sqlite:")

    @property
    def address(self) -> str:
        """The address to listen on, as HOST:PORT; an IPv6 address is in brackets."""
        return f"{self._bracketed_host}:{self.port}"

    @property
    def url(self) -> str:
        """The URL of the service on this machine."""
        host = self._bracketed_host
        return f"http://{EVERYWHERE.get(host, host)}:{self.port}"

    @property
    def _bracketed_host(self) -> str:
        return f"[{self.host}]" if ":" in self.host else self.host

    @property
    def celery(self) -> dict[str, Any]:
        """Celery's configuration, for the web process and the workers."""
        transport_options: dict[str, Any] = {"socket_connect_timeout": 2.0, "socket_timeout": 5.0}
        if self.embedded:
            transport_options = {
                "folder": str(self.data_dir / "broker"),
                "polling_interval": 0.02,
                "longest_wait": 0.1,  # only after a wait does a slot see that it should stop
            }
        return {
            # Kombu warns of an address without a host.
            "broker_url": f"{SPOOL}localhost" if self.embedded else self.broker_url,
            "broker_transport": "service.embedded.spool:Transport" if self.embedded else None,
            "broker_connection_timeout": 2.0,
            "broker_connection_retry_on_startup": True,
            "broker_connection_max_retries": None,  # without a limit
            "broker_transport_options": transport_options,
            "task_ignore_result": True,
            "task_serializer": "json",
            "accept_content": ["json"],
            "worker_prefetch_multiplier": 1,
            "worker_enable_remote_control": False,
            "worker_hijack_root_logger": False,
        }


def read_require_landlock(environ: Mapping[str, str] = os.environ) -> bool:
    """The only setting that examining the sandbox needs."""
    return _Reader(environ).flag("SANDBOX_REQUIRE_LANDLOCK")


def _begins(text: str, schemes: tuple[str, ...]) -> bool:
    return any(text.startswith(scheme) and text != scheme for scheme in schemes)


def _is_database(text: str) -> bool:
    from sqlalchemy.engine import make_url  # slow to import
    from sqlalchemy.exc import ArgumentError

    try:
        # Processes can't share a database in memory.
        return make_url(text).database != ":memory:"
    except (ArgumentError, ValueError):
        return False


def _has_port(text: str) -> bool:
    """Whether the port is a number; it isn't if a password has a slash in it."""
    try:
        return urlsplit(text).port != 0
    except ValueError:
        return False


def _is_ipv6(text: str) -> bool:
    try:
        return ipaddress.IPv6Address(text).scope_id is None  # a URL can't have a scope
    except ValueError:
        return False


def _read_generated(key: Path) -> str:
    text = key.read_text(encoding="ascii", errors="replace").strip()
    if len(text) < LEAST_SECRET or not text.isascii():
        raise SettingsError(
            f"{key} is damaged. Restore it from a backup, or remove it. "
            "Then `chainrule up` generates a new one, everybody signs in again, "
            "and old receipts can't be verified any more."
        )
    return text


class _Reader:
    def __init__(self, environ: Mapping[str, str]) -> None:
        self._environ = environ

    def text(self, name: str, default: str) -> str:
        return self._environ.get(PREFIX + name, "").strip() or default

    def integer(self, name: str, default: int, *, least: int, most: int = MOST) -> int:
        text = self.text(name, str(default))
        # Python can't convert a number with very many digits.
        readable = text.isascii() and text.isdigit() and len(text) <= len(str(MOST))
        if not readable or not least <= int(text) <= most:
            upward = "up" if most == MOST else f"to {most}"
            raise SettingsError(
                f"{PREFIX}{name} is {text!r}. Use a whole number from {least} {upward}."
            )
        return int(text)

    def host(self) -> str:
        text = self.text("HOST", "127.0.0.1")
        if ":" in text and not _is_ipv6(text):
            raise SettingsError(
                f"{PREFIX}HOST is {text!r}. Use a name, an IPv4 address, or an IPv6 address "
                f"without brackets. The port is {PREFIX}PORT."
            )
        return text

    def log_format(self) -> LogFormat:
        text = self.text("LOG_FORMAT", LogFormat.PLAIN)
        try:
            return LogFormat(text)
        except ValueError:
            allowed = " or ".join(LogFormat)
            raise SettingsError(f"{PREFIX}LOG_FORMAT is {text!r}. Use {allowed}.") from None

    # A message doesn't repeat a rejected address, since it may have a password.

    def database_url(self, data_dir: Path) -> str:
        text = self.text("DATABASE_URL", f"sqlite:///{data_dir / 'chainrule.db'}")
        if not _begins(text, DATABASES) or not _is_database(text):
            raise SettingsError(
                f"{PREFIX}DATABASE_URL is not the address of a database. Give sqlite:///PATH or "
                "postgresql+psycopg://USER:PASSWORD@HOST/NAME."
            )
        return text

    def broker_url(self) -> str:
        text = self.text("BROKER_URL", SPOOL)
        if text != SPOOL and not (_begins(text, BROKERS) and _has_port(text)):
            raise SettingsError(
                f"{PREFIX}BROKER_URL is not the address of a broker. Give "
                f"redis://:PASSWORD@HOST:6379/0, rediss:// for the same over TLS, or {SPOOL} for "
                "files in the data folder. A slash in a password is written %2F."
            )
        return text

    def smtp_url(self) -> str:
        text = self.text("SMTP_URL", "")
        complete = _begins(text, MAIL_SERVERS) and _has_port(text) and urlsplit(text).hostname
        if text and not complete:
            raise SettingsError(
                f"{PREFIX}SMTP_URL is not the address of a mail server. Give "
                "smtp://USER:PASSWORD@HOST:587, or smtps:// for TLS from the start. "
                "A slash in a password is written %2F."
            )
        return text

    def mail_sender(self, *, required: bool) -> str:
        text = self.text("MAIL_SENDER", "")
        if (required or text) and ("@" not in text or not text.isprintable()):
            raise SettingsError(
                f"{PREFIX}MAIL_SENDER is {text!r}. Use the address that mail comes from, such as "
                "chainrule@example.edu."
            )
        return text

    def seconds(self, name: str, default: float) -> float:
        text = self.text(name, str(default))
        try:
            seconds = float(text)
        except ValueError:
            seconds = 0.0
        if not 0.0 < seconds < float("inf"):
            raise SettingsError(f"{PREFIX}{name} is {text!r}. Use a number of seconds above 0.")
        return seconds

    def flag(self, name: str) -> bool:
        text = self.text(name, "0").lower()
        if text not in {"0", "1", "no", "yes", "false", "true"}:
            raise SettingsError(f"{PREFIX}{name} is {text!r}. Use 1 or 0.")
        return text in {"1", "yes", "true"}

    def old_secrets(self, shared: Path | None) -> tuple[str, ...]:
        """Earlier secrets, the newest first: those of the environment, then of the data folder."""
        given = [key.strip() for key in self.text("OLD_SECRET_KEYS", "").split(",")]
        if any(0 < len(key) < LEAST_SECRET for key in given):
            raise SettingsError(
                f"{PREFIX}OLD_SECRET_KEYS has a key of less than {LEAST_SECRET} characters. "
                "Give whole keys, with a comma between two of them."
            )
        kept = shared / OLD_KEYS_FILE if shared is not None else None
        if kept is not None and kept.is_file():
            given += kept.read_text(encoding="ascii", errors="replace").split()
        return tuple(key for key in given if key)

    def secret(self, shared: Path | None) -> str:
        """The secret of the environment, or the generated one in the shared data folder."""
        given = self.text("SECRET_KEY", "")
        if given:
            if len(given) < LEAST_SECRET:
                raise SettingsError(
                    f"{PREFIX}SECRET_KEY is too short. Use {LEAST_SECRET} random characters."
                )
            return given
        if shared is not None and (generated := shared / KEY_FILE).is_file():
            return _read_generated(generated)
        if shared is not None and not shared.is_dir():
            raise SettingsError(
                f"There is no data folder at {shared}. Run this command in the folder where the "
                f"service runs, or name its data folder, such as {PREFIX}DATA_DIR=/srv/course/var. "
                "To start a new service here, run `chainrule up`."
            )
        raise SettingsError(
            f"{PREFIX}SECRET_KEY is not set. Generate one, keep it, and give it to every process: "
            'python3 -c "import secrets; print(secrets.token_urlsafe(48))"'
            + (
                f". If a service runs on this machine, {PREFIX}DATA_DIR must name its data folder; "
                f"{shared} is not one. `chainrule up` makes it one."
                if shared is not None
                else ""
            )
        )

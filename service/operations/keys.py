"""The secret keys of the embedded service, in its data folder: the present one and earlier ones."""

from __future__ import annotations

import os
import secrets
from collections.abc import Sequence
from pathlib import Path

from service.settings import KEY_FILE, OLD_KEYS_FILE, Settings


def generate_key() -> str:
    """A new secret key."""
    return secrets.token_urlsafe(48)


def ensure_key(data_dir: Path, keys: Sequence[str] = ()) -> None:
    """On the first start, write the keys of a backup, the present one first, or a new one."""
    if (data_dir / KEY_FILE).exists():
        return
    present, *old = keys or [generate_key()]
    if old:
        _write(data_dir / OLD_KEYS_FILE, old)
    _write(data_dir / KEY_FILE, [present])


def keys_in_folder(settings: Settings) -> list[str]:
    """The keys that only the data folder has, the present one first; empty if it has none."""
    file = settings.data_dir / KEY_FILE
    if not settings.embedded or not file.is_file():
        return []
    if file.read_text(encoding="ascii", errors="replace").strip() != settings.secret_key:
        return []  # the environment has the key in use
    return [settings.secret_key, *settings.old_secret_keys]


def accept_old_keys(settings: Settings, keys: Sequence[str]) -> None:
    """Let receipts that were signed with these keys be valid, after the next start."""
    known = {settings.secret_key, *settings.old_secret_keys}
    new = [key for key in keys if key not in known]
    if new:
        _write(settings.data_dir / OLD_KEYS_FILE, [*settings.old_secret_keys, *new])


def rotate_key(settings: Settings) -> None:
    """Generate a new key. The present one becomes an old one, which verifies receipts only."""
    # First the old one: if this stops in between, no receipt loses its key.
    _write(settings.data_dir / OLD_KEYS_FILE, [settings.secret_key, *settings.old_secret_keys])
    _write(settings.data_dir / KEY_FILE, [generate_key()])


def _write(file: Path, keys: Sequence[str]) -> None:
    new = file.with_suffix(".new")  # renamed once it is complete
    new.unlink(missing_ok=True)
    new.touch(mode=0o600)
    with new.open("w", encoding="ascii") as output:
        output.write("".join(f"{key}\n" for key in keys))
        output.flush()
        os.fsync(output.fileno())  # a power cut must not leave an empty key
    new.rename(file)

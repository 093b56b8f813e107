"""`make demo`: make the class if it isn't there, then run the service with it."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

from service.embedded.data_folder import EmbeddedError, open_database, prepare, sole_user
from service.settings import Settings
from service.store.base import now
from service.store.database import make_engine, make_sessions
from tests.demo.term import PLANS, Term
from worker.sandbox import Sandbox

FOLDER, PORT = "var-demo", "8001"
BUILDING = "building"  # a file that is there until the class is complete


def main() -> None:
    """Make the class, once, and run the service until Ctrl-C."""
    environ = {
        **os.environ,
        "CHAINRULE_DATA_DIR": os.environ.get("CHAINRULE_DATA_DIR", FOLDER),
        "CHAINRULE_PORT": os.environ.get("CHAINRULE_PORT", PORT),
    }
    try:
        ensure_class(environ)
    except EmbeddedError as error:
        sys.exit(str(error))
    except KeyboardInterrupt:
        sys.exit("Stopped. The next start makes the class from the beginning.")
    if "--only-make" not in sys.argv:
        os.execve(sys.executable, [sys.executable, "-m", "service.cli", "up"], environ)


def ensure_class(environ: dict[str, str]) -> Settings:
    """Make the class unless a complete one is there."""
    os.umask(0o077)
    folder = Path(environ["CHAINRULE_DATA_DIR"]).absolute()
    if (folder / BUILDING).exists():  # an earlier start was interrupted
        shutil.rmtree(folder)
    is_new = not folder.exists()
    settings = prepare(environ)
    if is_new:
        print("Making a class of 120 students. This takes about two minutes, once.", flush=True)
        (folder / BUILDING).touch()
    with sole_user(settings):
        open_database(settings)  # upgrades that of an earlier version
        if is_new:
            _make(settings)
            (folder / BUILDING).unlink()
    return settings


def _make(settings: Settings) -> None:
    engine = make_engine(settings)
    with make_sessions(engine)() as session, Sandbox(settings.sandbox_require_landlock) as sandbox:
        term = Term.begin(session, now())
        for plan in PLANS:
            term.add(plan, sandbox, _show_progress)
            print(f"  {plan.options['title']}", flush=True)
    engine.dispose()


def _show_progress(done: int, of: int) -> None:
    if sys.stdout.isatty():
        print(f"  graded {done} of {of} files", end="\r", flush=True)


if __name__ == "__main__":
    main()

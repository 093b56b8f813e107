"""The three images from outside: pulled if possible, else built from Debian packages."""

from __future__ import annotations

import platform
import re
import shutil
import tempfile
from pathlib import Path

from tests.compose.engine import CACHE, Docker, UnavailableError, install, run

ROOT = Path(__file__).resolve().parents[2]
RECIPES = Path(__file__).parent / "images"
DEBIAN = "chainrule-test/debian"
STAND_INS = {"BASE_IMAGE": "python", "POSTGRES_IMAGE": "postgres", "REDIS_IMAGE": "redis"}
LOCK = ROOT / "requirements.lock"
PYTHON = "/usr/bin/python3"  # Debian's, as in the stand-in: it chooses the same wheels


def fetch(docker: Docker) -> bool:
    """Pull the images, or fetch what the stand-ins are made of. True when they were pulled.

    Raises UnavailableError where neither can be done.
    """
    if all(_can_have(docker, name) for name in _public_names()):
        return True
    if platform.freedesktop_os_release().get("ID") != "debian":
        raise UnavailableError(
            "the images cannot be pulled, and stand-ins can be made on Debian only"
        )
    try:
        if not _is_here(docker, DEBIAN):
            _import_debian(docker)
        _download_wheels()
    except AssertionError as failed:
        raise UnavailableError(
            f"what the stand-ins are made of cannot be had: {failed}"
        ) from failed
    return False


def settings(docker: Docker) -> dict[str, str]:
    """What `.env` has to say about the images, once they are there."""
    if fetch(docker):
        return {}
    for name in STAND_INS.values():
        context = CACHE / "python" if name == "python" else RECIPES
        recipe = ("--file", RECIPES / f"{name}.Dockerfile")
        docker.run("build", "--network=host", *recipe, "--tag", f"chainrule-test/{name}", context)
    return {setting: f"chainrule-test/{name}" for setting, name in STAND_INS.items()}


def _public_names() -> list[str]:
    """The images that docker-compose.yml names by default."""
    text = (ROOT / "docker-compose.yml").read_text()
    return [re.findall(rf"\$\{{{setting}:-([^}}]+)\}}", text)[0] for setting in STAND_INS]


def _can_have(docker: Docker, image: str) -> bool:
    if _is_here(docker, image):
        return True
    try:
        docker.run("pull", "--quiet", image)
    except AssertionError:
        return False
    return True


def _is_here(docker: Docker, image: str) -> bool:
    return bool(docker.run("image", "ls", "--quiet", image).strip())


def _import_debian(docker: Docker) -> None:
    """Make an image of a minimal Debian of this machine's own release."""
    if not shutil.which("debootstrap"):
        install("debootstrap")
    release = platform.freedesktop_os_release()["VERSION_CODENAME"]
    with tempfile.TemporaryDirectory(prefix="chainrule-debian-") as folder:
        tar = Path(folder) / "debian.tar"
        run(["debootstrap", "--variant=minbase", release, f"{folder}/root"])
        run(["tar", "-C", f"{folder}/root", "-cf", tar, "."])
        docker.run("import", tar, DEBIAN)


def _download_wheels() -> None:
    """The wheels of requirements.lock, from wherever pip fetches them on this machine."""
    folder = CACHE / "python"
    stamp = folder / LOCK.name
    if stamp.is_file() and stamp.read_bytes() == LOCK.read_bytes():
        return
    shutil.rmtree(folder, ignore_errors=True)
    if not Path("/usr/lib/python3/dist-packages/pip").is_dir():
        install("python3-pip")
    hashed = ("--require-hashes", "--only-binary", ":all:", "--requirement", str(LOCK))
    run([PYTHON, "-m", "pip", "download", "--quiet", *hashed, "--dest", str(folder / "wheels")])
    shutil.copy(LOCK, stamp)

"""Engines as students write them: whole files, handed in as text.

`right` ones are correct in everything, `single` ones too, in single precision, `partial` ones in
what they `# has:`, by the names of rules, and `wrong` ones are not. The first line tells the
`# style:`; `# needs:` a module outside the standard library.
"""

import re
from pathlib import Path

HERE = Path(__file__).parent
ENDINGS = (".py", ".ipynb")


def engine(name: str) -> str:
    """The source of an engine, such as "right/closures" or "right/notebook.ipynb"."""
    path = HERE / name
    return path.with_suffix(path.suffix or ".py").read_text(encoding="utf-8")


def names(folder: str) -> list[str]:
    """The engines of a folder, as `engine` takes them."""
    files = [file for file in (HERE / folder).iterdir() if file.suffix in ENDINGS]
    return sorted(f"{folder}/{file.name}" for file in files)


def heading(name: str, key: str) -> list[str]:
    """What an engine's comment `# key: one, another` lists; its lines go on with `#   `."""
    found = re.search(rf"^# {key}: (.*(?:\n#   .*)*)", engine(name), re.MULTILINE)
    return found[1].replace("\n#  ", "").split(", ") if found else []

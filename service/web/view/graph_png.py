"""A drawn graph as a PNG, for slides. Only this module knows the library that makes it."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

import resvg_py

from service.web.view.graph_svg import GraphPicture

SCALE = 3.0  # a small graph fills half of a slide
MOST_PIXELS = 4_000  # of the longer side
PAPER = "#ffffff"
FONT, FAMILY = "fontpkg_roboto_mono", "Roboto Mono"


def to_png(svg: str, picture: GraphPicture) -> bytes:
    """Returns the SVG of a picture as a PNG. Its letters don't depend on the fonts of a machine."""
    return resvg_py.svg_to_bytes(
        svg_string=svg,
        background=PAPER,
        zoom=min(SCALE, MOST_PIXELS / max(picture.width, picture.height)),
        skip_system_fonts=True,
        font_files=_list_fonts(),
        monospace_family=FAMILY,
    )


@cache
def _list_fonts() -> list[str]:
    return [str(file) for file in (files(FONT) / "files").iterdir() if file.name.endswith(".ttf")]

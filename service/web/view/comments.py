"""Where the comments on a submission stand in its source."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from service.marks.models import Comment
from service.web.view.highlight import Listing


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacedComment:
    """A comment, and the line that it is about: its anchor, and a label such as `Line 12`.

    Both are empty for a comment on the whole submission. A line that isn't shown has no anchor.
    """

    comment: Comment
    anchor: str
    label: str


@dataclass(frozen=True, slots=True)
class PlacedComments:
    """All comments, and those on a line by its anchor."""

    all: tuple[PlacedComment, ...]
    by_anchor: Mapping[str, tuple[PlacedComment, ...]]


def place_comments(listing: Listing, comments: Iterable[Comment]) -> PlacedComments:
    """The comments with their positions in the listing of a source."""
    placed = tuple(_place(listing, comment) for comment in comments)
    anchors = dict.fromkeys(one.anchor for one in placed if one.anchor)
    return PlacedComments(
        placed,
        {anchor: tuple(one for one in placed if one.anchor == anchor) for anchor in anchors},
    )


def _place(listing: Listing, comment: Comment) -> PlacedComment:
    line = comment.line
    if line is None:
        return PlacedComment(comment=comment, anchor="", label="")
    for part in listing.parts:
        if line <= len(part.lines):
            where = f"{part.title}, line {line}" if part.title else f"Line {line}"
            return PlacedComment(comment=comment, anchor=f"{part.anchor}{line}", label=where)
        line -= len(part.lines)
    return PlacedComment(comment=comment, anchor="", label=f"Line {comment.line}")

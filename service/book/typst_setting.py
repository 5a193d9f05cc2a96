"""What is known while one piece of a book becomes typst source: anchors, page numbers, photos, the text area."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from service.book.drawing_shapes import number
from service.book.geometry import text_area
from service.book.links import SCHEME, anchors_of
from service.book.model import Book, Heading, Part
from service.book.theme import Theme, Type
from service.book.typst_text import string

LOGO = "logo."  # name of the logo's file before its ending
UNKNOWN = "000"  # stands for a page number until it is known


@dataclass(slots=True)
class Typesetting:
    """One piece of a book: its own anchors as short labels, the anchors of the whole book, the entries of its TOC, the photos it uses,
    the page's text area, and the printed page of every anchor as far as it is known."""

    theme: Theme
    labels: dict[str, str]
    known: frozenset[str]
    entries: tuple[Heading, ...]
    numbers: Mapping[str, str]
    area: tuple[float, float]
    files: dict[str, bytes] = field(default_factory=dict)
    used: set[str] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class Whole:
    """What every piece must know of the whole book: its anchors, the headings of its outline. Gathered once: a piece is a small part."""

    known: frozenset[str]
    entries: tuple[Heading, ...]


def whole_of(book: Book) -> Whole:
    return Whole(anchors_of(book), tuple(h for h in headings_of(book.parts) if h.outline and h.anchor))


def new_setting(whole: Whole, parts: Sequence[Part], theme: Theme, numbers: Mapping[str, str]) -> Typesetting:
    """For the piece of a book that consists of `parts`; `numbers`: anchor → printed page, empty on the first run."""
    own = dict.fromkeys([part.anchor for part in parts if part.anchor] + [h.anchor for h in headings_of(parts) if h.anchor])
    labels = {anchor: f"a{position}" for position, anchor in enumerate(own)}
    files = {LOGO + theme.logo.ending: theme.logo.data} if theme.logo else {}
    return Typesetting(theme, labels, whole.known, whole.entries, numbers, text_area(theme, False), files)


def headings_of(parts: Sequence[Part]) -> list[Heading]:
    return [block for part in parts for block in part.blocks if isinstance(block, Heading)]


def link(anchor: str, words: str, setting: Typesetting) -> str:
    """Words that lead to an anchor, by an address that joining the pieces turns into a link."""
    return f"link({string(SCHEME + anchor)}, {words})" if anchor in setting.known else words


def mark(anchor: str, setting: Typesetting) -> str:
    """An invisible element that bears an anchor's label, once."""
    if anchor in setting.used:
        return ""
    setting.used.add(anchor)
    return f"[#metadata({string(anchor)})<{setting.labels[anchor]}>]"


def stroke(colour: str, theme: Theme) -> str:
    """A line of the theme's thickness; no line without a colour."""
    return f"{number(theme.rule)}pt + rgb({string('#' + colour)})" if colour else "none"


def edges(type_: Type) -> tuple[float, float]:
    """Top and bottom edge of a line in points from the baseline: together the exact pitch, the Hanzi's em box in the middle."""
    above = type_.pitch / 2 + 0.38 * type_.size
    return above, above - type_.pitch

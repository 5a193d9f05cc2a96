"""A Book as a PDF by typst, and its layout: which printed page every anchor stands on.

A book is set in pieces (pieces.py), each told where every anchor stands in it; then every page's label is known, the pieces that print
page numbers of other pages are set again with them, and all are joined. So memory does not grow with the book.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from service.book.model import Book, Layout, Numbering, RunningHead
from service.book.paging import Paging, Spot, layout_from, number_pages
from service.book.pieces import Piece, pieces
from service.book.theme import Theme
from service.book.typesetter import drawn, forget, typesetter
from service.book.typst_blocks import part_blocks
from service.book.typst_prelude import prelude
from service.book.typst_setting import Typesetting, headings_of, new_setting
from service.book.typst_text import string

AT_ONCE = 2
LONG = 6  # pieces: more than these are not kept in memory together
ROUNDS = 3  # a page number may be wider than what stood for it, and move a line; the second round moves nothing any more


@dataclass(frozen=True, slots=True)
class Pdf:
    """The file, and the layout that other renderers take their page numbers from."""

    data: bytes
    layout: Layout


@dataclass(frozen=True, slots=True)
class Set:
    """A piece as set: its PDF (empty if only laid out), pages, first page of each part, place of each anchor, both from its start."""

    data: bytes
    pages: int
    starts: tuple[int, ...]
    spots: Mapping[str, Spot]


def render_pdf(book: Book, theme: Theme, fonts: Path) -> Pdf:
    """The same bytes for the same book, theme and fonts, on any machine and day."""
    from service.book.pdf_join import join  # here, because a DOCX needs the layout only, and pikepdf takes a while to load

    done, paging, spots = settled(book, theme, fonts, draw=True)
    footers = set_footers(book, paging, theme, fonts)
    if len(done) > LONG:
        forget(fonts)
    outline = [heading for heading in headings_of(book.parts) if heading.outline and heading.anchor]
    return Pdf(join(book, [made.data for made in done], footers, paging, spots, outline), layout_from(paging, spots))


def layout_of(book: Book, theme: Theme, fonts: Path) -> Layout:
    """Only the layout: what a DOCX needs of the PDF."""
    _, paging, spots = settled(book, theme, fonts, draw=False)
    return layout_from(paging, spots)


def settled(book: Book, theme: Theme, fonts: Path, *, draw: bool) -> tuple[list[Set], Paging, dict[str, Spot]]:
    """All pieces set, those that print page numbers again until no number moves a line any more."""
    cut = pieces(book.parts)
    done = set_all(cut, lambda piece: set_piece(book, piece, theme, fonts, {}, draw=draw and not piece.waits), fonts)
    paging, spots = gathered(book, done)
    waiting = [place for place, piece in enumerate(cut) if piece.waits]
    for _ in range(ROUNDS if waiting else 0):
        numbers, before = layout_from(paging, spots).pages, paging
        again = set_all([cut[place] for place in waiting], partial(_set_again, book, theme, fonts, numbers, draw), fonts)
        for place, made in zip(waiting, again, strict=True):
            done[place] = made
        paging, spots = gathered(book, done)
        if paging == before:
            break
    return done, paging, spots


def _set_again(book: Book, theme: Theme, fonts: Path, numbers: Mapping[str, str], draw: bool, piece: Piece) -> Set:
    return set_piece(book, piece, theme, fonts, numbers, draw=draw)


def set_all(cut: Sequence[Piece], set_one: Callable[[Piece], Set], fonts: Path) -> list[Set]:
    """Pieces two at a time (typst runs beside Python); of a long book each pair is forgotten, or memory would add up."""
    done: list[Set] = []
    with ThreadPoolExecutor(AT_ONCE) as pool:
        for first in range(0, len(cut), AT_ONCE):
            done += pool.map(set_one, cut[first : first + AT_ONCE])
            if len(cut) > LONG:
                forget(fonts)
    return done


def gathered(book: Book, done: Sequence[Set]) -> tuple[Paging, dict[str, Spot]]:
    """Page labels and places in the whole book."""
    starts: list[int] = []
    spots: dict[str, Spot] = {}
    before = 0
    for piece in done:
        starts += [before + start for start in piece.starts]
        spots |= {anchor: Spot(before + spot.page, spot.y) for anchor, spot in piece.spots.items()}
        before += piece.pages
    return number_pages(book, starts, before), spots


def set_piece(book: Book, piece: Piece, theme: Theme, fonts: Path, numbers: Mapping[str, str], *, draw: bool) -> Set:
    """Set one piece; with `draw` its PDF too."""
    setting = new_setting(book, piece.parts, theme, numbers)
    source = piece_source(book, piece, theme, setting)
    with typesetter(source, fonts, setting.files) as compiler:
        found = json.loads(compiler.query("<layout>", field="value", one=True))
        data = drawn(compiler) if draw else b""
    places = {anchor: found["spots"][label] for anchor, label in setting.labels.items()}
    spots = {anchor: Spot(page - 1, y) for anchor, (page, y) in places.items()}
    return Set(data, found["pages"], tuple(page - 1 for page in found["starts"]), spots)


def piece_source(book: Book, piece: Piece, theme: Theme, setting: Typesetting) -> str:
    """The whole typst source: definitions, every part, and a last element that tells where everything has come to stand."""
    parts = [_part(index, part_blocks(part, setting), part.landscape, part.head) for index, part in enumerate(piece.parts)]
    spots = "".join(f"{label}: at(<{label}>), " for label in setting.labels.values())
    starts = "".join(f"locate(<s{index}>).page(), " for index in range(len(piece.parts)))
    tell = (
        "[#context { let at(l) = { let p = locate(l).position(); (p.page, p.y.pt()) }; "
        f"[#metadata((pages: here().page(), starts: ({starts}), spots: ({spots or ':'})))<layout>] }}]"
    )
    return "\n".join((prelude(book, theme), *parts[:-1], parts[-1].removesuffix(_END) + "\n" + tell + _END))


_END = "\n})"


def _part(index: int, blocks: Sequence[str], landscape: bool, head: RunningHead | None) -> str:
    shown = f"([#{string(head.left)}], [#{string(head.right)}])" if head else "none"
    body = "\n".join(block for block in blocks if block)
    return f"#part({str(landscape).lower()}, {shown}, none, {{\n[#metadata(none)<s{index}>]\n{body}{_END}"


def set_footers(book: Book, paging: Paging, theme: Theme, fonts: Path) -> bytes:
    """A page for every page of the book that holds its number and nothing else."""
    pages = [
        f"#part({str(broad).lower()}, none, [#{string(footer(label, kind, paging.arabic))}], [])"
        for label, kind, broad in zip(paging.labels, paging.kinds, paging.broad, strict=True)
    ]
    with typesetter("\n".join((prelude(book, theme), *pages)), fonts) as compiler:
        return drawn(compiler)


def footer(label: str, kind: Numbering, arabic: int) -> str:
    return {Numbering.ARABIC: f"第 {label} 页 共 {arabic} 页", Numbering.ROMAN: label, Numbering.NONE: ""}[kind]

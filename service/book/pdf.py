"""A Book as a PDF by typst, and its layout: which printed page every anchor stands on.

A book is set in pieces (pieces.py), each told where every anchor stands in it; then every page's label is known, the pieces that print
page numbers of other pages are set again with them, and all are joined. So memory does not grow with the book.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import cached_property, partial
from pathlib import Path

from service.book.keep import Keep, kept
from service.book.model import Book, Layout, Numbering, RunningHead
from service.book.paging import Paging, Spot, layout_from, number_pages
from service.book.pdf_code import drawn_codes
from service.book.pdf_join import join
from service.book.pdf_objects import Sheets, take_apart
from service.book.pdf_sheets import from_bytes, to_bytes
from service.book.pdf_shelf import Shelf
from service.book.pieces import Piece, pieces
from service.book.theme import Theme
from service.book.typesetter import drawn, grow_old, typesetter
from service.book.typst_blocks import part_blocks
from service.book.typst_prelude import prelude
from service.book.typst_setting import Typesetting, Whole, new_setting, whole_of
from service.book.typst_text import string
from service.kit.fingerprint import file_fingerprint, fingerprint

AT_ONCE = 2
LONG = 30  # pieces: of a book of more, typst is made to forget sooner, or memory would be short
FEET = 400  # pages: their numbers are set together
ROUNDS = 3  # a page number may be wider than what stood for it, and move a line; the second round moves nothing any more


@dataclass(frozen=True, slots=True)
class Pdf:
    """The file, and the layout that other renderers take their page numbers from."""

    data: bytes
    layout: Layout


@dataclass(frozen=True, slots=True)
class Set:
    """A piece as set: its sheets (None if only laid out), pages, first page of each part, place of each anchor, both from its start."""

    sheets: Sheets | None
    pages: int
    starts: tuple[int, ...]
    spots: Mapping[str, Spot]


@dataclass(frozen=True, slots=True)
class Press:
    """What all pieces of one book are set with, and the pieces. `made_with`: a fingerprint of what all pieces depend on."""

    book: Book
    cut: Sequence[Piece]
    whole: Whole
    theme: Theme
    fonts: Path
    shelf: Shelf
    made_with: str
    keep: Keep | None


def render_pdf(book: Book, theme: Theme, fonts: Path, shelf: Shelf | None = None, keep: Keep | None = None) -> Pdf:
    """The same bytes for the same book, theme and fonts, on any machine and day. A PDF/A-2b file with structure.

    With a `shelf` pieces that were set before are not set again: after a change in one document only its piece is. `keep` holds set pieces
    from one process to the next.
    """
    layout, joined = set_book(book, theme, fonts, shelf, keep)
    return Pdf(joined(), layout)


def set_book(
    book: Book, theme: Theme, fonts: Path, shelf: Shelf | None = None, keep: Keep | None = None
) -> tuple[Layout, Callable[[], bytes]]:
    """The same in two steps: the layout at once, and what joins the file, for who has other work to do beside that."""
    press = _press(book, theme, fonts, shelf, keep)
    done, paging, spots = settled(press, draw=True)

    def joined() -> bytes:
        sheets = [made.sheets for made in done if made.sheets is not None]
        feet, corners = set_footers(press, paging), drawn_codes(paging, theme)
        return join(book, sheets, feet, corners, paging, spots, press.whole.entries, press.shelf)

    return layout_from(paging, spots), joined


def layout_of(book: Book, theme: Theme, fonts: Path, shelf: Shelf | None = None, keep: Keep | None = None) -> Layout:
    """Only the layout: what a DOCX needs of the PDF."""
    _, paging, spots = settled(_press(book, theme, fonts, shelf, keep), draw=False)
    return layout_from(paging, spots)


def _press(book: Book, theme: Theme, fonts: Path, shelf: Shelf | None, keep: Keep | None) -> Press:
    whole, used = whole_of(book), Shelf(0) if shelf is None else shelf
    made_with = file_fingerprint("\0".join((prelude(book, theme), fingerprint(theme), str(fonts), *sorted(whole.known))).encode())
    return Press(book, pieces(book.parts, shelf), whole, theme, fonts, used, made_with, keep)


def settled(press: Press, *, draw: bool) -> tuple[list[Set], Paging, dict[str, Spot]]:
    """All pieces set, those that print page numbers again until no number moves a line any more."""
    cut = press.cut
    with ThreadPoolExecutor(AT_ONCE) as pool:  # typst runs beside Python
        done = list(pool.map(lambda piece: set_piece(press, piece, NO_NUMBERS, draw=draw and not piece.waits), cut))
        paging, spots = gathered(press.book, done)
        waiting = [place for place, piece in enumerate(cut) if piece.waits]
        for _ in range(ROUNDS if waiting else 0):
            numbers, before = Numbers(layout_from(paging, spots).pages), paging
            again = pool.map(partial(set_piece, press, numbers=numbers, draw=draw), [cut[place] for place in waiting])
            for place, made in zip(waiting, again, strict=True):
                done[place] = made
            paging, spots = gathered(press.book, done)
            if paging == before:
                break
    return done, paging, spots


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


@dataclass(frozen=True)
class Numbers:
    """The page labels of all anchors, as a piece prints them that waits for the others."""

    labels: Mapping[str, str]

    @cached_property
    def fingerprint(self) -> str:
        return file_fingerprint("\0".join(f"{anchor}\1{label}" for anchor, label in self.labels.items()).encode())


NO_NUMBERS = Numbers({})


def set_piece(press: Press, piece: Piece, numbers: Numbers, *, draw: bool) -> Set:
    """Set one piece, or take it from the shelf; with `draw` its sheets too."""
    key = ("source", press.made_with, numbers.fingerprint if piece.waits else "", piece.parts)
    source = press.shelf.take(key, lambda: piece_text(press, piece, numbers.labels), lambda made: made.weight, lambda _: piece.parts)
    made = press.shelf.take(
        (source.made_of, draw),
        lambda: kept(press.keep, ("piece", source.made_of, draw), lambda: _set(press, source, draw), written, read),
        _weight,
    )
    return replace(made, spots={anchor: made.spots[label] for anchor, label in source.labels.items()})


@dataclass(frozen=True, slots=True)
class Source:
    """What typst sets of a piece: its text, the files that it names, its anchors by label; `made_of`: a fingerprint of text and files."""

    text: str
    files: Mapping[str, bytes]
    labels: Mapping[str, str]
    made_of: str

    @property
    def weight(self) -> int:
        """Bytes, about; the files are those of the book itself."""
        return 2 * len(self.text) + 120 * len(self.labels)


def piece_text(press: Press, piece: Piece, numbers: Mapping[str, str]) -> Source:
    setting = new_setting(press.whole, piece.parts, press.theme, numbers)
    text = piece_source(press.book, piece, press.theme, setting)
    return Source(text, setting.files, setting.labels, _made_of(press, text, setting.files))


def _set(press: Press, source: Source, draw: bool) -> Set:
    """By label, not by anchor: the source names no anchors that are not linked to."""
    with typesetter(source.text, press.fonts, source.files) as compiler:
        found = json.loads(compiler.query("<layout>", field="value", one=True))
        sheets = take_apart(drawn(compiler)) if draw else None
    grow_old(press.fonts, (0 if draw else 1) + (8 if len(press.cut) > LONG else 0))
    spots = {label: Spot(page - 1, y) for label, (page, y) in found["spots"].items()}
    return Set(sheets, found["pages"], tuple(page - 1 for page in found["starts"]), spots)


def written(made: Set) -> bytes:
    """A line of JSON that says where everything stands, and the sheets if there are any."""
    spots = {label: (spot.page, spot.y) for label, spot in made.spots.items()}
    facts = json.dumps({"pages": made.pages, "starts": made.starts, "spots": spots})
    return facts.encode() + b"\n" + (b"" if made.sheets is None else to_bytes(made.sheets))


def read(data: bytes) -> Set:
    facts, _, rest = data.partition(b"\n")
    found = json.loads(facts)
    spots = {label: Spot(page, y) for label, (page, y) in found["spots"].items()}
    return Set(from_bytes(rest) if rest else None, found["pages"], tuple(found["starts"]), spots)


def _made_of(press: Press, source: str, files: Mapping[str, bytes]) -> str:
    """A fingerprint of all that typst sees."""
    seen = [file_fingerprint(data) for data in files.values()]
    return file_fingerprint("\0".join((source, *files, *seen, str(press.fonts))).encode())


def _weight(made: Set) -> int:
    return 200 * len(made.spots) + (made.sheets.weight if made.sheets else 0)


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


def set_footers(press: Press, paging: Paging) -> list[Sheets]:
    """A page for every page of the book that holds its number and nothing else, FEET at a time."""
    pages = [
        f"#part({str(broad).lower()}, none, [#{string(footer(label, kind, paging.arabic))}], [])"
        for label, kind, broad in zip(paging.labels, paging.kinds, paging.broad, strict=True)
    ]
    return [_feet(press, pages[start : start + FEET]) for start in range(0, len(pages), FEET)]


def _feet(press: Press, pages: Sequence[str]) -> Sheets:
    source = "\n".join((prelude(press.book, press.theme), *pages))

    def make() -> Sheets:
        with typesetter(source, press.fonts) as compiler:
            return take_apart(drawn(compiler, tagged=False))

    return press.shelf.take(_made_of(press, source, {}), make, lambda sheets: sheets.weight)


def footer(label: str, kind: Numbering, arabic: int) -> str:
    return {Numbering.ARABIC: f"第 {label} 页 共 {arabic} 页", Numbering.ROMAN: label, Numbering.NONE: ""}[kind]

"""The runs of a paragraph compared: words are, manners stay with them, and either paragraph can be put together again exactly."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import groupby

from service.book.model import Break, Inline, Inlines, Span
from service.book.redline_model import Mark, Piece, Pieces
from service.book.redline_tokens import ATOM
from service.book.redline_words import Stretch, stretches


def redlined(old: Inlines, new: Inlines) -> Pieces:
    """The pieces of both, in reading order; what was replaced is told before what replaced it."""
    if old == new:
        return unchanged(new)
    one, other = _Written(old), _Written(new)
    found = stretches(one.text, other.text, one.atoms, other.atoms)
    return tuple(piece for stretch in found for piece in _pieces(stretch, one, other))


def unchanged(content: Inlines) -> Pieces:
    return tuple(Piece(Mark.KEPT, run, None, place, place) for place, run in enumerate(content))


def wholly(content: Inlines, mark: Mark) -> Pieces:
    """A paragraph that only one text has."""
    new = mark is Mark.INSERTED
    return tuple(Piece(mark, run, None, -1 if new else place, place if new else -1) for place, run in enumerate(content))


def new_inlines(pieces: Iterable[Piece]) -> Inlines:
    """The paragraph of the new text."""
    return tuple(_put_together((piece.new_run, piece.content) for piece in pieces if piece.mark is not Mark.DELETED))


def old_inlines(pieces: Iterable[Piece]) -> Inlines:
    """The paragraph of the old text."""
    return tuple(_put_together((piece.old_run, piece.former or piece.content) for piece in pieces if piece.mark is not Mark.INSERTED))


def _put_together(parts: Iterable[tuple[int, Inline]]) -> Iterator[Inline]:
    for _, group in groupby(parts, key=lambda part: part[0]):
        contents = [content for _, content in group]
        first = contents[0]
        if isinstance(first, Span):
            yield replace(first, text="".join(each.text for each in contents if isinstance(each, Span)))
        else:
            yield first


def plain(content: Inlines) -> str:
    """The words of a paragraph."""
    return "".join(run.text if isinstance(run, Span) else "\n" if isinstance(run, Break) else "" for run in content)


class _Written:
    """A paragraph as one line of characters, and which run each is of; what is no character stands as an ATOM."""

    __slots__ = ("atoms", "places", "runs", "text")

    def __init__(self, runs: Inlines) -> None:
        self.runs = runs
        self.atoms: dict[int, str] = {}
        self.places: list[tuple[int, int]] = []  # (run, place in its text) of each character
        parts = []
        for number, run in enumerate(runs):
            if isinstance(run, Span) and run.text:
                parts.append(run.text)
                self.places.extend((number, place) for place in range(len(run.text)))
            else:
                self.atoms[len(self.places)] = repr(run)
                parts.append(ATOM)
                self.places.append((number, 0))
        self.text = "".join(parts)

    def cut(self, start: int, end: int) -> Inline:
        """Characters of one run."""
        number, first = self.places[start]
        run = self.runs[number]
        return replace(run, text=run.text[first : first + end - start]) if isinstance(run, Span) and run.text else run


def _pieces(stretch: Stretch, old: _Written, new: _Written) -> Iterator[Piece]:
    if not stretch.kept:
        yield from (Piece(Mark.DELETED, old.cut(a, b), None, old.places[a][0]) for a, b in _of_one_run(stretch.old, old))
        yield from (Piece(Mark.INSERTED, new.cut(a, b), None, -1, new.places[a][0]) for a, b in _of_one_run(stretch.new, new))
        return
    start, other = stretch.old[0], stretch.new[0]
    ends = sorted({b - start for _, b in _of_one_run(stretch.old, old)} | {b - other for _, b in _of_one_run(stretch.new, new)})
    for first, last in zip([0, *ends], ends, strict=False):
        was, is_ = old.cut(start + first, start + last), new.cut(other + first, other + last)
        yield Piece(Mark.KEPT, is_, None if was == is_ else was, old.places[start + first][0], new.places[other + first][0])


def _of_one_run(span: tuple[int, int], written: _Written) -> Iterator[tuple[int, int]]:
    """The parts of a stretch of characters that are of one run each."""
    for _, group in groupby(range(*span), key=lambda place: written.places[place][0]):
        places = list(group)
        yield places[0], places[-1] + 1

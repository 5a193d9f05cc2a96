"""A record form's notation → one ruled grid: bands, fields, grids with empty rows, the signature line."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from typing import Any

from service.book.filling import column_fill, entry_fill, signature_fill
from service.book.model import Fill, Grid, GridCell, Span
from service.book.widths import display_width
from service.text import model as text

UNITS = 1000  # a form's width; every cell edge falls on a unit
LABEL_UNIT = 11  # a half-width character of a label, in units (about 5.25 pt of 442 pt)
PADDING = 30
NARROWEST = 74  # units: two Hanzi in 五号 and the padding of their cell


@dataclass(frozen=True, slots=True)
class Piece:
    """A cell before the edges of all rows are known: from `start` to `end` in units, made when it is known how many columns it spans."""

    start: int
    end: int
    cell: Callable[[int], GridCell]


AIR = 0.5  # of a row in a form, in lines


def form_grid(form: text.Form, air: float = AIR, size: str = "body") -> Grid:
    """The columns are the union of all rows' cell edges; every cell spans those it covers."""
    rows = [row for part in form.rows for row in _ROWS[type(part)](part)]
    edges = sorted({0, UNITS, *(edge for row in rows for piece in row for edge in (piece.start, piece.end))})
    place = {edge: index for index, edge in enumerate(edges)}
    widths = tuple(float(end - start) for start, end in pairwise(edges))
    cells = tuple(tuple(piece.cell(place[piece.end] - place[piece.start]) for piece in row) for row in rows)
    return Grid(widths, cells, air=air, size=size)


def _cell(
    words: str, *, align: str = "left", bold: bool = False, shade: bool = False, lines: int = 1, fill: Fill | None = None
) -> Callable[[int], GridCell]:
    """The cell over as many columns as it will be told."""
    content = ((Span(words, bold=bold),),) if words else ()
    return lambda span: GridCell(content, span, align=align, bold=bold, shade=shade, lines=lines, fill=fill)


def _signed(signer: str) -> Callable[[int], GridCell]:
    """The place of a signature, likewise: the signer's name, and room below it."""
    return lambda span: GridCell(((Span(f"{signer}："),), ()), span, lines=2, fill=signature_fill(signer))


Row = tuple[Piece, ...]


def _band(band: text.Band) -> Iterator[Row]:
    yield (Piece(0, UNITS, _cell(band.title, bold=True, shade=True)),)


def _fields(fields: text.Fields) -> Iterator[Row]:
    """Labels take what they need (at most half of their share), the empty places take the rest."""
    share = UNITS // len(fields.entries)
    lines = max(entry.lines for entry in fields.entries)
    pieces = []
    for index, entry in enumerate(fields.entries):
        start, end = index * share, UNITS if index == len(fields.entries) - 1 else (index + 1) * share
        middle = start + _label_width(entry.label, end - start)
        pieces.append(Piece(start, middle, _cell(entry.label, align="center", shade=True, lines=lines)))
        pieces.append(Piece(middle, end, _cell(entry.printed, lines=lines, fill=entry_fill(entry.label, entry.printed))))
    yield tuple(pieces)


def _label_width(label: str, share: int) -> int:
    """Widths in steps of 20 units, so that labels of much the same length line up under each other."""
    wanted = -(-(display_width(label) * LABEL_UNIT + PADDING) // 20) * 20
    return max(120, min(wanted, share * 11 // 20))


def _grid(grid: text.Grid) -> Iterator[Row]:
    weights = [column.weight or 1.0 for column in grid.columns]
    if not any(column.weight for column in grid.columns):
        weights = [float(max(4, min(display_width(column.title), 12))) for column in grid.columns]
    edges = [round(edge) for edge in accumulate([0.0, *_widths(weights)])]
    spans = list(pairwise(edges))
    yield tuple(
        Piece(start, end, _cell(column.title, align="center", shade=True)) for (start, end), column in zip(spans, grid.columns, strict=True)
    )
    for row in range(1, grid.rows + 1):
        yield tuple(
            Piece(start, end, _cell("", fill=column_fill(column.title, row)))
            for (start, end), column in zip(spans, grid.columns, strict=True)
        )


def _widths(weights: Sequence[float]) -> list[float]:
    """Columns by weight, but none narrower than a title of two Hanzi needs."""
    share = UNITS / sum(weights)
    narrow = [weight * share < NARROWEST for weight in weights]
    if not any(narrow) or NARROWEST * len(weights) >= UNITS:
        return [weight * share for weight in weights]
    rest = UNITS - NARROWEST * sum(narrow)
    broad = sum(weight for weight, is_narrow in zip(weights, narrow, strict=True) if not is_narrow)
    return [NARROWEST if is_narrow else weight / broad * rest for weight, is_narrow in zip(weights, narrow, strict=True)]


def _signatures(signatures: text.Signatures) -> Iterator[Row]:
    """Each signer's name in the corner of a cell two lines high, so that there is room to sign."""
    share = UNITS // len(signatures.signers)
    ends = [share * place for place in range(1, len(signatures.signers))] + [UNITS]
    yield tuple(
        Piece(end - share if end != UNITS else share * (len(ends) - 1), end, _signed(signer))
        for signer, end in zip(signatures.signers, ends, strict=True)
    )


_ROWS: dict[type, Callable[[Any], Iterator[Row]]] = {
    text.Band: _band,
    text.Fields: _fields,
    text.Grid: _grid,
    text.Signatures: _signatures,
}

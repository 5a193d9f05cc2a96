"""Tables: rows of a Markdown table with ^^ and << merged into spanning cells."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from markdown_it.token import Token

from service.errors import InputError, Place
from service.text.inline import inlines
from service.text.model import Cell, Table

UP, LEFT = "^^", "<<"
DELIMITER_ROW = re.compile(r"\|?\s*:?-+:?\s*(\|\s*:?-+:?\s*)*\|?")
_PIPE = re.compile(r"(?<!\\)\|")


@dataclass(frozen=True, slots=True)
class _Raw:
    content: str
    align: str
    place: Place


_Rows = list[list[_Raw]]
_Position = tuple[int, int]


def read_table(tokens: Sequence[Token], lines: Sequence[str], file: str, offset: int) -> Table:
    """The table whose tokens run from table_open to table_close. `lines` are the body's, `offset` is added to a 0-based line."""
    rows: _Rows = []
    for index, token in enumerate(tokens):
        if token.type == "tr_open" and token.map:
            rows.append([])
            _check_width(lines[token.map[0]], lines[tokens[0].map[0]] if tokens[0].map else "", Place(file, token.map[0] + offset))
        elif token.type in ("th_open", "td_open"):
            inline = tokens[index + 1]
            place = Place(file, (inline.map[0] if inline.map else 0) + offset)
            rows[-1].append(_Raw(inline.content, str(token.attrs.get("style", "")).removeprefix("text-align:"), place))
    line = rows[0][0].place.line or 0
    head = 1
    if not any(_says(cell) for cell in rows[0]):  # a table without head is written with an empty one
        rows, head = rows[1:], 0
    if not rows:
        raise InputError("表格没有内容", code="empty_table", place=Place(file, line))
    return _merged(rows, head, line)


def _says(raw: _Raw) -> bool:
    return raw.content in (UP, LEFT) or bool(inlines(raw.content, raw.place, cell=True))


def _check_width(row: str, head: str, place: Place) -> None:
    """Markdown fills or cuts rows of another width than the head's without a word; here it is a fault."""
    found, wanted = _width(row), _width(head)
    if found != wanted:
        raise InputError(f"这一行有 {found} 个单元格，表头有 {wanted} 个", code="ragged_table", place=place)


def _width(row: str) -> int:
    row = row.strip()
    inner = row.removeprefix("|")
    if inner.endswith("|") and not inner.endswith("\\|"):
        inner = inner[:-1]
    return len(_PIPE.split(inner))


def _merged(rows: _Rows, head: int, line: int) -> Table:
    owners = _owners(rows)
    spans = _spans(owners, rows)
    result = tuple(tuple(_cell(raw, spans[r, c]) for c, raw in enumerate(row) if owners[r, c] == (r, c)) for r, row in enumerate(rows))
    return Table(result, columns=len(rows[0]), head=_head_rows(head, spans, rows), line=line)


def _cell(raw: _Raw, span: tuple[int, int]) -> Cell:
    return Cell(inlines(raw.content, raw.place, cell=True), colspan=span[1], rowspan=span[0], align=raw.align)


def _owners(rows: _Rows) -> dict[_Position, _Position]:
    """Every position → the position of the cell that is really there."""
    owners: dict[_Position, _Position] = {}
    for r, row in enumerate(rows):
        for c, raw in enumerate(row):
            if raw.content == UP:
                owners[r, c] = _neighbour(owners, (r - 1, c), "^^ 上方没有可合并的单元格", raw)
            elif raw.content == LEFT:
                owners[r, c] = _neighbour(owners, (r, c - 1), "<< 左边没有可合并的单元格", raw)
            else:
                owners[r, c] = (r, c)
    return owners


def _neighbour(owners: dict[_Position, _Position], position: _Position, message: str, raw: _Raw) -> _Position:
    if position not in owners:
        raise InputError(message, code="bad_merge", place=raw.place)
    return owners[position]


def _spans(owners: dict[_Position, _Position], rows: _Rows) -> dict[_Position, tuple[int, int]]:
    """Owner → (rows, columns) that it covers; a covered area that is no rectangle is a fault."""
    areas: dict[_Position, list[_Position]] = {}
    for position, owner in owners.items():
        areas.setdefault(owner, []).append(position)
    spans = {}
    for (r, c), area in areas.items():
        height, width = max(row for row, _ in area) - r + 1, max(column for _, column in area) - c + 1
        if len(area) != height * width:
            raise InputError("合并的单元格不是矩形", code="bad_merge", place=rows[r][c].place)
        spans[r, c] = height, width
    return spans


def _head_rows(head: int, spans: dict[_Position, tuple[int, int]], rows: _Rows) -> int:
    """The head grows until no cell reaches over its lower edge (a head of two rows is written with ^^)."""
    if not head:
        return 0
    while (reach := max(r + height for (r, _), (height, _) in spans.items() if r < head)) > head:
        head = reach
    if head == len(rows) > 1:
        raise InputError("表头的单元格合并到了最后一行，表格没有正文", code="bad_merge", place=rows[0][0].place)
    return head

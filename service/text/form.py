"""The record form notation → Form: bands, rows of fields, grids, signature lines."""

from __future__ import annotations

import re
from collections.abc import Callable

from service.errors import InputError, Place
from service.text.model import Band, Column, Entry, Fields, Form, FormRow, Grid, Signatures

MOST_ROWS = 60  # more rows than two pages hold
_GRID = re.compile(r"\[(?P<head>.*)\]\s*[xX×]\s*(?P<rows>\d+)")
_COLON = "[:\uff1a]"  # half or full width
_SIGNATURES = re.compile(rf"签字\s*{_COLON}(?P<signers>.*)")
_ENTRY = re.compile(rf"(?P<label>.+?)\s*{_COLON}\s*(?P<value>.+)")
_EMPTY = re.compile(r"_+(?P<lines>\d*)")
_WEIGHT = re.compile(r"(?P<title>.*\S) +(?P<weight>\d{1,3}(\.\d{1,2})?)")  # after an ASCII space only: filled values carry none


def read_form(text: str, *, file: str = "", line: int = 0) -> Form:
    """The form in a fence that opens on `line`."""
    rows = [_row(words.strip(" \t"), Place(file, number)) for number, words in enumerate(text.split("\n"), line + 1) if words.strip(" \t")]
    if not rows:
        raise InputError("表单是空的", code="empty_form", place=Place(file, line))
    return Form(tuple(rows), line=line)


def _row(words: str, place: Place) -> FormRow:
    for begins, read in _READERS:
        if words.startswith(begins):
            return read(words, place)
    return _fields(words, place)


def _band(words: str, place: Place) -> Band:
    title = words.lstrip("#").strip(" ")
    if not title:
        raise InputError("# 后面要写栏目名称", code="bad_form", place=place)
    return Band(title)


def _grid(words: str, place: Place) -> Grid:
    found = _GRID.fullmatch(words)
    if not found:
        raise InputError("表格应写成 [ 列名 | 列名 ] x 行数", code="bad_form", place=place)
    rows = int(found["rows"])
    if not 1 <= rows <= MOST_ROWS:
        raise InputError(f"表格的行数应在 1 到 {MOST_ROWS} 之间", code="bad_form", place=place)
    return Grid(tuple(_column(cell, place) for cell in _cells(found["head"], place)), rows)


def _column(cell: str, place: Place) -> Column:
    found = _WEIGHT.fullmatch(cell)
    if not found:
        return Column(cell)
    weight = float(found["weight"])
    if not 0 < weight <= 100:
        raise InputError("列宽应大于 0，不超过 100", code="bad_form", place=place)
    return Column(found["title"], weight)


def _signatures(words: str, place: Place) -> FormRow:
    found = _SIGNATURES.fullmatch(words)
    return Signatures(_cells(found["signers"], place)) if found else _fields(words, place)


def _fields(words: str, place: Place) -> Fields:
    return Fields(tuple(_entry(cell, place) for cell in _cells(words, place)))


def _entry(cell: str, place: Place) -> Entry:
    found = _ENTRY.fullmatch(cell)
    if not found:
        raise InputError("一栏应写成“名称: _”（空栏）或“名称: 印好的文字”", code="bad_form", place=place)
    empty = _EMPTY.fullmatch(found["value"])
    if not empty:
        return Entry(found["label"], printed=found["value"])
    lines = int(empty["lines"] or 1)
    if not 1 <= lines <= MOST_ROWS:
        raise InputError(f"空栏的行数应在 1 到 {MOST_ROWS} 之间", code="bad_form", place=place)
    return Entry(found["label"], lines=lines)


def _cells(words: str, place: Place) -> tuple[str, ...]:
    cells = tuple(cell.strip(" \t") for cell in words.split("|"))
    if not all(cells):
        raise InputError("| 之间不能是空的", code="bad_form", place=place)
    return cells


_READERS: tuple[tuple[str, Callable[[str, Place], FormRow]], ...] = (("#", _band), ("[", _grid), ("签字", _signatures))

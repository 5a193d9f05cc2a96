"""Tables as an Excel workbook: registers and matrices that print well and in which no text can become a formula."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from math import ceil

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from service.book.widths import display_width
from service.kit.zipfile import pack

Value = str | int | float | date | None

_FIXED = datetime(1980, 1, 1, tzinfo=UTC)  # as in the zip: the time of writing would make two equal workbooks differ
_LONGEST = 32767  # characters Excel keeps in a cell
_CUT = "……（内容过长，此处未列全）"
_EXACT = 10**15  # from here on Excel's numbers lose digits
_TITLE_HEIGHT, _LINE_HEIGHT = 27, 14.5  # points
_MOST_LINES = 28  # Excel's rows are at most 409 points high
_WRAPPING = 1.1  # what lines lose by breaking between words
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")
_FORBIDDEN = str.maketrans(dict.fromkeys("[]:*?/\\", "-") | dict.fromkeys(range(32)))


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table. `columns`: title and width in characters (a Hanzi counts two); `rows` have as many values as there are columns.

    `freeze`: rows (from the head on) and columns that stay when one scrolls; `filters`: whether the head has filter buttons.
    `heading`: lines above the table, the first one large: what the list is, whose, of which day. Without them its title is in the header.
    `center`: positions of the columns that are centred.
    """

    title: str
    columns: tuple[tuple[str, float], ...]
    rows: tuple[tuple[Value, ...], ...]
    freeze: tuple[int, int] = (1, 0)
    filters: bool = True
    heading: tuple[str, ...] = ()
    center: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class _Looks:
    title: Format
    line: Format
    head: Format
    text: Format
    quoted: Format  # text that begins like a formula: stays text even if someone edits and confirms it
    number: Format
    day: Format
    center: Format


def render_xlsx(sheets: Sequence[Sheet]) -> bytes:
    """The bytes of an .xlsx with at least one sheet, the same for the same input."""
    buffer = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(buffer, options) as book:
        book.set_properties({"created": _FIXED})
        looks = _looks(book)
        for sheet, name in zip(sheets, sheet_names([sheet.title for sheet in sheets]), strict=True):
            _write(book.add_worksheet(name), sheet, looks)
    with zipfile.ZipFile(buffer) as archive:
        return pack({name: archive.read(name) for name in archive.namelist()}, first=("[Content_Types].xml", "_rels/.rels"))


def sheet_names(titles: Sequence[str]) -> list[str]:
    """Names that Excel takes: at most 31 characters, without []:*?/\\ or an apostrophe at an end, no two alike but for case."""
    names: list[str] = []
    for title in titles:
        name = title.translate(_FORBIDDEN).strip("' ")[:31].rstrip("' ") or "表"
        if name.lower() == "history":  # reserved by Excel
            name = f"{name}_"
        taken = {other.lower() for other in names}
        numbered = (f"{name[: 31 - len(str(number)) - 2]}({number})" for number in range(2, len(titles) + 2))
        names.append(name if name.lower() not in taken else next(each for each in numbered if each.lower() not in taken))
    return names


def _looks(book: xlsxwriter.Workbook) -> _Looks:
    base = {"font_name": "宋体", "font_size": 10.5, "border": 1, "valign": "vcenter", "text_wrap": True}
    above = {"align": "center", "valign": "vcenter"}
    return _Looks(
        book.add_format({**above, "font_name": "黑体", "font_size": 16, "bold": True}),
        book.add_format({**above, "font_name": "宋体", "font_size": 10.5}),
        book.add_format({**base, "font_name": "黑体", "bold": True, "align": "center", "bg_color": "#F2F2F2"}),
        book.add_format(base),
        book.add_format({**base, "quote_prefix": True}),
        book.add_format({**base, "align": "right"}),
        book.add_format({**base, "align": "center", "num_format": "yyyy-mm-dd"}),
        book.add_format({**base, "align": "center"}),
    )


def _write(page: Worksheet, sheet: Sheet, looks: _Looks) -> None:
    top = len(sheet.heading)
    for row, line in enumerate(sheet.heading):
        _write_above(page, row, line, len(sheet.columns), looks.line if row else looks.title)
    for column, (title, width) in enumerate(sheet.columns):
        page.set_column(column, column, width)
        page.write_string(top, column, title, looks.head)
    for row, values in enumerate(sheet.rows, start=top + 1):
        lines = max([1, *(_lines(value, width) for value, (_, width) in zip(values, sheet.columns, strict=True))])
        if lines > 1:
            page.set_row(row, lines * _LINE_HEIGHT)
        for column, value in enumerate(values):
            _write_value(page, row, column, value, looks, center=column in sheet.center)
    page.freeze_panes(top + sheet.freeze[0], sheet.freeze[1])
    if sheet.filters and sheet.columns:
        page.autofilter(top, 0, top + len(sheet.rows), len(sheet.columns) - 1)
    _set_print(page, sheet)


def _write_above(page: Worksheet, row: int, line: str, columns: int, look: Format) -> None:
    """A line across the whole table."""
    if not row:
        page.set_row(row, _TITLE_HEIGHT)
    if columns > 1:
        page.merge_range(row, 0, row, columns - 1, "", look)
    page.write_string(row, 0, _fitting(line), look)


def _lines(value: Value, width: float) -> int:
    """How many lines a cell takes at most: not every program that opens the file makes rows as high as what wraps in them."""
    if not isinstance(value, str):
        return 1
    return min(_MOST_LINES, sum(ceil(display_width(line) * _WRAPPING / width) or 1 for line in value.split("\n")))


def _write_value(page: Worksheet, row: int, column: int, value: Value, looks: _Looks, *, center: bool = False) -> None:
    """Each kind by its own method: the general one guesses, and a guess makes formulas and links of texts."""
    if value is None or value == "":
        page.write_blank(row, column, None, looks.text)
    elif isinstance(value, date):
        page.write_datetime(row, column, value, looks.day)
    elif isinstance(value, int | float) and abs(value) < _EXACT:
        page.write_number(row, column, value, looks.center if center else looks.number)
    else:
        text = _fitting(str(value))
        look = looks.center if center else looks.text
        page.write_string(row, column, text, looks.quoted if text.startswith(_FORMULA_STARTS) else look)


def _fitting(text: str) -> str:
    return text if len(text) <= _LONGEST else text[: _LONGEST - len(_CUT)] + _CUT


def _set_print(page: Worksheet, sheet: Sheet) -> None:
    """A4 landscape, as broad as the paper, the head on every page."""
    page.set_landscape()
    page.set_paper(9)
    page.set_margins(left=0.5, right=0.5, top=0.8, bottom=0.7)
    page.fit_to_pages(1, 0)
    page.repeat_rows(len(sheet.heading))
    if not sheet.heading:
        page.set_header(f"&C&12 {sheet.title.replace('&', '&&')[:200]}")
    page.set_footer("&C第 &P 页 共 &N 页")

"""Content controls: what stands in a fillable form's open places. Each is as wide as the blank that it replaces, so that no line moves."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from service.book.docx_text import attribute, inlines, run
from service.book.docx_writing import Filling, Writing
from service.book.filling import BOX, Place, places
from service.book.model import Break, Fill, FillKind, GridCell, Span
from service.book.widths import display_width

W14 = "http://schemas.microsoft.com/office/word/2010/wordml"
TICKED, TICKED_FACE = "2611", "Segoe UI Symbol"  # ☑; the Chinese faces have none
SPARE = 3  # half-width characters that a line may be longer than its words let expect
LONGEST_NAME = 60  # characters of a control's title: Word takes 64
WORDS = ("单击填写", "填写", "…")  # the first that fits is shown until something is filled in
DAY = ("单击选日期", "选日期", "日期", "…")
CHOICE = ("单击选择", "选择", "…")
SIGNED_ON = ("　　年　　月　　日", "年　月　日", "日期")  # looks on paper as the printed form does
SIGNATURE = ("　　　　",)
HANGING = " "  # stands beyond the end of a full line, where words would begin a new one
QUIET = ("　　　　", "　　", "　")


@dataclass(frozen=True, slots=True)
class Spot:
    """A cell of a fillable form while it is written. `room`: the width of its lines in half-width characters."""

    fill: Fill
    cell: GridCell
    room: float
    filling: Filling
    writing: Writing


def fill_paragraphs(cell: GridCell, width: float, small: bool, writing: Writing) -> list[str] | None:
    """What stands in each paragraph of a cell `width` points wide, runs and controls; None where nobody fills anything in."""
    filling, theme = writing.filling, writing.theme
    if filling is None or cell.fill is None:
        return None
    room = (width - 2 * theme.cell_padding) / ((theme.table_small if small else theme.table).size / 2)
    return _CELLS[cell.fill.kind](Spot(cell.fill, cell, room, filling, writing))


def _words(spot: Spot) -> list[str]:
    lines = ' w:multiLine="1"' if spot.cell.lines > 1 else ""
    return [_control(spot, f"<w:text{lines}/>", _shown(WORDS, spot))]


def _day(spot: Spot) -> list[str]:
    return [_control(spot, _calendar(spot.room), _shown(DAY, spot))]


def _choice(spot: Spot) -> list[str]:
    entries = "".join(f'<w:listItem w:displayText="{attribute(each)}" w:value="{attribute(each)}"/>' for each in spot.fill.choices)
    return [_control(spot, f"<w:comboBox>{entries}</w:comboBox>", _shown(CHOICE, spot))]


def _signature(spot: Spot) -> list[str]:
    return [inlines(spot.cell.content[0], spot.writing), _control(spot, "<w:text/>", _fitting(SIGNATURE, spot.room))]


def _signed_on(spot: Spot) -> list[str]:
    return [inlines(spot.cell.content[0], spot.writing), _control(spot, _calendar(spot.room), _fitting(SIGNED_ON, spot.room))]


def _printed(spot: Spot) -> list[str]:
    """Each paragraph's printed words with controls in place of boxes and blanks."""
    return ["".join([_inline(each, spot) for each in content]) for content in spot.cell.content]


_CELLS: dict[FillKind, Callable[[Spot], list[str]]] = {
    FillKind.WORDS: _words,
    FillKind.DATE: _day,
    FillKind.CHOICE: _choice,
    FillKind.SIGNATURE: _signature,
    FillKind.SIGNED_ON: _signed_on,
    FillKind.PRINTED: _printed,
}


def _inline(inline: Any, spot: Spot) -> str:
    if not isinstance(inline, Span):
        return inlines((inline,), spot.writing) if isinstance(inline, Break) else ""
    found = list(places(inline.text))
    spare = spot.room - display_width(inline.text) - SPARE
    return "".join([_place(place, found[index + 1 : index + 2], spare, spot) for index, place in enumerate(found)])


def _place(place: Place, after: list[Place], spare: float, spot: Spot) -> str:
    """`after` is what follows, which names a box; `spare` the room left on the line for a blank that the print has no room for."""
    if place.kind == "word":
        return run(place.words)
    if place.kind == "box":
        return _box(spot, after[0].words.partition("（")[0].strip(" \u3000：:，") if after else "")
    if place.kind == "day":
        return _control(spot, _calendar(spot.room), place.words)
    if place.kind == "end":
        return _control(spot, "<w:text/>", _fitting((*WORDS[:2], HANGING), spare))
    shown = _fitting(WORDS, display_width(place.words))
    return _control(spot, "<w:text/>", shown + "\u3000" * ((display_width(place.words) - display_width(shown)) // 2))


def _box(spot: Spot, of: str) -> str:
    face = attribute(spot.writing.theme.faces.serif_hanzi)
    kind = (
        f'<w14:checkbox><w14:checked w14:val="0"/><w14:checkedState w14:val="{TICKED}" w14:font="{TICKED_FACE}"/>'
        f'<w14:uncheckedState w14:val="{ord(BOX):X}" w14:font="{face}"/></w14:checkbox>'
    )
    own = f'<w:rPr><w:rFonts w:ascii="{face}" w:hAnsi="{face}" w:hint="eastAsia"/></w:rPr>'
    name = f"{spot.fill.name}：{of}" if of else spot.fill.name
    return f"<w:sdt><w:sdtPr>{own}{_named(name, spot)}{kind}</w:sdtPr><w:sdtContent><w:r>{own}<w:t>{BOX}</w:t></w:r></w:sdtContent></w:sdt>"


def _control(spot: Spot, kind: str, shown: str) -> str:
    """A control that is empty and says `shown`. It can be filled in, not taken away."""
    part = spot.filling.place(shown)
    return (
        f'<w:sdt><w:sdtPr>{_named(spot.fill.name, spot)}<w:placeholder><w:docPart w:val="{part}"/></w:placeholder><w:showingPlcHdr/>{kind}'
        f"</w:sdtPr><w:sdtContent>{run(shown, style=PLACEHOLDER)}</w:sdtContent></w:sdt>"
    )


def _named(name: str, spot: Spot) -> str:
    """Title, tag and number: the tag is for programs that read what was filled in, and the same in every copy of the form."""
    spot.filling.controls += 1
    number = spot.filling.controls
    return f'<w:alias w:val="{attribute(name[:LONGEST_NAME])}"/><w:tag w:val="field-{number}"/><w:id w:val="{number}"/><w:lock w:val="sdtLocked"/>'


PLACEHOLDER = "PlaceholderText"


def _calendar(room: float) -> str:
    """2026年2月1日 where a line has room for it, else 2026-02-01, which can break."""
    form = "yyyy'年'M'月'd'日'" if room >= display_width("2026年12月31日") else "yyyy-MM-dd"
    return (
        f'<w:date><w:dateFormat w:val="{form}"/><w:lid w:val="zh-CN"/><w:storeMappedDataAs w:val="dateTime"/>'
        '<w:calendar w:val="gregorian"/></w:date>'
    )


def _shown(wanted: tuple[str, ...], spot: Spot) -> str:
    return _fitting(QUIET if spot.fill.quiet else wanted, spot.room)


def _fitting(wanted: tuple[str, ...], room: float) -> str:
    """The first of these words that a line has room for; the last one if none has."""
    return next((words for words in wanted if display_width(words) <= room), wanted[-1])

"""Procedure text → blocks of a book: clause headings, lists with their labels, tables, notes, flow charts."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from service.book import model as book
from service.book.drawing_flow import draw_flow
from service.book.form_narrow import narrowed
from service.book.from_chart import chart_blocks, drawn
from service.book.from_form import form_grid
from service.book.from_picture import picture_blocks, picture_name
from service.book.geometry import picture_area, text_area
from service.book.keep import Keep
from service.book.remarks import Remark
from service.book.theme import FORMAL, Theme
from service.book.widths import column_widths
from service.text import model as text
from service.text.inline import plain_inlines
from service.text.pictures import numbered_pictures


@dataclass(frozen=True, slots=True)
class Setting:
    """How a text is set: the prefix of its anchors, where titles in 《》 lead, whether clause numbers are printed, the bytes of the
    pictures that it names, by source, the theme whose pages drawings and forms are to fit, and where charts are kept that were laid out.
    A picture without bytes is there but cannot be printed. `said` collects what had to be done otherwise than the text asks for, `name` and
    `section` say where."""

    prefix: str
    targets: Mapping[str, str] = field(default_factory=dict)
    numbered: bool = True
    images: Mapping[str, bytes] = field(default_factory=dict)
    theme: Theme = FORMAL
    keep: Keep | None = None
    name: str = ""
    section: str = ""
    said: list[Remark] = field(default_factory=list, compare=False)

    def say(self, what: str, done: str) -> None:
        self.said.append(Remark(self.name, self.section, what, done))

    def anchor(self, section: str) -> str:
        """A dot, which no key has: document `training` with section `plan` is not document `training-plan`."""
        return f"{self.prefix}.{section}"


def text_blocks(procedure: text.Procedure, setting: Setting) -> tuple[book.Block, ...]:
    """Everything below the title: the preamble, then each section with its heading; pictures are numbered through the text."""
    numbered = numbered_pictures(procedure)
    found = list(blocks_of(numbered.preamble, setting))
    for section in numbered.sections:
        found.append(_heading(section, setting))
        found.extend(blocks_of(section.blocks, replace(setting, section=f"{section.clause} {section.title}".strip())))
    return tuple(found)


def _heading(section: text.Section, setting: Setting) -> book.Heading:
    number = section.clause if setting.numbered else ""
    return book.Heading(min(section.level + 1, 4), section.title, number, setting.anchor(section.anchor))


def blocks_of(blocks: tuple[text.Block, ...], setting: Setting) -> Iterator[book.Block]:
    for block in blocks:
        yield from _SETTERS[type(block)](block, setting)


def inlines(content: text.Inlines, setting: Setting) -> book.Inlines:
    return tuple(_INLINES[type(part)](part, setting) for part in content)


def _text(part: text.Text, _setting: Setting) -> book.Inline:
    return book.Span(part.text, bold=part.strong, italic=part.emphasis, code=part.code)


def _reference(part: text.Reference, setting: Setting) -> book.Inline:
    return book.Span(f"《{part.title}》", bold=part.strong, target=setting.targets.get(part.title, ""))


def _link(part: text.Link, _setting: Setting) -> book.Inline:
    return book.Span(part.text, href=part.href)


def _line_break(_part: text.LineBreak, _setting: Setting) -> book.Inline:
    return book.Break()


_INLINES: dict[type, Callable[[Any, Setting], book.Inline]] = {
    text.Text: _text,
    text.Reference: _reference,
    text.Link: _link,
    text.LineBreak: _line_break,
}


def _paragraph(block: text.Paragraph, setting: Setting) -> Iterator[book.Block]:
    yield book.Para(inlines(block.content, setting))


def _note(block: text.Note, setting: Setting) -> Iterator[book.Block]:
    yield book.Para(inlines(block.content, setting), book.Style.NOTE)


def _bullets(block: text.BulletList, setting: Setting, depth: int = 0) -> Iterator[book.Block]:
    for item in block.items:
        yield from _item(item, "——", setting, depth)


def _ordered(block: text.OrderedList, setting: Setting, depth: int = 0) -> Iterator[book.Block]:
    for position, item in enumerate(block.items, block.start):
        yield from _item(item, item_label(position, depth), setting, depth)


def item_label(position: int, depth: int) -> str:
    """a) b) c) at the outer level, 1) 2) 3) inside it (GB/T 1.1 practice); after z comes aa."""
    if depth % 2:
        return f"{position})"
    letters = ""
    while position > 0:
        position, rest = divmod(position - 1, 26)
        letters = chr(ord("a") + rest) + letters
    return f"{letters})"


def _item(item: text.ListItem, label: str, setting: Setting, depth: int) -> Iterator[book.Block]:
    for block in item.blocks:
        if isinstance(block, text.Paragraph):
            yield book.Item(label, inlines(block.content, setting), depth)
            label = ""
        elif isinstance(block, text.BulletList):
            yield from _bullets(block, setting, depth + 1)
        elif isinstance(block, text.OrderedList):
            yield from _ordered(block, setting, depth + 1)
        else:
            yield from blocks_of((block,), setting)


def _table(block: text.Table, setting: Setting) -> Iterator[book.Block]:
    yield book.Grid(_table_widths(block), tuple(_row(row, index < block.head, setting) for index, row in enumerate(block.rows)), block.head)


def _row(row: tuple[text.Cell, ...], head: bool, setting: Setting) -> tuple[book.GridCell, ...]:
    return tuple(
        book.GridCell(
            (inlines(cell.content, setting),) if cell.content else (),
            cell.colspan,
            cell.rowspan,
            align="center" if head else cell.align or "left",
            bold=head,
            shade=head,
        )
        for cell in row
    )


def _table_widths(table: text.Table) -> tuple[float, ...]:
    columns: list[list[str]] = [[] for _ in range(table.columns)]
    filled: dict[tuple[int, int], bool] = {}
    for y, row in enumerate(table.rows):
        x = 0
        for cell in row:
            while filled.get((x, y)):
                x += 1
            filled.update({(x + dx, y + dy): True for dx in range(cell.colspan) for dy in range(cell.rowspan)})
            if cell.colspan == 1:
                columns[x].append(plain_inlines(cell.content))
            x += cell.colspan
    return column_widths(columns)


def _picture(block: text.Picture, setting: Setting) -> Iterator[book.Block]:
    if not setting.images.get(block.source, b"-"):
        setting.say(f"图片“{picture_name(block)}”不能使用", "以方框代替")
    yield from picture_blocks(block, setting.images)


def _flow(block: text.FlowChart, setting: Setting) -> Iterator[book.Block]:
    width, height = picture_area(text_area(setting.theme, landscape=False), setting.theme, "")
    drawing = drawn(lambda: draw_flow(block, width=width, height=height, keep=setting.keep), (width, height))
    if drawing is None:
        setting.say(f"流程图（{len(block.nodes)} 个步骤）无法在一页内排得清楚", "以文字列出各步骤的去向")
    yield from chart_blocks(block, drawing)


def _form(block: text.Form, setting: Setting) -> Iterator[book.Block]:
    yield form_grid(narrow_form(block, setting))


def narrow_form(form: text.Form, setting: Setting) -> text.Form:
    """The form with rows that a page can hold."""
    made, done = narrowed(form)
    for what, how in done:
        setting.say(what, how)
    return made


_SETTERS: dict[type, Callable[[Any, Setting], Iterator[book.Block]]] = {
    text.Paragraph: _paragraph,
    text.Note: _note,
    text.BulletList: _bullets,
    text.OrderedList: _ordered,
    text.Table: _table,
    text.Picture: _picture,
    text.FlowChart: _flow,
    text.Form: _form,
}

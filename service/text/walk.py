"""Going through a text leaf by leaf: every paragraph, cell, node and field with its section and line."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from service.text.inline import plain_inlines
from service.text.model import (
    Band,
    Block,
    BulletList,
    Fields,
    FlowChart,
    Form,
    FormRow,
    Grid,
    Inlines,
    Note,
    OrderedList,
    Paragraph,
    Picture,
    Procedure,
    Section,
    Signatures,
    Table,
    Text,
)


@dataclass(frozen=True, slots=True)
class Leaf:
    """One stretch of words that belongs together. `row` counts the rows of its table from 1; leaves outside tables have 0."""

    content: Inlines
    line: int
    row: int = 0
    form: bool = False

    @property
    def text(self) -> str:
        return plain_inlines(self.content)


def leaves(blocks: Iterable[Block]) -> Iterator[Leaf]:
    """The leaves of blocks in reading order."""
    for block in blocks:
        yield from _LEAVES[type(block)](block)


def placed_leaves(procedure: Procedure) -> Iterator[tuple[Section | None, Leaf]]:
    """(section or None for the preamble, leaf) of a whole text; a section's title is its first leaf."""
    for leaf in leaves(procedure.preamble):
        yield None, leaf
    for section in procedure.sections:
        yield section, Leaf((Text(section.title),), section.line)
        for leaf in leaves(section.blocks):
            yield section, leaf


def _own(block: Paragraph | Note) -> Iterator[Leaf]:
    yield Leaf(block.content, block.line)


def _of_items(block: BulletList | OrderedList) -> Iterator[Leaf]:
    for item in block.items:
        yield from leaves(item.blocks)


def _of_table(table: Table) -> Iterator[Leaf]:
    first = table.line if table.head else table.line + 1
    for number, row in enumerate(table.rows):
        line = first + number + (1 if number else 0)  # the delimiter row stands below the first one
        for cell in row:
            yield Leaf(cell.content, line, row=number + 1)


def _of_picture(picture: Picture) -> Iterator[Leaf]:
    yield Leaf((Text(picture.alt),), picture.line)


def _of_flow(chart: FlowChart) -> Iterator[Leaf]:
    lanes = (lane.title for lane in chart.lanes)
    for words in (*lanes, *(node.text for node in chart.nodes), *(arrow.label for arrow in chart.arrows if arrow.label)):
        yield Leaf((Text(words),), chart.line)


def _of_form(form: Form) -> Iterator[Leaf]:
    for row in form.rows:
        for words in form_words(row):
            yield Leaf((Text(words),), form.line, form=True)


def form_words(row: FormRow) -> tuple[str, ...]:
    """The printed words of one row of a form."""
    match row:
        case Band(title):
            return (title,)
        case Fields(entries):
            return tuple(f"{entry.label}：{entry.printed}" for entry in entries)
        case Grid(columns):
            return tuple(column.title for column in columns)
        case Signatures(signers):
            return signers


_LEAVES: Mapping[type, Callable[[Any], Iterator[Leaf]]] = {
    Paragraph: _own,
    Note: _own,
    BulletList: _of_items,
    OrderedList: _of_items,
    Table: _of_table,
    Picture: _of_picture,
    FlowChart: _of_flow,
    Form: _of_form,
}

"""Procedure → canonical Markdown: one spelling for each thing that can be said."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any
from urllib.parse import quote

from service.text.model import (
    Band,
    Block,
    BulletList,
    Cell,
    Entry,
    Fields,
    FlowChart,
    FlowNode,
    Form,
    FormRow,
    FrontMatter,
    Grid,
    ListItem,
    Note,
    OrderedList,
    Paragraph,
    Picture,
    Procedure,
    Shape,
    Signatures,
    Table,
)
from service.text.parse import automatic_anchor
from service.text.write_inline import inlines_markdown, text_markdown

_CLOSES_HEADING = re.compile(r"(\A| )(?=#+\Z)")
MOST_NUMBER = 999_999_999  # the largest that begins a list item


def to_markdown(procedure: Procedure) -> str:
    """The text in canonical Markdown; parsing it gives an equal Procedure."""
    parts = [_blocks(procedure.preamble)]
    used: set[str] = set()
    for section in procedure.sections:
        automatic = automatic_anchor(section.title, section.level, used)
        heading = heading_markdown(section.title, section.level, "" if section.anchor == automatic else section.anchor)
        parts += [heading, _blocks(section.blocks)]
        used.add(section.anchor)
    return front_markdown(procedure.front) + "\n" + "\n\n".join(part for part in parts if part) + "\n"


def heading_markdown(title: str, level: int, anchor: str = "") -> str:
    """A heading's line; `anchor`: the one it names itself, if it does."""
    words = _CLOSES_HEADING.sub(r"\1\\", text_markdown(title))
    return f"{'#' * (level + 1)} {words}" + (f" {{#{anchor}}}" if anchor else "")


# Front matter


def front_markdown(front: FrontMatter) -> str:
    """The front matter with its --- lines."""
    lines = [f"key: {_scalar(front.key)}", f"title: {_scalar(front.title)}", f"kind: {front.kind.value}"]
    lines += [f"part: {front.part.value}"] if front.part else []
    for name in ("indicator", "department", "retention"):
        value = getattr(front, name)
        lines += [f"{name}: {_scalar(value)}"] if value or name == "department" else []
    if front.claims:
        lines += ["claims:"]
        lines += [
            f"  - {{indicator: {claim.indicator}, elements: [{', '.join(map(str, claim.elements))}]"
            + (f", section: {_scalar(claim.section)}}}" if claim.section else "}")
            for claim in front.claims
        ]
    lines += [f"{name}: [{', '.join(keys)}]" for name, keys in (("refers", front.refers), ("records", front.records)) if keys]
    lines += [f"when: {_scalar(front.when)}"] if front.when else []
    return "---\n" + "\n".join(lines) + "\n---\n"


def _scalar(value: str) -> str:
    """A YAML scalar: plain where that is safe, else in double quotes (JSON's are YAML's)."""
    plain = re.fullmatch(r"[A-Za-z\u4e00-\u9fff][\w.\-、，。（）《》/ ]*", value) and not value.endswith(" ")
    return (
        value
        if plain and value.lower() not in ("null", "true", "false", "yes", "no", "on", "off")
        else json.dumps(value, ensure_ascii=False)
    )


# Blocks


def _blocks(blocks: Iterable[Block]) -> str:
    return "\n\n".join(_block_texts(blocks))


def _block_texts(blocks: Iterable[Block]) -> list[str]:
    """Each block's Markdown. Two lists in a row change their mark, or they would be one."""
    texts: list[str] = []
    before: Block | None = None
    second = False
    for block in blocks:
        second = isinstance(block, (BulletList, OrderedList)) and type(block) is type(before) and not second
        texts.append(_list(block, second=second) if isinstance(block, (BulletList, OrderedList)) else _BLOCKS[type(block)](block))
        before = block
    return texts


def _list(block: BulletList | OrderedList, *, second: bool) -> str:
    if isinstance(block, BulletList):
        marks = ["*" if second else "-"] * len(block.items)
    else:
        end = ")" if second else "."
        marks = [f"{min(block.start + index, MOST_NUMBER)}{end}" for index in range(len(block.items))]
    return "\n".join(f"{mark} {indented(_item(item), len(mark) + 1)}" for mark, item in zip(marks, block.items, strict=True))


def _item(item: ListItem) -> str:
    """An item's blocks; a list follows its paragraph without an empty line where Markdown allows it."""
    text = ""
    for index, (block, words) in enumerate(zip(item.blocks, _block_texts(item.blocks), strict=True)):
        before = item.blocks[index - 1] if index else None
        close = isinstance(before, Paragraph) and (isinstance(block, BulletList) or (isinstance(block, OrderedList) and block.start == 1))
        text += ("" if before is None else "\n" if close else "\n\n") + words
    return text


def indented(text: str, width: int) -> str:
    """An item's text with every line after the first moved in by `width`, the width of the item's mark."""
    first, *rest = text.split("\n")
    return "\n".join([first, *(" " * width + line if line else "" for line in rest)])


def note_markdown(note: Note) -> str:
    """> 注：…"""
    return "\n".join(f"> {line}" for line in ("注：" + inlines_markdown(note.content)).split("\n"))


def picture_markdown(picture: Picture) -> str:
    """![…](<…>), alone in its paragraph."""
    return f"![{text_markdown(picture.alt)}](<{quote(picture.source, safe=_SAFE)}>)"


_SAFE = "/:?#@!$&'()*+,;=-._~"


def table_markdown(table: Table) -> str:
    """One line for each row and the delimiter row, which is the second line; a table without head begins with an empty row."""
    rows = [["^^"] * table.columns for _ in table.rows]
    aligns = [""] * table.columns
    free = [0] * table.columns  # the first row in which a column is not covered from above
    for r, row in enumerate(table.rows):
        c = 0
        for cell in row:
            while free[c] > r:
                c += 1
            rows[r][c : c + cell.colspan] = [_cell(cell), *["<<"] * (cell.colspan - 1)]
            free[c : c + cell.colspan] = [r + cell.rowspan] * cell.colspan
            aligns[c] = cell.align or aligns[c]
            c += cell.colspan
    if not table.head:
        rows.insert(0, [""] * table.columns)
    rows.insert(1, [_RULES[align] for align in aligns])
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


_RULES = {"": "---", "left": ":---", "center": ":---:", "right": "---:"}


def _cell(cell: Cell) -> str:
    text = inlines_markdown(cell.content, newline="<br>").replace("|", r"\|")
    return r"\^^" if text == "^^" else text


def _flow(chart: FlowChart) -> str:
    nodes = {node.id: _node(node) for node in chart.nodes}
    lines = list(nodes.values())
    if chart.lanes:
        lines = [line for lane in chart.lanes for line in (f"subgraph {lane.title}", *(nodes[name] for name in lane.nodes), "end")]
    lines += [f"{arrow.start} -->{f'|{arrow.label}|' if arrow.label else ''} {arrow.end}" for arrow in chart.arrows]
    return "\n".join(["```flow", *lines, "```"])


def _node(node: FlowNode) -> str:
    text = f'"{node.text}"' if node.text[0] == node.text[-1] == '"' else node.text
    opening, closing = _MARKS[node.shape]
    return f"{node.id}{opening}{text}{closing}"


_MARKS = {Shape.STEP: ("[", "]"), Shape.DECISION: ("{", "}"), Shape.END: ("([", "])")}


def _form(form: Form) -> str:
    return "\n".join(["```form", *map(_row, form.rows), "```"])


def _row(row: FormRow) -> str:
    match row:
        case Band(title):
            return f"# {title}"
        case Fields(entries):
            return " | ".join(map(_entry, entries))
        case Grid(columns, count):
            cells = (f"{column.title} {column.weight:g}" if column.weight else column.title for column in columns)
            return f"[ {' | '.join(cells)} ] x {count}"
        case Signatures(signers):
            return f"签字: {' | '.join(signers)}"


def _entry(entry: Entry) -> str:
    return f"{entry.label}: {entry.printed or '_' + (str(entry.lines) if entry.lines > 1 else '')}"


_BLOCKS: Mapping[type, Callable[[Any], str]] = {
    Paragraph: lambda paragraph: inlines_markdown(paragraph.content),
    Note: note_markdown,
    Picture: picture_markdown,
    Table: table_markdown,
    FlowChart: _flow,
    Form: _form,
}

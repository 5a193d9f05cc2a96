"""A section's body → the editor's document: JSON of ProseMirror, one node for each block, chips for what is not filled yet.

doc(block+) with the blocks paragraph, bullet_list, ordered_list{start}, table, note, picture{source, alt}, fence{language} and
condition{text}; list_item{above, below} holds paragraphs and lists, table_row{above, below} holds table_header and
table_cell{colspan, rowspan, colwidth, align}, each with one paragraph. `above` and `below` are the condition lines {% … %} that
stand there. Running text: text with the marks link{href}, strong, em and code, hard_break, soft_break, variable{text} for {{ … }},
branch{text, line} for {% … %}, which has a line of its own or not.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from service.text.blocks import Body, Group, groups, read_block
from service.text.grammar import block_tokens
from service.text.model import (
    Block,
    BulletList,
    Cell,
    Inline,
    LineBreak,
    Link,
    ListItem,
    Note,
    OrderedList,
    Paragraph,
    Picture,
    Reference,
    Table,
    Text,
)
from service.text.source_conditions import BREAK, CLOSE, OPEN, Reading, read_conditions

Node = dict[str, Any]
FENCES = frozenset({"flow", "form"})

_TEMPLATE = re.compile(r"(\{\{[^{}]{0,300}\}\}|\{%[^{}]{0,300}%\})")
_OWN = re.compile(rf" ?{OPEN}(\d+){CLOSE} ?")
_SOFT = re.compile(rf" ?{BREAK} ?")


def to_document(source: str) -> Node:
    """The document of a section's body. InputError where there is none: the body is then edited as it is written."""
    reading = read_conditions(source)
    body = Body("", reading.text.split("\n"), 0)
    content = [_block(group, body, reading) for group in groups(block_tokens(reading.text))]
    return _node("doc", None, [node for node in content if node] or [{"type": "paragraph"}])


def _node(kind: str, attrs: Node | None = None, content: list[Node] | None = None) -> Node:
    return {"type": kind} | ({"attrs": attrs} if attrs else {}) | ({"content": content} if content else {})


def _block(group: Group, body: Body, reading: Reading) -> Node | None:
    """A fence is kept as it is written: it has its own notation, with conditions of its own."""
    language = group[0].info.strip()
    if group[0].type == "fence" and language in FENCES:
        words = group[0].content.removesuffix("\n")
        return _node("fence", {"language": language}, [_text(words)] if words else [])
    block = read_block(group, body)
    return _NODES[type(block)](block, reading)


def _text(text: str, marks: tuple[Node, ...] = ()) -> Node:
    return {"type": "text", "text": text} | ({"marks": list(marks)} if marks else {})


def _paragraph(block: Paragraph, reading: Reading) -> Node | None:
    if not block.content:
        return None
    first = block.content[0]
    own = _OWN.fullmatch(first.text) if len(block.content) == 1 and isinstance(first, Text) else None
    if own and (condition := reading.conditions[int(own[1])]).place == "block":
        return _node("condition", {"text": condition.text})
    return _node("paragraph", None, _inlines(block.content, reading))


def _inlines(content: Iterable[Inline], reading: Reading) -> list[Node]:
    return _joined([node for item in content for node in _inline(item, reading)])


def _inline(item: Inline, reading: Reading) -> list[Node]:
    match item:
        case LineBreak():
            return [{"type": "hard_break"}]
        case Link(text, href):
            return _words(text, ({"type": "link", "attrs": {"href": href}},), reading)
        case Reference(title, strong):
            return _words(f"《{title}》", _strong(strong), reading)
        case Text(text, code=True, strong=strong):
            return [_text(_SOFT.sub(" ", text), (*_strong(strong), {"type": "code"}))]
        case Text(text, strong=strong, emphasis=emphasis):
            return _words(text, (*_strong(strong), *(({"type": "em"},) if emphasis else ())), reading)


def _strong(strong: bool) -> tuple[Node, ...]:
    return ({"type": "strong"},) if strong else ()


def _words(text: str, marks: tuple[Node, ...], reading: Reading) -> list[Node]:
    """Running words cut at their line breaks, at conditions with a line of their own, and at what is not filled yet."""
    nodes: list[Node] = []
    for number, line in enumerate(_SOFT.split(text)):
        nodes += [{"type": "soft_break"}] if number else []
        for index, part in enumerate(_OWN.split(line)):
            if index % 2:
                nodes.append(_chip("branch", {"text": reading.conditions[int(part)].text, "line": True}, marks))
            else:
                nodes += _chips(part, marks)
    return nodes


def _chips(text: str, marks: tuple[Node, ...]) -> list[Node]:
    nodes: list[Node] = []
    for index, words in enumerate(_TEMPLATE.split(text)):
        if not index % 2:
            nodes += [_text(words, marks)] if words else []
        elif words.startswith("{{"):
            nodes.append(_chip("variable", {"text": words}, marks))
        else:
            nodes.append(_chip("branch", {"text": words, "line": False}, marks))
    return nodes


def _chip(kind: str, attrs: Node, marks: tuple[Node, ...]) -> Node:
    return {"type": kind, "attrs": attrs} | ({"marks": list(marks)} if marks else {})


def _joined(nodes: list[Node]) -> list[Node]:
    """Neighbouring text of one manner as one node, as ProseMirror keeps it."""
    joined: list[Node] = []
    for node in nodes:
        last = joined[-1] if joined else None
        if last and last["type"] == node["type"] == "text" and last.get("marks") == node.get("marks"):
            last["text"] += node["text"]
        else:
            joined.append(dict(node))
    return joined


def _list(block: BulletList | OrderedList, reading: Reading) -> Node:
    items = [_item(item, reading) for item in block.items]
    if isinstance(block, BulletList):
        return _node("bullet_list", None, items)
    return _node("ordered_list", {"start": block.start}, items)


def _item(item: ListItem, reading: Reading) -> Node:
    attrs = _conditions(_first_line(item.blocks[0]), reading)
    return _node("list_item", attrs, [node for block in item.blocks if (node := _NODES[type(block)](block, reading))])


def _first_line(block: Block) -> int:
    return _first_line(block.items[0].blocks[0]) if isinstance(block, (BulletList, OrderedList)) else block.line


def _conditions(line: int, reading: Reading) -> Node:
    """The conditions at a line; of several items that begin on it the outermost has them."""
    return {"above": reading.above.pop(line, []), "below": reading.below.pop(line, [])}


def _table(table: Table, reading: Reading) -> Node:
    rows = []
    for number, row in enumerate(table.rows):
        attrs = _conditions(table.line + number + (1 if number or not table.head else 0) + (0 if table.head else 1), reading)
        kind = "table_header" if number < table.head else "table_cell"
        rows.append(_node("table_row", attrs, [_cell(cell, kind, reading) for cell in row]))
    return _node("table", None, rows)


def _cell(cell: Cell, kind: str, reading: Reading) -> Node:
    attrs = {"colspan": cell.colspan, "rowspan": cell.rowspan, "colwidth": None, "align": cell.align}
    return _node(kind, attrs, [_node("paragraph", None, _inlines(cell.content, reading))])


_NODES: Mapping[type, Callable[[Any, Reading], Node | None]] = {
    Paragraph: _paragraph,
    BulletList: _list,
    OrderedList: _list,
    Table: _table,
    Note: lambda note, reading: _node("note", None, _inlines(note.content, reading)),
    Picture: lambda picture, _: _node("picture", {"source": picture.source, "alt": picture.alt}),
}

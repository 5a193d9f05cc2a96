"""The editor's document → canonical Markdown of a section's body, with its conditions where they stood."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import groupby

from service.text.editable import Node
from service.text.editable_lists import Numbers
from service.text.inline import Piece, finished
from service.text.model import Cell, Inlines, LineBreak, Link, Note, Picture, Table, Text
from service.text.source_conditions import BREAK, TAG
from service.text.write import indented, note_markdown, picture_markdown, table_markdown
from service.text.write_inline import inlines_markdown

_BREAK = re.compile(f" ?{BREAK} ?")
_CONDITION = re.compile(r"(?:\{%[^{}]*%\}[ \t]*)+")
_BACKTICKS = re.compile("`{3,}")
LISTS = ("bullet_list", "ordered_list")


def to_source(document: Node) -> str:
    """The canonical Markdown of a document (see `editable` for its shape); "" for an empty one."""
    text, before = "", ""
    for side, words in _pieces(document.get("content", [])):
        text += (_between(before, side) if text else "") + words
        before = side
    return text + "\n" if text else ""


def _pieces(nodes: Sequence[Node]) -> Iterator[tuple[str, str]]:
    """(kind, words) of every block that says something. Two lists in a row change their mark, or they would be one; lists with
    only a condition between them are one list where both are printed."""
    second, before, parted = False, "", False
    for node in nodes:
        kind = node["type"]
        if kind == "condition":
            parted = True
            yield _side(node["attrs"]["text"]), node["attrs"]["text"]
            continue
        second = kind in LISTS and kind == before and (second if parted else not second)
        before, parted = kind, False
        if words := _WRITERS[kind](node, second):
            yield kind, words


def _side(text: str) -> str:
    """Whether a condition's line opens, closes, parts two branches, or does several of it."""
    tags = set(TAG.findall(text))
    for side, words in _SIDES.items():
        if tags <= words:
            return side
    return "several"


_SIDES = {"open": {"if", "for"}, "close": {"endif", "endfor"}, "part": {"else", "elif"}}


def _between(left: str, right: str) -> str:
    """A condition clings to what it holds, else there is an empty line: where two branches part, only paragraphs are held so closely,
    or it would be read as a condition inside a list or table."""
    if "part" in (left, right):
        return "\n" if "paragraph" in (left, right) else "\n\n"
    return "\n" if left == "open" or right == "close" else "\n\n"


# Running text


def _content(nodes: Iterable[Node]) -> Inlines:
    pieces: list[Piece] = []
    for node in nodes:
        _add(pieces, node)
    return finished(pieces)


def _add(pieces: list[Piece], node: Node) -> None:
    marks = {mark["type"]: mark.get("attrs", {}) for mark in node.get("marks", [])}
    if node["type"] == "hard_break":
        pieces.append(LineBreak())
    elif node["type"] == "soft_break":
        pieces.append(Text(BREAK))
    elif "link" in marks:
        text, href, last = _words(node), marks["link"]["href"], pieces[-1] if pieces else None
        if isinstance(last, Link) and last.href == href:
            pieces[-1] = Link(last.text + text, href)
        else:
            pieces.append(Link(text, href))
    else:
        strong, code = "strong" in marks, "code" in marks
        pieces.append(Text(_words(node), strong=strong, code=code, emphasis="em" in marks and not strong and not code))


def _words(node: Node) -> str:
    return str(node["text"] if node["type"] == "text" else node["attrs"]["text"])


def _on_own_line(node: Node) -> bool:
    return node["type"] == "branch" and bool(node["attrs"]["line"])


def _running(node: Node) -> str:
    """A paragraph's words; a condition with a line of its own cuts them."""
    lines: list[str] = []
    for own, run in groupby(node.get("content", []), key=_on_own_line):
        if own:
            lines += [branch["attrs"]["text"] for branch in run]
        elif content := _content(run):
            lines.append(_written(content))
    return "\n".join(lines)


def _written(content: Inlines) -> str:
    return _BREAK.sub("\n", inlines_markdown(content))


def _note(node: Node, _: bool) -> str:
    """Every line of words has its >, a condition's line has none."""
    words = _running(node)
    if not words:
        return ""
    first, *rest = (line if _CONDITION.fullmatch(line) else f"> {line}" for line in words.split("\n"))
    mark = note_markdown(Note(()))
    return "\n".join([mark + first.removeprefix("> ") if first.startswith("> ") else f"{mark}\n{first}", *rest])


# Lists


def _list(node: Node, second: bool) -> str:
    numbers = Numbers(node["attrs"]["start"] if node["type"] == "ordered_list" else None, second)
    lines: list[str] = []
    for item in node["content"]:
        lines += numbers.past(item["attrs"]["above"])
        if words := _item(item):
            mark = numbers.next_mark()
            lines.append(f"{mark} {indented(words, len(mark) + 1)}")
        lines += numbers.past(item["attrs"]["below"])
    return "\n".join(lines)


def _item(item: Node) -> str:
    """An item's blocks; a list follows its paragraph without an empty line where Markdown allows it. Conditions inside its paragraphs
    have no line of their own: one there stands between items."""
    text, before, second = "", "", False
    for node in item["content"]:
        kind = node["type"]
        second = kind in LISTS and kind == before and not second
        if not (words := _written(_content(node.get("content", []))) if kind == "paragraph" else _WRITERS[kind](node, second)):
            continue
        close = before == "paragraph" and (kind == "bullet_list" or (kind == "ordered_list" and node["attrs"]["start"] == 1))
        text += ("" if not before else "\n" if close else "\n\n") + words
        before = kind
    return text


# Tables, fences and pictures


def _table(node: Node, _: bool) -> str:
    """The head of two rows follows from its merged cells (see `tables`). A mere head without words is not a table yet."""
    rows = node["content"]
    head = int(all(cell["type"] == "table_header" for cell in rows[0]["content"]))
    if head and len(rows) == 1 and not any(cell["content"][0].get("content") for cell in rows[0]["content"]):
        return ""
    columns = sum(cell["attrs"]["colspan"] for cell in rows[0]["content"])
    lines = table_markdown(Table(tuple(tuple(map(_cell, row.get("content", []))) for row in rows), columns, head)).split("\n")
    first, body = (lines[:1], lines[2:]) if head else ([], lines[2:])
    before = [] if head else lines[:1]
    written = [[*row["attrs"]["above"], line, *row["attrs"]["below"]] for row, line in zip(rows, first + body, strict=True)]
    return "\n".join([*before, *(written.pop(0) if head else []), lines[1], *(line for row in written for line in row)])


def _cell(cell: Node) -> Cell:
    content = _content(inner for inner in cell["content"][0].get("content", []) if inner["type"] != "soft_break")
    attrs = cell["attrs"]
    return Cell(content, attrs["colspan"], attrs["rowspan"], attrs["align"])


def _fence(node: Node, _: bool) -> str:
    text = "".join(inner["text"] for inner in node.get("content", []))
    mark = max(["```", *(run + "`" for run in _BACKTICKS.findall(text))], key=len)
    return f"{mark}{node['attrs']['language']}\n{text}\n{mark}"


_WRITERS: Mapping[str, Callable[[Node, bool], str]] = {
    "paragraph": lambda node, _: _running(node),
    "bullet_list": _list,
    "ordered_list": _list,
    "table": _table,
    "fence": _fence,
    "note": _note,
    "picture": lambda node, _: picture_markdown(Picture(node["attrs"]["source"], node["attrs"]["alt"])),
}

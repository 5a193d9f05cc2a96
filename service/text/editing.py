"""Opening a section's body in the editor and putting it back: what nobody changed stays byte for byte."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from service.errors import InputError
from service.text.branches import loose_tags, same_meaning
from service.text.editable import Node, to_document
from service.text.editable_checks import checked
from service.text.editable_writing import to_source
from service.text.fill import variables_in

_TAG = re.compile(r"\{%[^{}]*%\}")
_ALONE = {"if": "{% if true %}", "for": "{% for each in [] %}"}  # what a body closes or leaves open, to check it by itself


@dataclass(frozen=True, slots=True)
class Opened:
    """A body for the editor; without a document it can only be edited as it is written, and `reason` says why."""

    document: Node | None
    reason: str = ""


def opened(body: str) -> Opened:
    """The document of a section's body, unless opening or writing it would change what it means."""
    reason = _obstacle(body)
    return Opened(None, reason) if reason else Opened(to_document(body))


@lru_cache(maxsize=2048)
def _obstacle(body: str) -> str:
    """Why a body cannot be opened in the editor, or ""."""
    try:
        document = to_document(body)
        if checked(document) != document or not same_meaning(body, to_source(document)):
            return "这一节的写法在编辑器里会改变含义，只能按源文本编辑"
        check_conditions(document)
        check_template(body)
    except InputError as error:
        return error.message
    return ""


def edited(body: str, document: object) -> str:
    """The body that says what the submitted document says; the old one, byte for byte, where nothing was changed.

    InputError: a document that is none (see `checked`), conditions that lost their other half or that a merged cell cuts through,
    words that cannot be written in our notation.
    """
    new = checked(document)
    if _reads_as(body, new):
        return body
    check_conditions(new)
    written = to_source(new)
    check_conditions_kept(body, written)
    check_template(written)
    again = to_source(to_document(written))
    if again != written and not same_meaning(written, again):
        raise InputError("这一节的内容存成文本后会变样，请撤销最近的修改后重试", code="not_kept")
    return written


def _reads_as(body: str, document: Node) -> bool:
    try:
        return to_document(body) == document
    except InputError:
        return False


def check_conditions_kept(old: str, new: str) -> None:
    """A section may open a condition that another one closes; editing it must not change that."""
    if loose_tags(old) != loose_tags(new):
        raise InputError("条件的开头和结尾没有成对，请恢复被删去的条件", code="unbalanced_condition")


def check_template(body: str) -> None:
    """That every {{ }} and {% %} of a body is whole and allowed."""
    before, after = loose_tags(body)
    opening = "".join(_ALONE[tag.removeprefix("end")] for tag in reversed(before) if tag.startswith("end"))
    parting = "" if opening or not before else _ALONE["if"]
    open_here = ["if"] * bool(parting) + list(after)
    variables_in(opening + parting + body + "".join(f"{{% end{tag} %}}" for tag in reversed(open_here)))


def check_conditions(document: Node) -> None:
    """Whatever opens inside a paragraph, list, table or fence closes there, and no merged cell reaches into or out of a condition."""
    for block in document["content"]:
        if block["type"] == "condition":
            continue
        for text in _stretches(block):
            if loose_tags(text) != ((), ()):
                raise InputError(f"条件 {_TAG.findall(text)[0]} 的开头和结尾须在同一段、同一列表或同一表格里", code="unbalanced_condition")
        if block["type"] == "table":
            _check_merged(block["content"])


def _stretches(node: Node) -> Iterator[str]:
    """The parts of a block whose conditions must be in balance, each by itself: its items' or rows' own lines, every paragraph."""
    yield "".join(_lines(node))
    yield from _paragraphs(node)


def _lines(node: Node) -> Iterator[str]:
    attrs = node.get("attrs", {})
    yield from attrs.get("above", ())
    for inner in node.get("content", ()):
        yield from _lines(inner)
    yield from attrs.get("below", ())


def _paragraphs(node: Node) -> Iterator[str]:
    if node["type"] in ("paragraph", "note", "fence"):
        yield "".join(inner.get("text") or inner.get("attrs", {}).get("text", "") for inner in node.get("content", ()))
    else:
        for inner in node.get("content", ()):
            yield from _paragraphs(inner)


def _check_merged(rows: Sequence[Node]) -> None:
    for r, row in enumerate(rows):
        for cell in row.get("content", ()):
            last = r + cell["attrs"]["rowspan"] - 1
            covered = rows[r : last + 1]
            inside = [
                *(text for under in covered[1:] for text in under["attrs"]["above"]),
                *(t for under in covered[:-1] for t in under["attrs"]["below"]),
            ]
            if inside:
                raise InputError(f"合并的单元格跨过了条件 {inside[0]}，请只合并同一条件之内的行", code="merged_across_condition")

"""The first text of a document that a request asks for: its chapters with what was proposed, the rest marked as still to be written. Pure."""

from __future__ import annotations

from service.changes.rules import Wanted
from service.text.model import (
    SIX_SECTIONS,
    Band,
    Block,
    Entry,
    Fields,
    Form,
    FrontMatter,
    Kind,
    Paragraph,
    Procedure,
    Section,
    Signatures,
    Text,
)
from service.text.parse import automatic_anchor, parse_procedure
from service.text.write import to_markdown

TO_WRITE = "【待填：本节内容】"
"""`checks` names it as a blank, so that nobody takes the skeleton for a text."""
RULED_IN = "程序及要求"
_BRACES = str.maketrans("{}", "｛｝")  # what a requester types is no template: a wrong one would stop whoever fills the drafts


def first_text(wanted: Wanted, key: str) -> tuple[str, FrontMatter]:
    """The source of the first draft and its front matter; `key` is the document's, unique in its organisation."""
    kind = wanted.document_kind or Kind.PROCEDURE
    front = FrontMatter(key=key, title=wanted.title, kind=kind, department=wanted.department)
    said = tuple(Paragraph((Text(line.translate(_BRACES)),)) for line in wanted.proposed.split("\n") if line.strip())
    source = to_markdown(_TEXTS[kind](front, said))
    return source, parse_procedure(source, file=wanted.title).front


def _procedure(front: FrontMatter, said: tuple[Block, ...]) -> Procedure:
    return Procedure(front, (), tuple(_section(title, said if title == RULED_IN else _UNWRITTEN) for title in SIX_SECTIONS))


def _rule(front: FrontMatter, said: tuple[Block, ...]) -> Procedure:
    return Procedure(front, (), (_section("要求", said),))


def _form(front: FrontMatter, said: tuple[Block, ...]) -> Procedure:
    rows = (Band("记录内容"), Fields((Entry("内容", lines=5),)), Signatures(("填写人", "日期")))
    return Procedure(front, (Form(rows),), (_section("填写说明", said),))


def _section(title: str, blocks: tuple[Block, ...]) -> Section:
    return Section(automatic_anchor(title, 1, frozenset()), title, 1, "", blocks)


_UNWRITTEN: tuple[Block, ...] = (Paragraph((Text(TO_WRITE),)),)
_TEXTS = {Kind.PROCEDURE: _procedure, Kind.WORK_INSTRUCTION: _rule, Kind.RECORD_FORM: _form}

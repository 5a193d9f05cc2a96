"""Departments and posts: whoever a 职责 table or a retention table names must be on the organisation chart."""

from __future__ import annotations

import re
from collections.abc import Iterator

from service.checks.rules import Checked, Context, Problem, Problems, Severity
from service.text.inline import plain_inlines
from service.text.model import Section, Table

_HEADS = {"岗位": "岗位", "部门": "部门", "岗位/部门": "岗位或部门", "保存部门": "部门", "责任部门": "部门", "责任岗位": "岗位"}
_PARTS = re.compile(r"[；;]")
_MARKS = re.compile(r"[、，,/\s]+")
_AND = re.compile(r"[和与及]")
_EVERYBODY = frozenset({"各部门", "全体员工", "各岗位", "相关部门", "各使用部门", "使用部门", "各记录使用部门"})


def check_chart(context: Context) -> Problems:
    known = context.names | _EVERYBODY
    for document in context.documents:
        for section in document.procedure.sections:
            for block in section.blocks:
                if isinstance(block, Table):
                    yield from _table(document, section, block, known)


def _table(document: Checked, section: Section, table: Table, known: frozenset[str]) -> Problems:
    if any(cell.colspan > 1 or cell.rowspan > 1 for row in table.rows for cell in row):
        return
    heads = [plain_inlines(cell.content).strip() for cell in table.rows[0]]
    for position, head in enumerate(heads):
        what = _HEADS.get(head)
        for row in table.rows[1:] if what else ():
            yield from _cell(document, section, plain_inlines(row[position].content).strip(), str(what), known)


def _cell(document: Checked, section: Section, words: str, what: str, known: frozenset[str]) -> Problems:
    for name in _named(words, known):
        if name not in known:
            yield Problem("not_on_chart", Severity.ERROR, document.number, section.anchor, f"“{name}”不是组织机构图上的{what}", words)


def _named(words: str, known: frozenset[str]) -> Iterator[str]:
    """The names in a cell; 和, 与 and 及 join names only where they do not belong to one. A remark (…由…保存) is no list of names."""
    lists = (part for part in _PARTS.split(words) if "由" not in part)
    for name in (name for part in lists for name in _MARKS.split(part) if name):
        yield from [name] if name in known else filter(None, _AND.split(name))

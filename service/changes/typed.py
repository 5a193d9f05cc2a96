"""The items of a change request as they come from its form: fields `item-N-kind`, `item-N-document`, … for each N."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from service.changes.rules import CREATABLE, DRAFTED, LONGEST_SECTION, LONGEST_TEXT, LONGEST_TITLE, MOST_ITEMS, ChangeKind, Wanted
from service.documents.choices import Choice, name_of, picked
from service.text.model import Kind
from service.web.forms import Filled

KIND_FIELD = re.compile(r"item-([1-9]\d{0,3})-kind", re.ASCII)
WORDS = ("document", "section", "proposed", "title", "document_kind", "department")


def positions(form: Filled) -> list[int]:
    """The numbers of the items in the form, in their order; at least one."""
    found = (KIND_FIELD.fullmatch(name) for name in form.values)
    return sorted(int(match[1]) for match in found if match)[: MOST_ITEMS + 1] or [1]


def typed_items(form: Filled, rows: Sequence[Choice]) -> list[Wanted]:
    """What is asked for; what is wrong stands by its field. An item in which nothing was typed is none."""
    return [_item(form, position, rows) for position in positions(form) if any(form[_name(position, word)].strip() for word in WORDS)]


def usual_items(items: Iterable[Wanted], rows: Sequence[Choice]) -> dict[str, str]:
    """Field → what stands in it, for items that are there already."""
    found: dict[str, str] = {}
    for position, item in enumerate(items, 1):
        words = {
            "kind": item.kind.value,
            "document": name_of(item.number, rows) if item.number else "",
            "section": item.section,
            "proposed": item.proposed,
            "title": item.title,
            "document_kind": item.document_kind.value if item.document_kind else "",
            "department": item.department,
        }
        found |= {_name(position, word): value for word, value in words.items()}
    return found


def _name(position: int, word: str) -> str:
    return f"item-{position}-{word}"


def _item(form: Filled, position: int, rows: Sequence[Choice]) -> Wanted:
    kind = form.choice(_name(position, "kind"), ChangeKind, required="请选择更改方式") or ChangeKind.REVISE
    needed = "请写明拟更改的内容" if kind in DRAFTED else ""
    proposed = form.text(_name(position, "proposed"), required=needed, longest=LONGEST_TEXT)
    if kind is ChangeKind.CREATE:
        return _new(form, position, proposed)
    section = form.text(_name(position, "section"), longest=LONGEST_SECTION)
    return Wanted(kind, _number(form, _name(position, "document"), rows), section, proposed)


def _new(form: Filled, position: int, proposed: str) -> Wanted:
    title = form.text(_name(position, "title"), required="请填写新文件的名称", longest=LONGEST_TITLE)
    kind = form.choice(_name(position, "document_kind"), Kind, required="请选择文件类别")
    department = form.text(_name(position, "department"), required="请选择归口部门")
    if kind is not None and kind not in CREATABLE:
        form.faults[_name(position, "document_kind")] = "请从列出的选项中选择"
    return Wanted(ChangeKind.CREATE, "", "", proposed, title, kind, department)


def _number(form: Filled, name: str, rows: Sequence[Choice]) -> str:
    typed = form.text(name, required="请选择文件")
    found = picked(typed, rows)
    if typed and found is None:
        form.faults[name] = "没有这份文件，请输入编号或名称后从列表中选择"
    return found.number if found else ""

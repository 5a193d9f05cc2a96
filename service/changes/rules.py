"""Rules of change requests: states and steps, what an item must say, numbers, texts that people type. Pure (domain.md §1)."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from service.accounts.rules import has_control_characters
from service.distribution.rules import CopyStatus
from service.text.characters import FORBIDDEN
from service.text.model import Kind


class ChangeStatus(StrEnum):
    """Where a request stands. `done` is never stored: an approved request is done when everything it asked for is carried out."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    APPROVED = "approved"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    DONE = "done"


STATUS_NAMES: Mapping[ChangeStatus, str] = {
    ChangeStatus.DRAFT: "填写中",
    ChangeStatus.SUBMITTED: "待批准",
    ChangeStatus.APPROVED: "已批准",
    ChangeStatus.REJECTED: "未批准",
    ChangeStatus.WITHDRAWN: "已撤回",
    ChangeStatus.DONE: "已完成",
}


class ChangeStep(StrEnum):
    """What is done with a request; its value is the verb of the trail's action."""

    EDIT = "edit"
    SUBMIT = "submit"
    APPROVE = "approve"
    REJECT = "reject"
    WITHDRAW = "withdraw"


STEP_NAMES: Mapping[ChangeStep, str] = {
    ChangeStep.EDIT: "修改",
    ChangeStep.SUBMIT: "提交",
    ChangeStep.APPROVE: "批准",
    ChangeStep.REJECT: "否决",
    ChangeStep.WITHDRAW: "撤回",
}

TRANSITIONS: Mapping[tuple[ChangeStatus, ChangeStep], ChangeStatus] = {
    (ChangeStatus.DRAFT, ChangeStep.EDIT): ChangeStatus.DRAFT,
    (ChangeStatus.DRAFT, ChangeStep.SUBMIT): ChangeStatus.SUBMITTED,
    (ChangeStatus.SUBMITTED, ChangeStep.APPROVE): ChangeStatus.APPROVED,
    (ChangeStatus.SUBMITTED, ChangeStep.REJECT): ChangeStatus.REJECTED,
    (ChangeStatus.DRAFT, ChangeStep.WITHDRAW): ChangeStatus.WITHDRAWN,
    (ChangeStatus.SUBMITTED, ChangeStep.WITHDRAW): ChangeStatus.WITHDRAWN,
}
"""What was submitted is edited no more: the approver decides on the words that he has read."""

DECISIONS = frozenset({ChangeStep.APPROVE, ChangeStep.REJECT})
DECIDED = frozenset({ChangeStatus.APPROVED, ChangeStatus.REJECTED})
DECISION_ACTIONS = tuple(f"change:{step.value}" for step in sorted(DECISIONS))
"""Actions of the trail whose entries hold the seal of a decision."""


OPEN = frozenset({ChangeStatus.SUBMITTED, ChangeStatus.APPROVED})
"""Requests that somebody waits for; a draft is its requester's own."""
OUT = frozenset({CopyStatus.ISSUED, CopyStatus.HELD, CopyStatus.RECALL_DUE})
"""Copies that somebody still has in his hands."""


class ChangeKind(StrEnum):
    """What shall become of a document: a change, a new edition, its end, or that it comes to be."""

    REVISE = "revise"
    REISSUE = "reissue"
    OBSOLETE = "obsolete"
    CREATE = "create"


CHANGE_NAMES: Mapping[ChangeKind, str] = {
    ChangeKind.REVISE: "修改",
    ChangeKind.REISSUE: "换版",
    ChangeKind.OBSOLETE: "作废",
    ChangeKind.CREATE: "新增",
}


class ChangeForm(StrEnum):
    """What is printed of a request; the value is the last part of its address."""

    FORM = "form"
    NOTICE = "notice"
    CHANGE_PAGES = "change-pages"


class FileFormat(StrEnum):
    DOCX = "docx"
    PDF = "pdf"


CREATABLE = (Kind.PROCEDURE, Kind.WORK_INSTRUCTION, Kind.RECORD_FORM)
"""What a request may ask for anew: parts of the manual and external documents come in other ways."""
DRAFTED = frozenset({ChangeKind.REVISE, ChangeKind.REISSUE, ChangeKind.CREATE})
"""The kinds of change that end in a draft."""

NUMBER = re.compile(r"GG-\d{4}-\d{3,9}", re.ASCII)
LONGEST_TITLE, LONGEST_TEXT, LONGEST_SECTION, LONGEST_NUMBER, LONGEST_KEY, MOST_ITEMS = 200, 2000, 80, 60, 80, 100
LONGEST_SUMMARY = 2000
"""Characters of `Revision.change_summary`."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """One change as it is asked for: of a document by its number, or of a new one (`title`, `document_kind`, `department`).

    `section` says where (an anchor, a clause or words), `proposed` what the text shall say.
    """

    kind: ChangeKind
    number: str = ""
    section: str = ""
    proposed: str = ""
    title: str = ""
    document_kind: Kind | None = None
    department: str = ""


def request_number(year: int, serial: int) -> str:
    """GG-2026-001: 更改, the year, the count in it."""
    return f"GG-{year}-{serial:03}"


def steps_from(status: ChangeStatus) -> tuple[ChangeStep, ...]:
    """The steps that a status allows at all."""
    return tuple(step for step in ChangeStep if (status, step) in TRANSITIONS)


def clean(text: str) -> str:
    """Typed words with plain line ends and without blanks around them."""
    return text.replace("\r\n", "\n").replace("\t", " ").strip()


def text_fault(name: str, text: str, longest: int, *, lines: bool = False) -> str | None:
    """Why this text cannot be kept (one Chinese sentence), or None if it can. `lines`: line breaks are allowed."""
    if len(text) > longest:
        return f"{name}最多 {longest} 个字符"
    if has_control_characters(text.replace("\n", "") if lines else text) or FORBIDDEN.search(text):
        return f"{name}中不能有控制字符"
    return None


def request_faults(title: str, reason: str, items: Collection[Wanted]) -> Iterator[str]:
    """Everything that is wrong with a request as typed. A draft may still lack its reason and its items."""
    if not title:
        yield "请填写更改标题"
    faults = (text_fault("更改标题", title, LONGEST_TITLE), text_fault("更改原因", reason, LONGEST_TEXT, lines=True))
    yield from (fault for fault in faults if fault)
    if len(items) > MOST_ITEMS:
        yield f"一份申请最多 {MOST_ITEMS} 项更改，请分开申请"
    for position, item in enumerate(items, 1):
        yield from (f"第 {position} 项：{fault}" for fault in _item_faults(item))
    yield from _together_faults(items)


def _item_faults(item: Wanted) -> Iterator[str]:
    if item.kind is ChangeKind.CREATE:
        yield from _new_faults(item)
    elif not item.number:
        yield f"{CHANGE_NAMES[item.kind]}须写明文件编号"
    elif item.title or item.document_kind or item.department:
        yield "名称、类别和归口部门只在新增文件时填写"
    if item.kind in DRAFTED and not item.proposed:
        yield "请填写拟更改的内容"
    faults = (
        text_fault("文件编号", item.number, LONGEST_NUMBER),
        text_fault("更改位置", item.section, LONGEST_SECTION),
        text_fault("拟更改的内容", item.proposed, LONGEST_TEXT, lines=True),
    )
    yield from (fault for fault in faults if fault)


def _new_faults(item: Wanted) -> Iterator[str]:
    if item.number or item.section:
        yield "新增文件的编号由系统给出，也没有更改位置，请不要填写"
    if not item.title or not item.department or item.document_kind is None:
        yield "新增文件须写明名称、类别和归口部门"
    elif item.document_kind not in CREATABLE:
        yield "只能申请新增程序文件、管理制度和记录表单"
    fault = text_fault("文件名称", item.title, LONGEST_TITLE)
    if fault or "《" in item.title or "》" in item.title:
        yield fault or "文件名称不写书名号"


def _together_faults(items: Collection[Wanted]) -> Iterator[str]:
    """Several items may change several places of one document, but only in one manner."""
    kinds: dict[str, ChangeKind] = {}
    for item in items:
        if item.number and kinds.setdefault(item.number, item.kind) is not item.kind:
            yield f"文件 {item.number} 的各项更改方式不一致，请选择同一种"
    ended = [item.number for item in items if item.kind is ChangeKind.OBSOLETE]
    yield from (f"文件 {number} 的作废写了两次" for number in dict.fromkeys(ended) if ended.count(number) > 1)
    titles = [item.title for item in items if item.kind is ChangeKind.CREATE]
    yield from (f"新增文件《{title}》写了两次" for title in dict.fromkeys(titles) if title and titles.count(title) > 1)


def summary(proposed: Collection[str], number: str) -> str:
    """修改内容 of the draft that comes of a request: what was proposed, and the request it goes back to."""
    ending = f"（{number}）"
    words = "；".join(" ".join(text.split()) for text in proposed)
    room = LONGEST_SUMMARY - len(ending)
    return (words if len(words) <= room else f"{words[: room - 1]}…") + ending

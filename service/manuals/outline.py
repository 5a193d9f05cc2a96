"""The outline of a manual: the slots that its documents stand in, and their order within a slot. Pure.

The order of the slots is that of domain.md §2 and cannot be changed: who reads manuals looks for things where they always are.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from service.manuals.rules import ManualSource, Outline, SourceDocument
from service.text.model import Kind, Part


class Slot(StrEnum):
    """A stretch of a manual that holds documents."""

    FRONT = "front"
    OPENING = "opening"
    CHAPTERS = "chapters"
    PROCEDURES = "procedures"
    FORMS = "forms"


SLOT_NAMES: Mapping[Slot, str] = {
    Slot.FRONT: "颁布令与任命书",
    Slot.OPENING: "手册前部",
    Slot.CHAPTERS: "指标章节",
    Slot.PROCEDURES: "程序文件与管理制度",
    Slot.FORMS: "记录表单",
}
AFTERWARDS: Mapping[Slot, str] = {
    Slot.FRONT: "修订记录、目录",
    Slot.OPENING: "职能分配表",
    Slot.FORMS: "受控文件清单、外来文件清单、指标对照表",
}
"""What the system prints behind a slot by itself."""
_PARTS: Mapping[Slot, tuple[Part, ...]] = {
    Slot.FRONT: (Part.PROMULGATION_ORDER, Part.APPOINTMENT_LETTER),
    Slot.OPENING: (Part.INTRODUCTION, Part.POLICY, Part.TARGETS, Part.SCOPE, Part.ORGANISATION),
    Slot.CHAPTERS: (Part.CHAPTER,),
}
"""Parts of the manual by slot, in their usual order."""
_KINDS = {Kind.PROCEDURE: Slot.PROCEDURES, Kind.WORK_INSTRUCTION: Slot.PROCEDURES, Kind.RECORD_FORM: Slot.FORMS}


@dataclass(frozen=True, slots=True)
class OutlineLine:
    """A document as the outline shows it."""

    number: str
    title: str
    label: str
    slot: Slot
    is_left_out: bool


def slot_of(kind: Kind, part: Part | None) -> Slot | None:
    """Where a document stands; None for what no manual binds (an external document)."""
    return next((slot for slot, parts in _PARTS.items() if part in parts), _KINDS.get(kind))


def rank_of(slot: Slot, part: Part | None) -> int:
    """The usual place of a part within its slot; documents that are no part stand by number."""
    parts = _PARTS.get(slot, ())
    return parts.index(part) if part in parts else 0


def in_order(usual: Sequence[str], order: Sequence[str]) -> list[str]:
    """The numbers of `usual` as `order` has them; one that it does not name stands behind the one that it usually follows."""
    named, known = set(order), set(usual)
    found = [number for number in dict.fromkeys(order) if number in known]
    for position, number in enumerate(usual):
        if number not in named:
            found.insert(found.index(usual[position - 1]) + 1 if position else 0, number)
    return found


def in_slot(source: ManualSource, slot: Slot) -> tuple[SourceDocument, ...]:
    """The documents that the manual prints in this slot, in the order of its outline."""
    found = [each for each in source.documents if slot_of(each.kind, each.procedure.front.part) is slot]
    usual = {each.number: each for each in sorted(found, key=lambda each: rank_of(slot, each.procedure.front.part))}
    left_out = set(source.outline.left_out)
    return tuple(usual[number] for number in in_order(list(usual), source.outline.order) if number not in left_out)


def moved(lines: Sequence[OutlineLine], number: str, steps: int) -> list[str]:
    """The numbers in order after one of them went up (−1) or down (+1) within its slot; at the edge it stays."""
    numbers = [line.number for line in lines]
    place = next((place for place, line in enumerate(lines) if line.number == number), None)
    if place is None or not 0 <= place + steps < len(lines) or lines[place].slot is not lines[place + steps].slot:
        return numbers
    numbers[place], numbers[place + steps] = numbers[place + steps], numbers[place]
    return numbers


def outline_from(order: Sequence[str], left_out: Sequence[str], version: int = 0) -> Outline:
    """What is left out is a set: it is kept in order of its numbers."""
    return Outline(tuple(order), tuple(sorted(set(left_out))), version)

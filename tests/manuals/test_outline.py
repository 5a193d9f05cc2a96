"""The outline of a manual: its order within a slot, what is left out, how it is saved, and that a build follows and names it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from small_firm import Firm, day, moment
from small_manual import AFTER, with_manual
from small_manual import REPAIR as REPAIR_TEXT
from sqlmodel import Session

from manuals.sources import SOURCE, grids, rows_of, words_of
from service.book.links import without_dangling
from service.book.model import Book
from service.documents.actions import create_document
from service.errors import Conflict, Forbidden, InputError
from service.manuals.actions import build_manual
from service.manuals.assemble import assemble
from service.manuals.build import Format, source_fingerprint
from service.manuals.outline import OutlineLine, Slot, in_order, in_slot, moved, outline_from, slot_of
from service.manuals.outline_actions import save_outline
from service.manuals.outline_queries import outline_at, outline_lines, outlines
from service.manuals.queries import load_source
from service.manuals.rules import Binding, ManualSource, Outline
from service.manuals.workshop import default_workshop
from service.standards.shipped import register, standard
from service.text.frontmatter import read_front
from service.text.model import Kind, Part
from service.trail.queries import entries

REPAIR, COMPLAINT, RULES = "JC/SH-CX-01", "JC/SH-CX-02", "JC/SH-ZD-01"


def book(source: ManualSource) -> Book:
    [volume] = assemble(source)
    return volume.book


def anchors(source: ManualSource) -> list[str]:
    return [part.anchor for part in book(source).parts]


def outlined(order: tuple[str, ...] = (), left_out: tuple[str, ...] = ()) -> ManualSource:
    return replace(SOURCE, outline=outline_from(order, left_out, 1))


# Order


@pytest.mark.parametrize(
    ("order", "found"),
    [
        ("", "abcd"),
        ("dcba", "dcba"),
        ("ca", "cdab"),  # b usually follows a, d follows c
        ("c", "abcd"),
        ("xdx", "abcd"),
        ("cc", "abcd"),
    ],
)
def test_what_the_order_does_not_name_stands_behind_what_it_usually_follows(order: str, found: str) -> None:
    assert "".join(in_order("abcd", order)) == found


def test_first_document_that_is_not_named_stays_first() -> None:
    assert in_order(["new", "a", "b"], ["b", "a"]) == ["new", "b", "a"]


def test_manual_follows_the_order_within_a_slot_and_keeps_the_slots() -> None:
    usual = anchors(SOURCE)
    made = anchors(outlined((RULES, COMPLAINT, REPAIR, *(each.number for each in SOURCE.documents[8::-1]))))
    assert made[made.index("doc-rules") :][:3] == ["doc-rules", "doc-complaint", "doc-repair"]
    assert sorted(made) == sorted(usual)
    for fixed in ("cover", "changes", "contents", "responsibilities", "record-list", "master-list", "indicators"):
        assert made.index(fixed) == usual.index(fixed)
    assert made[1:3] == ["doc-appointment", "doc-order"]


def test_volumes_follow_it_too() -> None:
    [_, procedures, _] = assemble(outlined((COMPLAINT, REPAIR)), Binding.VOLUMES)
    assert [part.anchor for part in procedures.book.parts][2:5] == ["doc-complaint", "doc-rules", "doc-repair"]


def test_document_that_is_left_out_is_not_bound_but_stays_on_the_master_list() -> None:
    source = outlined(left_out=(COMPLAINT,))
    assert "doc-complaint" not in anchors(source)
    made = without_dangling(book(source))
    [master] = [part for part in made.parts if part.anchor == "master-list"]
    [line] = [row for grid in grids(master) for row in rows_of(grid) if COMPLAINT in row]
    assert line[-1] == "—"  # it has no page
    [repair] = [part for part in made.parts if part.anchor == "doc-repair"]
    assert "《投诉处理程序》" in words_of(repair)


def test_slots_hold_every_document_of_the_small_manual_once() -> None:
    found = [each.number for slot in Slot for each in in_slot(SOURCE, slot)]
    assert sorted(found) == sorted(each.number for each in SOURCE.documents)


def test_external_document_has_no_slot() -> None:
    assert slot_of(Kind.EXTERNAL_DOCUMENT, None) is None
    assert slot_of(Kind.MANUAL, Part.CHAPTER) is Slot.CHAPTERS


@pytest.mark.parametrize(
    ("number", "steps", "found"),
    [("b", -1, "bacd"), ("b", 1, "abcd"), ("a", -1, "abcd"), ("d", 1, "abcd"), ("c", 1, "abdc"), ("z", 1, "abcd"), ("a", 0, "abcd")],
)
def test_moving_goes_one_place_and_stays_within_the_slot(number: str, steps: int, found: str) -> None:
    slots = {"a": Slot.PROCEDURES, "b": Slot.PROCEDURES, "c": Slot.FORMS, "d": Slot.FORMS}
    lines = [OutlineLine(each, each, "A/0", slot, False) for each, slot in slots.items()]
    assert "".join(moved(lines, number, steps)) == found


def test_same_outline_saved_again_is_the_same_source() -> None:
    workshop = default_workshop()

    def made_of(source: ManualSource) -> str:
        return source_fingerprint(source, Binding.BOUND, workshop.theme, workshop.fonts)

    first = outlined((COMPLAINT, REPAIR))
    assert made_of(first) == made_of(replace(first, outline=replace(first.outline, version=7)))
    assert made_of(first) != made_of(SOURCE)
    assert made_of(outlined(left_out=(REPAIR,))) != made_of(SOURCE)


# Saving


@pytest.fixture
def firm(undone: Session) -> Firm:
    return with_manual(undone)


def saved(session: Session, firm: Firm, *order: str, left_out: tuple[str, ...] = (), based_on: int = 0, on: int = 1) -> Outline:
    return save_outline(session, firm.organisation, order=order, left_out=left_out, based_on=based_on, by=firm.controller, at=moment(3, on))


def gathered(session: Session, firm: Firm, on: int | None = None) -> ManualSource:
    known = moment(3, on) if on else None
    return load_source(session, firm.organisation, standard(), register(), on=AFTER, recorded_on=known)


def test_saved_outline_is_used_from_then_on_and_leaves_its_entry(undone: Session, firm: Firm) -> None:
    before = len(entries(undone, firm.organisation.id))
    outline = saved(undone, firm, COMPLAINT, REPAIR, left_out=(RULES,))
    assert outline == outline_at(undone, firm.organisation.id) == gathered(undone, firm).outline
    assert (outline.version, outline.order, outline.left_out) == (1, (COMPLAINT, REPAIR), (RULES,))
    [entry] = entries(undone, firm.organisation.id)[before:]
    assert (entry.action, entry.by) == ("outline:save", firm.controller.login)
    assert entry.details == {"version": 1, "order": [COMPLAINT, REPAIR], "left_out": [RULES], "former_version": 0}


def test_earlier_outline_is_known_for_earlier_moments(undone: Session, firm: Firm) -> None:
    saved(undone, firm, COMPLAINT, REPAIR, on=5)
    saved(undone, firm, based_on=1, on=9)
    assert [gathered(undone, firm, on).outline.version for on in (4, 6, 10)] == [0, 1, 2]
    assert gathered(undone, firm).outline == Outline()  # the usual order again, as version 2
    assert [row.version for row in outlines(undone, firm.organisation.id)] == [2, 1]


def test_outline_that_changes_nothing_is_not_saved(undone: Session, firm: Firm) -> None:
    saved(undone, firm, COMPLAINT, REPAIR)
    before = len(entries(undone, firm.organisation.id))
    assert saved(undone, firm, COMPLAINT, REPAIR, based_on=1).version == 1
    assert len(entries(undone, firm.organisation.id)) == before


def test_outline_made_from_an_older_one_is_refused(undone: Session, firm: Firm) -> None:
    saved(undone, firm, COMPLAINT, REPAIR)
    with pytest.raises(Conflict, match="被他人修改过"):
        saved(undone, firm, REPAIR, COMPLAINT, based_on=0)
    assert outline_at(undone, firm.organisation.id).order == (COMPLAINT, REPAIR)


@pytest.mark.parametrize(
    ("order", "left_out", "code"),
    [
        (("YI/SH-CX-01",), (), "document_not_found"),
        ((), ("YI/SH-CX-01",), "document_not_found"),
        ((REPAIR, REPAIR), (), "outline_twice"),
    ],
)
def test_impossible_outline_is_refused(undone: Session, firm: Firm, order: tuple[str, ...], left_out: tuple[str, ...], code: str) -> None:
    with pytest.raises(InputError) as caught:
        saved(undone, firm, *order, left_out=left_out)
    assert caught.value.code == code
    assert outline_at(undone, firm.organisation.id) == Outline()


def test_outline_that_leaves_nothing_to_print_is_refused_whatever_else_there_is(undone: Session, firm: Firm) -> None:
    """A document that is not in force is in no manual: that it is not left out helps nobody."""
    text = REPAIR_TEXT.replace("key: repair", "key: later", 1).replace("维修服务程序", "另一程序")
    drafted, _ = create_document(undone, firm.organisation, text, read_front(text, ""), by=firm.controller, at=moment(2, 20))
    everything = [line.number for line in outline_lines(undone, firm.organisation.id, moment(3, 1).date(), Outline())]
    assert drafted.number not in everything
    with pytest.raises(InputError, match="至少要有一份文件"):
        saved(undone, firm, left_out=tuple(everything))
    saved(undone, firm, left_out=tuple(everything[1:]))


def test_who_may_not_build_may_not_outline(undone: Session, firm: Firm) -> None:
    with pytest.raises(Forbidden):
        save_outline(undone, firm.organisation, order=[REPAIR], left_out=[], based_on=0, by=firm.preparer, at=moment(3, 1))


def test_outline_of_one_firm_is_nobody_elses(undone: Session, firm: Firm) -> None:
    other = with_manual(undone, "YI")
    saved(undone, firm, COMPLAINT, REPAIR)
    assert outline_at(undone, other.organisation.id) == Outline()
    assert outlines(undone, other.organisation.id) == []


def test_lines_are_those_in_force_slot_after_slot(undone: Session, firm: Firm) -> None:
    lines = outline_lines(undone, firm.organisation.id, AFTER, outline_from((COMPLAINT, REPAIR), (RULES,)))
    assert [line.slot for line in lines] == sorted((line.slot for line in lines), key=list(Slot).index)
    assert [line.number for line in lines if line.slot is Slot.PROCEDURES] == [COMPLAINT, RULES, REPAIR]
    assert [line.number for line in lines if line.is_left_out] == [RULES]
    assert outline_lines(undone, firm.organisation.id, day(1, 1), Outline()) == []


def test_build_names_the_outline_it_followed(undone: Session, firm: Firm, tmp_path: Path) -> None:
    workshop = replace(default_workshop(), data=tmp_path)

    def built() -> tuple[int, object]:
        row = build_manual(undone, firm.organisation, workshop, on=AFTER, formats=[Format.HTML], by=firm.controller, at=moment(3, 9))
        return row.outline, entries(undone, firm.organisation.id)[-1].details.get("outline")

    assert built() == (0, None)
    saved(undone, firm, COMPLAINT, REPAIR)
    assert built() == (1, 1)

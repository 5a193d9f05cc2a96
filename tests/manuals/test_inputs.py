"""The build record names every input with its fingerprint, and tells what changed since the build before."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from small_firm import Firm, moment
from small_manual import AFTER, with_manual
from sqlmodel import Session

from manuals.sources import SOURCE, by_title, changed
from service.book.theme import MODERN
from service.manuals.actions import build_manual
from service.manuals.build import Format
from service.manuals.build_queries import build_before
from service.manuals.inputs import Changed, InputKind, changes, inputs_of, matching
from service.manuals.models import Build
from service.manuals.rules import Binding, ManualSource, Signed, SourcePicture
from service.manuals.workshop import Workshop, default_workshop
from service.organisations.rules import SYSTEM

REPAIR = "维修服务程序"


def rows(source: ManualSource = SOURCE, binding: Binding = Binding.BOUND, **workshop: object) -> tuple[dict[str, str], ...]:
    return inputs_of(source, binding, replace(default_workshop(), **workshop))  # type: ignore[arg-type]  # Workshop's own fields


def kinds(*changed_rows: Changed) -> set[InputKind]:
    return {each.kind for each in changed_rows}


def test_every_kind_of_input_is_named_with_a_fingerprint() -> None:
    source = replace(SOURCE, pictures=(SourcePicture("picture:abc", False, b"data"), SourcePicture("picture:def", True)))
    source = changed(source, REPAIR, variables={"company.hotline": "400-000-0001"})
    found = rows(source, template="公司模板.docx", template_sha256="0" * 64)
    assert {row["kind"] for row in found} == set(InputKind) - {InputKind.LOGO}
    assert all(len(row["sha256"]) == 64 for row in found)
    assert len({(row["kind"], row["name"]) for row in found}) == len(found)
    documents = {row["name"]: row for row in found if row["kind"] == "document"}
    assert {number: row["sha256"] for number, row in documents.items()} == {each.number: each.fingerprint for each in source.documents}


def test_same_source_gives_the_same_inputs_and_no_change() -> None:
    assert rows() == rows()
    assert changes(rows(), rows()) == []


@pytest.mark.parametrize(
    ("source", "more", "kind"),
    [
        (changed(SOURCE, REPAIR, fingerprint="1" * 64), {}, InputKind.DOCUMENT),
        (changed(SOURCE, REPAIR, signed=(Signed("批准", "易二", "总经理", AFTER),)), {}, InputKind.SIGNOFFS),
        (changed(SOURCE, REPAIR, variables={"targets.hours": 24}), {}, InputKind.VALUE),
        (replace(SOURCE, indicators=SOURCE.indicators[1:]), {}, InputKind.COVERAGE),
        (replace(SOURCE, register=SOURCE.register[1:]), {}, InputKind.REGISTER),
        (replace(SOURCE, outline=replace(SOURCE.outline, left_out=("JC/SH-CX-01",), version=1)), {}, InputKind.OUTLINE),
        (replace(SOURCE, on=date(2026, 3, 2)), {}, InputKind.BUILD),
        (SOURCE, {"address": "https://sh.example.com"}, InputKind.BUILD),
        (SOURCE, {"theme": MODERN}, InputKind.THEME),
        (SOURCE, {"template": "新模板.docx", "template_sha256": "0" * 64}, InputKind.TEMPLATE),
    ],
)
def test_what_changed_is_told_by_its_kind(source: ManualSource, more: dict[str, object], kind: InputKind) -> None:
    assert kinds(*changes(rows(), rows(source, **more))) == {kind}  # type: ignore[arg-type]  # Workshop's own fields


def test_document_that_came_and_one_that_is_gone() -> None:
    gone = by_title(SOURCE, REPAIR)
    without = replace(SOURCE, documents=tuple(each for each in SOURCE.documents if each is not gone))
    [document, _] = changes(rows(), rows(without))
    assert document == Changed(InputKind.DOCUMENT, gone.number, "减少", f"A/0 {REPAIR}", "")
    assert {each.deed for each in changes(rows(without), rows())} == {"新增"}


def test_inputs_are_found_by_number_words_and_fingerprint() -> None:
    number = by_title(SOURCE, REPAIR).number
    assert {row["name"] for row in matching(rows(), number.lower())} == {number}
    assert matching(rows(), "思源宋体")
    assert len(matching(rows(), by_title(SOURCE, REPAIR).fingerprint[:20])) == 1
    assert matching(rows(), "没有这样的输入") == []


@pytest.fixture
def firm(undone: Session) -> Firm:
    return with_manual(undone)


@pytest.fixture
def workshop(tmp_path: Path) -> Workshop:
    return replace(default_workshop(), data=tmp_path)


def built(session: Session, firm: Firm, workshop: Workshop, on: date, day: int) -> Build:
    return build_manual(session, firm.organisation, workshop, on=on, formats=[Format.DOCX], by=SYSTEM, at=moment(3, day))


def test_build_keeps_its_inputs_and_knows_the_build_before(undone: Session, firm: Firm, workshop: Workshop) -> None:
    first, second = built(undone, firm, workshop, AFTER, 1), built(undone, firm, workshop, date(2026, 3, 2), 2)
    assert build_before(undone, first) is None
    assert build_before(undone, second) == first
    assert [(each.kind, each.name) for each in changes(first.inputs, second.inputs)] == [(InputKind.BUILD, "日期")]
    assert any(row["name"] == "company.legal_name" for row in second.inputs)


def test_address_changes_the_fingerprint_of_the_build(undone: Session, firm: Firm, workshop: Workshop) -> None:
    plain = built(undone, firm, workshop, AFTER, 1)
    coded = built(undone, firm, replace(workshop, address="https://sh.example.com"), AFTER, 2)
    assert plain.fingerprint != coded.fingerprint

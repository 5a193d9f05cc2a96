"""Values that changed after texts were frozen with them: named, and proposed as one request; nothing is edited."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from small_firm import Firm, day, moment
from small_manual import FULL_PROFILE, with_manual
from sqlmodel import Session

from changes.asking import ASKED, REPAIR, approved, asked, released, submit
from service.changes.actions import wanted_of
from service.changes.models import ChangeRequest
from service.changes.queries import rows_of
from service.changes.rules import ChangeKind, ChangeStatus, Wanted
from service.changes.values import Outdated, ValueChange, open_for_values, propose_for_values, shown
from service.documents.queries import in_force, running
from service.errors import Forbidden, InputError, Refused
from service.organisations.actions import set_value, update_profile
from service.organisations.profile import read_profile
from service.organisations.roles import HeldRole, Role
from service.organisations.rules import Actor
from service.organisations.shipped import catalogue

HOTLINE = ValueChange("company.hotline", "服务热线", "400-000-0001", "400-000-0002")


def changed(session: Session, firm: Firm, name: str = "company.hotline", value: Any = "400-000-0002") -> None:
    """From 1 March 2026 on."""
    on, at = day(3, 1), moment(2, 20)
    set_value(session, firm.organisation, name, value, valid_from=on, by=firm.controller, at=at, catalogue=catalogue())


def proposed(session: Session, firm: Firm, month: int = 3) -> list[Outdated]:
    return propose_for_values(session, firm.organisation, day(month, 1), catalogue=catalogue())


def opened(session: Session, firm: Firm, *numbers: str, by: Actor | None = None) -> ChangeRequest:
    return open_for_values(session, firm.organisation, catalogue=catalogue(), numbers=numbers, by=by or firm.controller, at=ASKED)


def test_nothing_is_proposed_while_values_stay(undone: Session, firm: Firm) -> None:
    assert proposed(undone, firm) == []


def test_document_frozen_with_another_value_is_proposed_with_both(undone: Session, firm: Firm) -> None:
    changed(undone, firm)
    assert proposed(undone, firm) == [Outdated(REPAIR, "维修服务程序", "A/0", (HOTLINE,), ())]


def test_value_of_a_later_day_is_no_problem_yet(undone: Session, firm: Firm) -> None:
    changed(undone, firm)
    assert proposed(undone, firm, month=2) == []


def test_value_that_became_blank_is_proposed(undone: Session, firm: Firm) -> None:
    changed(undone, firm, value=None)
    assert proposed(undone, firm)[0].values == (replace(HOTLINE, new=None),)


def test_target_names_every_document_that_prints_it(undone: Session, firm: Firm) -> None:
    changed(undone, firm, "targets.return_repair_rate", 2)
    assert [(row.number, row.values[0].old, row.values[0].new) for row in proposed(undone, firm)] == [("JC/SH-SC-05", 1, 2), (REPAIR, 1, 2)]


def test_renamed_post_is_a_changed_value(undone: Session, firm: Firm) -> None:
    renamed = FULL_PROFILE.replace("name: 服务部经理", "name: 售后服务部经理").replace("valid_from: 2026-01-01", "valid_from: 2026-03-01")
    profile = read_profile(renamed, file="jc.yml", catalogue=catalogue())
    assert update_profile(undone, firm.organisation, profile, by=firm.controller, at=moment(2, 20))
    values = {row.number: row.values for row in proposed(undone, firm)}
    assert values[REPAIR] == (ValueChange("posts.service_manager", "岗位名称（service_manager）", "服务部经理", "售后服务部经理"),)


def test_one_draft_request_is_opened_over_all_of_them(undone: Session, firm: Firm) -> None:
    changed(undone, firm)
    changed(undone, firm, "targets.return_repair_rate", 2)
    request = opened(undone, firm)
    rate = "返修率由“1”改为“2”"
    assert request.status is ChangeStatus.DRAFT
    assert request.reason == f"企业参数已经变化：{rate}；服务热线由“400-000-0001”改为“400-000-0002”"
    assert wanted_of(rows_of(undone, request)) == [
        Wanted(ChangeKind.REVISE, "JC/SH-SC-05", proposed=rate),
        Wanted(ChangeKind.REVISE, REPAIR, proposed=f"服务热线由“400-000-0001”改为“400-000-0002”；{rate}"),
    ]


def test_nothing_is_edited_by_proposing(undone: Session, firm: Firm) -> None:
    changed(undone, firm)
    before = [(pair.revision.id, pair.revision.text) for pair in in_force(undone, firm.organisation.id, day(3, 1))]
    opened(undone, firm)
    assert [(pair.revision.id, pair.revision.text) for pair in in_force(undone, firm.organisation.id, day(3, 1))] == before
    assert running(undone, firm.organisation.id) == []


def test_some_of_the_documents_may_be_chosen(undone: Session, firm: Firm) -> None:
    changed(undone, firm, "targets.return_repair_rate", 2)
    assert [item.number for item in wanted_of(rows_of(undone, opened(undone, firm, REPAIR)))] == [REPAIR]
    with pytest.raises(InputError, match="JC/SH-CX-02 的内容与现行企业参数一致"):
        opened(undone, firm, "JC/SH-CX-02")


def test_document_that_somebody_is_at_already_is_named_as_waiting_and_left_out(undone: Session, firm: Firm) -> None:
    changed(undone, firm)
    request = submit(undone, firm, opened(undone, firm), by=firm.controller)
    assert proposed(undone, firm)[0].waiting == (request.number,)
    with pytest.raises(Refused, match="相应的更改已在进行"):
        opened(undone, firm)


def test_document_with_a_draft_waits_for_it(undone: Session, firm: Firm) -> None:
    changed(undone, firm)
    number = approved(undone, firm, Wanted(ChangeKind.REVISE, REPAIR, "4.1", "改热线")).number
    assert proposed(undone, firm)[0].waiting == ("A/1", number)


def test_revision_frozen_with_the_new_value_settles_it(undone: Session, firm: Firm) -> None:
    changed(undone, firm)
    approved(undone, firm, Wanted(ChangeKind.REVISE, REPAIR, "4.1", "改热线"))
    released(undone, firm, "维修服务程序")
    assert proposed(undone, firm, month=4) == []


def test_nothing_to_ask_for_is_refused(undone: Session, firm: Firm) -> None:
    with pytest.raises(Refused) as caught:
        opened(undone, firm)
    assert caught.value.code == "nothing_outdated"
    assert asked(undone, firm).number == "GG-2026-001"  # no number was used up


def test_whoever_may_not_ask_opens_nothing(undone: Session, firm: Firm) -> None:
    changed(undone, firm)
    with pytest.raises(Forbidden):
        opened(undone, firm, by=replace(firm.reviewer, roles=(HeldRole(Role.AUDITOR),)))


def test_values_of_another_organisation_propose_nothing_here(undone: Session, firm: Firm) -> None:
    other = with_manual(undone, "YI")
    changed(undone, other)
    assert proposed(undone, firm) == []
    assert [row.number for row in proposed(undone, other)] == ["YI/SH-CX-01"]


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (None, "空"),
        ("", "空"),
        ([], "空"),
        (True, "是"),
        (False, "否"),
        (0, "0"),
        (2.50, "2.5"),
        ("2026-03-01", "2026-03-01"),
        (["甲", "乙"], "甲、乙"),
        ([{"name": "东店", "own": True}], "东店"),
    ],
)
def test_values_are_shown_in_words(value: Any, words: str) -> None:
    assert shown(value) == words

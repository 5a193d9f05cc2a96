"""Submitting fills the text with the values of that day; nothing signed ever changes by itself."""

from __future__ import annotations

from datetime import timedelta

import pytest
from small_firm import (
    COMPLAINT,
    ORDER,
    REPAIR,
    TEXTS,
    Firm,
    advance,
    cloned,
    day,
    form,
    found,
    founded,
    moment,
    return_,
    submit,
    template_set,
    with_drafts,
)
from sqlmodel import Session

from service.approvals.queries import signoffs
from service.documents.queries import in_force
from service.documents.rules import Status
from service.errors import InputError
from service.organisations.actions import set_value
from service.organisations.shipped import catalogue
from service.text.fingerprints import procedure_fingerprint
from service.text.parse import parse_procedure
from service.trail.queries import entries


def set_rate(session: Session, firm: Firm, value: float | None, *, month: int) -> None:
    """The target 返修率 from the first day of a month on."""
    valid_from, at = day(month, 1), moment(month, 1)
    set_value(
        session,
        firm.organisation,
        "targets.return_repair_rate",
        value,
        valid_from=valid_from,
        by=firm.controller,
        at=at,
        catalogue=catalogue(),
    )


def with_text(session: Session, *texts: str) -> Firm:
    firm = founded(session)
    cloned(session, firm, template_set(*texts))
    return firm


def test_submitting_fills_the_text_and_keeps_the_source(undone: Session) -> None:
    firm = with_drafts(undone)
    revision = advance(undone, firm, REPAIR, Status.IN_REVIEW)
    assert "接到热线 400-000-0001 的报修后" in revision.text
    assert "{{" not in revision.text
    assert revision.source == TEXTS[0]


def test_values_used_are_kept_with_the_revision(undone: Session) -> None:
    firm = with_drafts(undone)
    revision = advance(undone, firm, REPAIR, Status.IN_REVIEW)
    assert revision.variables == {
        "company.hotline": "400-000-0001",
        "departments.service": "服务部",
        "posts.service_manager": "服务部经理",
        "retention.service": 3,
        "targets.return_repair_rate": 1,
    }


def test_record_form_keeps_the_retention_of_its_front_matter(undone: Session) -> None:
    firm = with_drafts(undone)
    advance(undone, firm, REPAIR, Status.IN_REVIEW)
    assert found(undone, firm, ORDER)[1].variables == {"retention.service": 3}


def test_values_of_every_type_are_kept_as_json(undone: Session) -> None:
    text = form("about", "企业情况").replace("电话: _", "主要产品: {{ company.products }}\n成立日期: {{ company.founded_on }}")
    firm = founded(undone, "JC", ("hotline: 400-000-0001", "founded_on: 2015-03-01, products: [水壶, 水杯]"))
    cloned(undone, firm, template_set(text))
    submit(undone, firm, "企业情况")
    revision = found(undone, firm, "企业情况")[1]
    undone.flush()
    undone.refresh(revision)
    assert revision.variables == {"company.products": ["水壶", "水杯"], "company.founded_on": "2015-03-01", "retention.service": 3}
    assert "水壶、水杯" in revision.text


def test_fingerprint_covers_the_filled_text_and_signatures_bind_to_it(undone: Session) -> None:
    firm = with_drafts(undone)
    revision = advance(undone, firm, REPAIR)
    assert revision.fingerprint == procedure_fingerprint(parse_procedure(revision.text))
    assert {row.fingerprint for row in signoffs(undone, revision)} == {revision.fingerprint}


def test_value_changed_later_changes_nothing_signed(undone: Session) -> None:
    firm = with_drafts(undone)
    before = advance(undone, firm, REPAIR, at=moment(2, 1)).model_dump()
    set_rate(undone, firm, 2, month=3)
    undone.expire_all()
    assert found(undone, firm, REPAIR)[1].model_dump() == before
    [shown] = [p.revision for p in in_force(undone, firm.organisation.id, day(4, 1)) if p.revision.title == REPAIR]
    assert "返修率不高于 1%" in shown.text


@pytest.mark.parametrize(("before_midnight", "rate"), [(True, 1), (False, 2)])
def test_values_are_those_of_the_organisations_own_day(undone: Session, before_midnight: bool, rate: int) -> None:
    firm = with_drafts(undone)
    set_rate(undone, firm, 2, month=3)
    midnight_in_shanghai = moment(3, 1) - timedelta(hours=10)
    submit(undone, firm, REPAIR, at=midnight_in_shanghai - timedelta(seconds=1) if before_midnight else midnight_in_shanghai)
    assert f"返修率不高于 {rate}%" in found(undone, firm, REPAIR)[1].text


def test_text_submitted_again_after_a_return_takes_the_new_values(undone: Session) -> None:
    firm = with_drafts(undone)
    submit(undone, firm, REPAIR, at=moment(2, 1))
    first = found(undone, firm, REPAIR)[1].fingerprint
    return_(undone, firm, REPAIR, at=moment(2, 2))
    set_rate(undone, firm, 2, month=3)
    submit(undone, firm, REPAIR, at=moment(3, 2))
    again = found(undone, firm, REPAIR)[1]
    assert "返修率不高于 2%" in again.text
    assert again.fingerprint != first


def test_blank_variable_is_refused_with_its_place_and_nothing_changes(undone: Session) -> None:
    firm = with_drafts(undone)
    set_rate(undone, firm, None, month=2)
    _, revision = found(undone, firm, REPAIR)
    before, trail = revision.model_dump(), len(entries(undone, firm.organisation.id))
    with pytest.raises(InputError) as caught:
        submit(undone, firm, REPAIR, at=moment(2, 2))
    assert (caught.value.code, str(caught.value.place)) == ("blank_variable", f"{REPAIR}:23")
    assert "targets.return_repair_rate" in caught.value.message
    assert found(undone, firm, REPAIR)[1].model_dump() == before
    assert len(entries(undone, firm.organisation.id)) == trail


def test_blank_in_a_form_holds_back_the_procedure_too(undone: Session) -> None:
    blank = form("order", ORDER, "顾客: _ | 投诉电话: {{ company.complaint_phone }}")
    firm = with_text(undone, TEXTS[0], TEXTS[1], blank, TEXTS[3])
    before = found(undone, firm, REPAIR)[1].model_dump()
    with pytest.raises(InputError) as caught:
        submit(undone, firm, REPAIR)
    assert (caught.value.code, caught.value.place and caught.value.place.file) == ("blank_variable", ORDER)
    assert found(undone, firm, REPAIR)[1].model_dump() == before


def test_unknown_variable_is_refused_with_the_nearest_name(undone: Session) -> None:
    firm = with_text(undone, TEXTS[1].replace("5 个工作日", "{{ targets.complaint_close_day }} 个工作日"))
    with pytest.raises(InputError, match=r"没有变量 targets\.complaint_close_day，是不是 targets\.complaint_close_days") as caught:
        submit(undone, firm, COMPLAINT)
    assert caught.value.code == "unknown_variable"


def test_text_that_tries_to_escape_the_sandbox_is_refused(undone: Session) -> None:
    firm = with_text(undone, TEXTS[1].replace("5 个工作日", "{{ company.__class__.__mro__ }} 个工作日"))
    with pytest.raises(InputError) as caught:
        submit(undone, firm, COMPLAINT)
    assert caught.value.place
    assert found(undone, firm, COMPLAINT)[1].status is Status.DRAFT

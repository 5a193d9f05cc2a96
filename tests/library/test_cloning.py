"""套用: numbered drafts of a set, whole or not at all, once."""

from __future__ import annotations

import pytest
from small_firm import COMPLAINT, ORDER, REPAIR, SET, TEXTS, VISIT, advance, cloned, form, found, founded, template_set
from sqlalchemy import Engine
from sqlmodel import Session, select

from service.db import reading, writing
from service.documents.models import Document, Revision
from service.documents.queries import documents, running
from service.documents.rules import Status
from service.errors import Conflict, InputError
from service.library.rules import Need, TemplateSet
from service.organisations.models import Organisation
from service.organisations.shipped import catalogue
from service.trail.queries import entries, verify


def with_when(text: str, condition: str) -> str:
    return text.replace("department: service\n", f"department: service\nwhen: {condition}\n", 1)


def test_cloning_makes_numbered_drafts_in_the_order_of_the_set(undone: Session) -> None:
    firm = founded(undone)
    result = cloned(undone, firm)
    assert [document.number for document in result.created] == ["JC/SH-CX-01", "JC/SH-CX-02", "JC/SH-JL-01", "JC/SH-JL-02"]
    pairs = running(undone, firm.organisation.id)
    assert [(pair.revision.title, pair.revision.label) for pair in pairs] == [
        (REPAIR, "A/0"),
        (COMPLAINT, "A/0"),
        (ORDER, "A/0"),
        (VISIT, "A/0"),
    ]
    assert {(pair.revision.status, pair.document.template_set) for pair in pairs} == {(Status.DRAFT, "small")}
    assert (result.present, result.left_out) == ((), ())


def test_cloning_twice_changes_nothing(undone: Session) -> None:
    firm = founded(undone)
    cloned(undone, firm)
    advance(undone, firm, REPAIR)
    before = [row.model_dump() for row in undone.exec(select(Revision))], len(entries(undone, firm.organisation.id))
    again = cloned(undone, firm)
    assert (again.created, again.present) == ((), (REPAIR, COMPLAINT, ORDER, VISIT))
    assert ([row.model_dump() for row in undone.exec(select(Revision))], len(entries(undone, firm.organisation.id))) == before


def test_cloning_again_adds_only_what_the_set_has_gained(undone: Session) -> None:
    firm = founded(undone)
    cloned(undone, firm)
    again = cloned(undone, firm, template_set(*TEXTS, form("survey", "满意度调查表")))
    assert [document.key for document in again.created] == ["survey"]


def test_cloning_leaves_one_entry_per_document_and_one_for_the_set(undone: Session) -> None:
    firm = founded(undone)
    cloned(undone, firm)
    found_ones = [(entry.action, entry.subject_id) for entry in entries(undone, firm.organisation.id)][1:]
    numbers = [document.number for document in documents(undone, firm.organisation.id)]
    assert found_ones == [*(("document:create", number) for number in numbers), ("template_set:clone", "small")]
    assert entries(undone, firm.organisation.id)[-1].details == {"documents": numbers}
    assert verify(undone, firm.organisation.id).position is None


def test_failing_clone_leaves_nothing_behind(engine: Engine) -> None:
    twice = template_set(*TEXTS, TEXTS[0])
    with writing(engine) as session:
        firm = founded(session)
    with pytest.raises(Conflict), writing(engine) as session:
        cloned(session, firm, twice)
    with reading(engine) as session:
        assert session.exec(select(Document)).all() == []
        assert session.exec(select(Revision)).all() == []
        assert [entry.action for entry in entries(session, firm.organisation.id)] == ["organisation:create"]


def needing(departments: tuple[Need, ...] = (), posts: tuple[Need, ...] = ()) -> TemplateSet:
    return TemplateSet("small", "小套", "xy", "", departments, posts, SET.templates)


@pytest.mark.parametrize(
    ("templates", "words"),
    [
        (needing(posts=(Need("inspector", "检验员"), Need("service_manager", "服务部经理"))), "缺少模板用到的岗位：检验员，"),
        (needing(departments=(Need("finance", "财务部"), Need("office", "综合部"))), "缺少模板用到的部门：财务部、综合部，"),
        (needing(posts=(Need("inspector", "检验员", "choices.offers_repair"),)), "检验员"),
    ],
)
def test_chart_that_lacks_a_post_or_department_is_refused_by_name(undone: Session, templates: TemplateSet, words: str) -> None:
    firm = founded(undone)
    with pytest.raises(InputError) as caught:
        cloned(undone, firm, templates)
    assert caught.value.code == "chart_incomplete"
    assert words.replace("：", ":") in caught.value.message.replace("：", ":")
    assert documents(undone, firm.organisation.id) == []


def test_post_that_another_takes_on_or_that_does_not_concern_the_firm_is_no_lack(undone: Session) -> None:
    firm = founded(undone, "JC", ("name: 服务部经理}", "name: 服务部经理, also: [inspector]}"))
    cloned(undone, firm, needing(posts=(Need("inspector", "检验员"), Need("web_officer", "网站运维专员", "choices.sells_online"))))
    assert len(documents(undone, firm.organisation.id)) == 4


def test_template_whose_condition_does_not_hold_is_left_out(undone: Session) -> None:
    firm = founded(undone)
    texts = with_when(TEXTS[0], "choices.sells_online"), with_when(TEXTS[1], "choices.offers_repair"), *TEXTS[2:]
    result = cloned(undone, firm, template_set(*texts))
    assert result.left_out == (REPAIR,)
    assert [document.key for document in result.created] == ["complaint", "order", "visit"]


def test_two_organisations_clone_one_set_without_touching_each_other(undone: Session) -> None:
    one, other = founded(undone, "ONE"), founded(undone, "TWO")
    for firm in (one, other):
        cloned(undone, firm)
    advance(undone, one, REPAIR)
    assert found(undone, other, REPAIR)[1].status is Status.DRAFT
    assert documents(undone, other.organisation.id)[0].number == "TWO/SH-CX-01"


def test_catalogue_and_set_stay_as_they_are(undone: Session) -> None:
    firm = founded(undone)
    cloned(undone, firm)
    assert [template.source for template in SET.templates] == list(TEXTS)
    assert isinstance(firm.organisation, Organisation)
    assert "targets.return_repair_rate" in catalogue()

"""Commands `acknowledgement ask | list | confirm`."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer
from sqlmodel import Session

from service.cli.context import (
    ByOption,
    DateOption,
    JsonOption,
    OrganisationOption,
    RecordedOption,
    acting,
    day,
    guarded,
    moment,
    print_json,
    print_table,
    read_session,
    recorded,
    say,
)
from service.cli.distribution import DocumentOption, LabelOption, NumberArgument, chosen_revision
from service.distribution.acknowledgement_queries import acknowledgement_rows, find_acknowledgement, questions_of
from service.distribution.acknowledging import acknowledge
from service.distribution.asking import Asked
from service.distribution.asking import ask as ask_people
from service.distribution.rules import ACKNOWLEDGEMENT_STATE_NAMES, MISSING, AcknowledgementState
from service.documents.models import Revision
from service.documents.queries import find_document
from service.errors import InputError, NotFound
from service.organisations.queries import find_organisation

app = typer.Typer(no_args_is_help=True, help="阅读确认")


@app.command("ask")
@guarded
def ask(
    number: NumberArgument,
    organisation: OrganisationOption,
    by: ByOption,
    due_on: Annotated[str, typer.Option("--due-on", help="截止日期 YYYY-MM-DD")],
    department: Annotated[list[str] | None, typer.Option("--department", help="部门，可重复")] = None,
    post: Annotated[list[str] | None, typer.Option("--post", help="岗位，可重复")] = None,
    login: Annotated[list[str] | None, typer.Option("--login", help="人员登录名，可重复")] = None,
    label: LabelOption = None,
    json: JsonOption = False,
) -> None:
    """请人阅读确认；不指定部门、岗位和人员时，为发放范围内的全部人员。"""
    whom = Asked(frozenset(department or ()), frozenset(post or ()), frozenset(login or ()))
    with acting(organisation, by) as (session, owner, person):
        document, revision = chosen_revision(session, owner, number, label)
        rows = ask_people(session, owner, document, revision, whom, due_on=day(due_on, owner), by=person, at=moment())
        shown = [{"login": row.login, "name": row.name, "due_on": row.due_on, "id": str(row.id)} for row in rows]
        what = f"{document.number} {revision.label}"
    if json:
        print_json(shown)
    else:
        say(f"已请 {len(shown)} 人在 {shown[0]['due_on']} 前阅读 {what}：{'、'.join(str(row['name']) for row in shown)}")


@app.command("list")
@guarded
def list_acknowledgements(
    organisation: OrganisationOption,
    document: DocumentOption = None,
    login: Annotated[str | None, typer.Option("--login", help="只列此人的")] = None,
    missing: Annotated[bool, typer.Option("--missing", help="只列尚未确认的")] = False,
    as_of: DateOption = None,
    recorded_on: RecordedOption = None,
    json: JsonOption = False,
) -> None:
    """阅读确认清单；--missing 列出谁还没有读。"""
    with read_session() as session:
        owner = find_organisation(session, organisation)
        on, known = day(as_of, owner), recorded(recorded_on)
        only = find_document(session, owner.id, document) if document else None
        states = MISSING if missing else frozenset(AcknowledgementState)
        rows = acknowledgement_rows(session, owner, on, known, document=only, login=login, states=states)
    if json:
        print_json([asdict(row) for row in rows])
        return
    lines = [[r.document, r.label, r.name, r.department, str(r.due_on), ACKNOWLEDGEMENT_STATE_NAMES[r.state]] for r in rows]
    print_table(["文件编号", "版本", "姓名", "部门", "截止日期", "状态"], lines, title=f"{owner.name} 阅读确认 {on}")


@app.command("confirm")
@guarded
def confirm(
    number: NumberArgument,
    organisation: OrganisationOption,
    by: ByOption,
    answer: Annotated[list[str] | None, typer.Option("--answer", help="按题序各答一次，写选项序号（从 1 起），多选写作 1,3")] = None,
) -> None:
    """本人确认已阅读；有题目而未作答时列出题目。"""
    answers = [_positions(words) for words in answer or ()]
    with acting(organisation, by) as (session, owner, person):
        document = find_document(session, owner.id, number)
        today = day(None, owner)
        waiting = acknowledgement_rows(session, owner, today, document=document, login=person.login, states=MISSING)
        if not waiting:
            raise NotFound(f"没有请{person.name}阅读确认 {document.number}，或已经确认", code="acknowledgement_not_found")
        asked = find_acknowledgement(session, owner.id, waiting[-1].id, lock=True)
        if not answers:
            _show_questions(session, asked.revision)
        verdict = acknowledge(session, owner, asked, answers, by=person, at=moment())
        what = f"{document.number} {asked.revision.label}"
    if not verdict.acknowledged:
        say(f"{verdict.questions} 题中答错 {verdict.wrong} 题（第 {verdict.attempts} 次），请重新阅读后再答")
        raise typer.Exit(1)
    say(f"{person.name}已确认阅读 {what}")


def _show_questions(session: Session, revision: Revision) -> None:
    for question in questions_of(session, revision):
        say(f"{question.position}. {question.text}")
        for position, option in enumerate(question.options, 1):
            say(f"   {position}) {option}")


def _positions(words: str) -> list[int]:
    """Options as people count them, from 1, as positions from 0."""
    parts = words.replace("，", ",").split(",")
    if not all(part.strip().isdecimal() and int(part) > 0 for part in parts):
        raise InputError(f"“{words}”不是选项序号，请写成 2，多选写成 1,3", code="bad_answer")
    return [int(part) - 1 for part in parts]

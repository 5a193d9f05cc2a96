"""Commands `document submit … obsolete, edit, revise`: what changes a document; added to the app of documents.py."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Annotated

import typer
from sqlmodel import Session

from service.approvals import actions as approvals
from service.approvals.permission import allowed_steps
from service.approvals.rules import STEP_NAMES, Step
from service.cli.context import (
    ByOption,
    OrganisationOption,
    acting,
    day,
    guarded,
    moment,
    say,
)
from service.cli.documents import NumberArgument, app, listed
from service.documents import queries
from service.documents.actions import draft_next
from service.documents.actions import edit as replace_text
from service.documents.models import Document, Revision
from service.documents.rules import STATUS_NAMES, Status
from service.errors import InputError
from service.kit.reasons import reason as why
from service.organisations.models import Organisation
from service.organisations.rules import Actor
from service.organisations.shipped import catalogue
from service.standards.shipped import standard

ReasonOption = Annotated[str, typer.Option("--reason", help="原因")]


def _step(
    organisation: str, number: str, login: str, take: Callable[[Session, Organisation, Document, Revision, Actor], int | None], name: str
) -> None:
    """Take one step on the running revision of a document, in one transaction. `take` may say how many claims it confirmed."""
    with acting(organisation, login) as (session, owner, person):
        document = queries.find_document(session, owner.id, number)
        revision = queries.running_revision(session, document)
        confirmed = take(session, owner, document, revision, person)
        label, status = revision.label, revision.status
        left = allowed_steps(session, revision, person, at=moment())
    following = f"；{person.name}接下来可以：{'、'.join(STEP_NAMES[step] for step in left)}" if left else ""
    count = "" if confirmed is None else f"；确认了 {confirmed} 条指标对应"
    say(f"{number} {label} 已{name}，当前状态：{STATUS_NAMES[status]}{count}{following}")


@app.command("submit")
@guarded
def submit(number: NumberArgument, organisation: OrganisationOption, by: ByOption) -> None:
    """提交审核（编制人）。"""
    _step(
        organisation,
        number,
        by,
        lambda session, owner, document, revision, person: approvals.submit(
            session, owner, document, revision, standard=standard(), catalogue=catalogue(), by=person, at=moment()
        ),
        STEP_NAMES[Step.SUBMIT],
    )


@app.command("review")
@guarded
def review(
    number: NumberArgument,
    organisation: OrganisationOption,
    by: ByOption,
    confirm: Annotated[str, typer.Option(help="确认的指标对应：all、none 或以逗号分隔的指标编号")] = "all",
) -> None:
    """审核，并逐条确认指标对应。"""
    words = confirm.strip().lower()
    chosen = None if words == "all" else [] if words == "none" else listed(confirm)
    if chosen == [] and words != "none":
        raise InputError("没有写明确认哪些指标对应，请写指标编号，或写 all、none", code="confirm_missing")
    _step(
        organisation,
        number,
        by,
        lambda session, _owner, document, revision, person: approvals.review(
            session, document, revision, standard=standard(), by=person, at=moment(), confirmed=chosen
        ),
        STEP_NAMES[Step.REVIEW],
    )


@app.command("countersign")
@guarded
def countersign(number: NumberArgument, organisation: OrganisationOption, by: ByOption) -> None:
    """会签（审批规则列出的岗位）。"""
    _step(
        organisation,
        number,
        by,
        lambda session, _owner, document, revision, person: approvals.countersign(session, document, revision, by=person, at=moment()),
        STEP_NAMES[Step.COUNTERSIGN],
    )


@app.command("approve")
@guarded
def approve(number: NumberArgument, organisation: OrganisationOption, by: ByOption) -> None:
    """批准。"""
    _step(
        organisation,
        number,
        by,
        lambda session, _owner, document, revision, person: approvals.approve(session, document, revision, by=person, at=moment()),
        STEP_NAMES[Step.APPROVE],
    )


@app.command("release")
@guarded
def release(
    number: NumberArgument,
    organisation: OrganisationOption,
    by: ByOption,
    effective_on: Annotated[str | None, typer.Option(help="实施日期 YYYY-MM-DD，默认今天")] = None,
) -> None:
    """发布（文控员）。"""

    def take(session: Session, owner: Organisation, document: Document, revision: Revision, person: Actor) -> None:
        on: date = day(effective_on, owner)
        approvals.release(session, owner, document, revision, by=person, at=moment(), effective_on=on)

    _step(organisation, number, by, take, STEP_NAMES[Step.RELEASE])


@app.command("return")
@guarded
def return_(number: NumberArgument, organisation: OrganisationOption, by: ByOption, reason: ReasonOption) -> None:
    """退回修改。"""
    _step(
        organisation,
        number,
        by,
        lambda session, _owner, document, revision, person: approvals.return_(
            session, document, revision, by=person, at=moment(), reason=reason
        ),
        STEP_NAMES[Step.RETURN],
    )


@app.command("withdraw")
@guarded
def withdraw(number: NumberArgument, organisation: OrganisationOption, by: ByOption) -> None:
    """撤回（编制人）。"""
    _step(
        organisation,
        number,
        by,
        lambda session, _owner, document, revision, person: approvals.withdraw(session, document, revision, by=person, at=moment()),
        STEP_NAMES[Step.WITHDRAW],
    )


@app.command("edit")
@guarded
def edit(
    number: NumberArgument,
    file: Annotated[Path, typer.Argument(metavar="FILE.md", help="新的正文")],
    organisation: OrganisationOption,
    by: ByOption,
) -> None:
    """用文件内容替换编制中修订的正文。"""
    source = _text_of(file)
    with acting(organisation, by) as (session, owner, person):
        document = queries.find_document(session, owner.id, number)
        revision = queries.running_revision(session, document)
        replace_text(session, document, revision, source, by=person, at=moment(), file=str(file))
        label, title = revision.label, revision.title
    say(f"{number} {label}《{title}》的正文已替换")


def _text_of(file: Path) -> str:
    try:
        return file.read_text("utf-8-sig")
    except OSError as fault:
        raise InputError(f"无法读取 {file}：{why(fault)}", code="file_not_readable") from fault
    except UnicodeDecodeError as fault:
        raise InputError(f"{file} 不是 UTF-8 文本，请另存为 UTF-8", code="file_not_utf8") from fault


@app.command("revise")
@guarded
def revise(
    number: NumberArgument,
    organisation: OrganisationOption,
    by: ByOption,
    reason: ReasonOption,
    reissue: Annotated[bool, typer.Option("--reissue", help="换版：版本加一，修订状态从 0 开始")] = False,
) -> None:
    """起草下一修订，原因记入修改记录。"""
    with acting(organisation, by) as (session, owner, person):
        document = queries.find_document(session, owner.id, number)
        label = draft_next(session, document, by=person, at=moment(), change_summary=reason, reissue=reissue).label
    say(f"{number} 已起草 {label}，当前状态：{STATUS_NAMES[Status.DRAFT]}")


@app.command("obsolete")
@guarded
def obsolete(
    number: NumberArgument,
    organisation: OrganisationOption,
    by: ByOption,
    reason: ReasonOption,
    on: Annotated[str | None, typer.Option("--on", help="作废日期 YYYY-MM-DD，默认今天")] = None,
) -> None:
    """作废现行有效的修订。"""
    with acting(organisation, by) as (session, owner, person):
        document = queries.find_document(session, owner.id, number)
        revision = queries.revision_in_force(session, document, day(on, owner))
        if revision is None:
            raise InputError(f"文件 {number} 没有现行有效的修订", code="not_in_force")
        forms = approvals.obsolete(session, document, revision, on=day(on, owner), by=person, at=moment(), reason=reason)
        along = "、".join(form.number for form in forms)
    say(f"{number} 已作废" + (f"，随之作废的记录表单：{along}" if along else ""))

"""Commands `document list | show | export | edit | revise` and the steps of the lifecycle."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Annotated

import typer
from sqlmodel import Session

from service.approvals import actions as approvals
from service.approvals.queries import allowed_steps, signoffs
from service.approvals.rules import MEANING_NAMES, STEP_NAMES, Step
from service.cli.context import (
    ByOption,
    DateOption,
    JsonOption,
    OrganisationOption,
    day,
    guarded,
    moment,
    print_json,
    print_table,
    read_session,
    say,
    who,
    write_session,
)
from service.clock import local_date, today
from service.documents import queries
from service.documents.actions import draft_next
from service.documents.actions import edit as replace_text
from service.documents.models import Document, Revision
from service.documents.rules import KIND_NAMES, STATUS_NAMES, Status
from service.documents.schemas import line, revision_json
from service.errors import InputError, NotFound
from service.kit.output import write_all
from service.kit.reasons import reason as why
from service.organisations.models import Organisation
from service.organisations.queries import find_organisation
from service.organisations.rules import Actor
from service.organisations.shipped import catalogue
from service.settings import settings
from service.standards.shipped import register, standard

app = typer.Typer(no_args_is_help=True, help="受控文件")
NumberArgument = Annotated[str, typer.Argument(metavar="NUMBER", help="文件编号")]
ReasonOption = Annotated[str, typer.Option("--reason", help="原因")]
_MARKS = re.compile(r"[,，、]")


def _listed(words: str) -> list[str]:
    """The entries of a list as people write it: separated by , ， or 、 with or without blanks."""
    return [entry.strip() for entry in _MARKS.split(words) if entry.strip()]


@app.command("list")
@guarded
def list_(organisation: OrganisationOption, as_of: DateOption = None, json: JsonOption = False) -> None:
    """文件清单：不给日期时列出现行和在途的文件，给日期时只列当日现行有效的。"""
    with read_session() as session:
        owner = find_organisation(session, organisation)
        pairs = (
            queries.in_force(session, owner.id, day(as_of, owner)) if as_of else queries.current(session, owner.id, today(owner.time_zone))
        )
    if json:
        print_json([line(pair).model_dump() for pair in pairs])
        return
    rows = [
        [
            p.document.number,
            p.revision.title,
            KIND_NAMES[p.document.kind],
            p.revision.label,
            STATUS_NAMES[p.revision.status],
            str(p.revision.effective_on or ""),
        ]
        for p in pairs
    ]
    print_table(["编号", "名称", "类别", "版本", "状态", "实施日期"], rows, title=f"{owner.name} 受控文件")


@app.command("show")
@guarded
def show(number: NumberArgument, organisation: OrganisationOption, json: JsonOption = False) -> None:
    """显示一份文件的修订、签署和正文。"""
    with read_session() as session:
        owner = find_organisation(session, organisation)
        document = queries.find_document(session, owner.id, number)
        history = queries.revisions(session, document)
        signed = {row.id: signoffs(session, row) for row in history}
    revisions = [
        revision_json(row)
        | {
            "signoffs": [{"meaning": s.meaning.value, "name": s.name, "post": s.post, "at": s.at.isoformat()} for s in signed[row.id]],
        }
        for row in history
    ]
    newest = history[-1]
    if json:
        print_json({"number": document.number, "kind": document.kind.value, "revisions": revisions, "text": newest.text or newest.source})
        return
    say(f"{document.number}《{newest.title}》 {newest.label} {STATUS_NAMES[newest.status]}")
    for row in signed[newest.id]:
        say(f"  {MEANING_NAMES[row.meaning]}：{row.name}（{row.post}） {local_date(row.at, owner.time_zone)}")
    say(newest.text or newest.source)


@app.command("export")
@guarded
def export(
    number: NumberArgument,
    organisation: OrganisationOption,
    formats: Annotated[str, typer.Option("--format", help="md,docx,pdf,html")] = "docx",
    output: Annotated[Path, typer.Option("--output", help="输出文件夹")] = Path(),
    as_of: DateOption = None,
) -> None:
    """导出一份现行有效的文件。"""
    from service.book.theme import FORMAL
    from service.manuals.build import export_document
    from service.manuals.queries import load_source

    with read_session() as session:
        owner = find_organisation(session, organisation)
        on = day(as_of, owner)
        source = load_source(session, owner, standard(), register(), on=on)
        texts = {pair.document.number: pair.revision.text for pair in queries.in_force(session, owner.id, on)}
    wanted = next((document for document in source.documents if document.number == number), None)
    if wanted is None:
        raise NotFound(f"{on} 没有现行有效的文件 {number}", code="document_not_in_force")
    files = export_document(source, wanted, texts[number], _listed(formats), FORMAL, settings().fonts)
    for path in write_all(output, files):
        say(str(path))


def _step(
    organisation: str, number: str, login: str, take: Callable[[Session, Organisation, Document, Revision, Actor], int | None], name: str
) -> None:
    """Take one step on the running revision of a document, in one transaction. `take` may say how many claims it confirmed."""
    with write_session() as session:
        owner, person = who(session, organisation, login)
        document = queries.find_document(session, owner.id, number)
        revision = queries.running_revision(session, document)
        confirmed = take(session, owner, document, revision, person)
        label, status = revision.label, revision.status
        left = allowed_steps(session, revision, person)
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
    chosen = None if words == "all" else [] if words == "none" else _listed(confirm)
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
    with write_session() as session:
        owner, person = who(session, organisation, by)
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
    with write_session() as session:
        owner, person = who(session, organisation, by)
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
    with write_session() as session:
        owner, person = who(session, organisation, by)
        document = queries.find_document(session, owner.id, number)
        revision = queries.revision_in_force(session, document, day(on, owner))
        if revision is None:
            raise InputError(f"文件 {number} 没有现行有效的修订", code="not_in_force")
        forms = approvals.obsolete(session, document, revision, on=day(on, owner), by=person, at=moment(), reason=reason)
        along = "、".join(form.number for form in forms)
    say(f"{number} 已作废" + (f"，随之作废的记录表单：{along}" if along else ""))

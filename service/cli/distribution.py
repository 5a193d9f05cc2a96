"""Commands `copy issue | list | receive | recall | settle | register`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from datetime import date
from pathlib import Path
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
from service.distribution import actions
from service.distribution.issue import issue as issue_copies
from service.distribution.issue import issue_to_recipients
from service.distribution.queries import (
    copies_numbered,
    copy_rows,
    find_revision,
)
from service.distribution.register import FORMATS, as_json, register_on
from service.distribution.rows import HeldCopy
from service.distribution.rules import (
    COPY_STATUS_NAMES,
    MEDIUM_NAMES,
    CopyHolder,
    CopyStatus,
    Medium,
    Outcome,
)
from service.documents.models import Document, Revision
from service.documents.queries import find_document
from service.errors import InputError, NotFound
from service.kit.output import write_all
from service.organisations.models import Organisation
from service.organisations.queries import find_organisation
from service.organisations.rules import Actor

app = typer.Typer(no_args_is_help=True, help="受控本：发放、签收、回收、处置、登记表")

NumberArgument = Annotated[str, typer.Argument(metavar="NUMBER", help="文件编号")]
CopyArgument = Annotated[int, typer.Argument(metavar="COPY", min=1, help="分发号")]
LabelOption = Annotated[str | None, typer.Option("--label", help="版本/修订状态，默认现行有效的修订")]
OnOption = Annotated[str | None, typer.Option("--on", help="发生日期 YYYY-MM-DD，默认今天")]
RemarkOption = Annotated[str, typer.Option("--remark", help="说明")]
DocumentOption = Annotated[str | None, typer.Option("--document", help="只列这份文件的")]


@app.command("issue")
@guarded
def issue(
    number: NumberArgument,
    organisation: OrganisationOption,
    by: ByOption,
    holder: Annotated[list[str] | None, typer.Option("--holder", help="持有人登录名，可重复")] = None,
    outside: Annotated[list[str] | None, typer.Option("--outside", help="没有登录名的持有人，写作“姓名@单位”，可重复")] = None,
    recipients: Annotated[bool, typer.Option("--recipients", help="发放范围内每人一份电子受控本")] = False,
    medium: Annotated[Medium, typer.Option("--medium", help="paper 纸质，electronic 电子")] = Medium.PAPER,
    label: LabelOption = None,
    on: OnOption = None,
    remark: RemarkOption = "",
    json: JsonOption = False,
) -> None:
    """发放受控本：全部发放，或都不发放。"""
    if recipients and (holder or outside):
        raise InputError("--recipients 按发放范围发放，不能再用 --holder 或 --outside 指定持有人", code="holders_twice")
    holders = [CopyHolder(login) for login in holder or ()] + [_outside(words) for words in outside or ()]
    with acting(organisation, by) as (session, owner, person):
        document, revision = chosen_revision(session, owner, number, label)
        at = moment()
        if recipients:
            made = issue_to_recipients(session, owner, document, revision, by=person, at=at)
        else:
            issued_on = day(on, owner)
            made = issue_copies(session, owner, document, revision, holders, medium=medium, by=person, at=at, on=issued_on, remark=remark)
        shown = [{"copy_number": copy.copy_number, "holder_name": copy.holder_name, "id": str(copy.id)} for copy in made]
        what = f"{document.number} {revision.label}"
    if json:
        print_json(shown)
    else:
        say(f"{what} 已发放 {len(shown)} 份：" + "、".join(f"分发号 {row['copy_number']} {row['holder_name']}" for row in shown))


@app.command("list")
@guarded
def list_copies(
    organisation: OrganisationOption,
    document: DocumentOption = None,
    holder: Annotated[str | None, typer.Option("--holder", help="持有人的登录名；没有登录名的用姓名")] = None,
    status: Annotated[CopyStatus | None, typer.Option("--status", help="当日状态")] = None,
    as_of: DateOption = None,
    recorded_on: RecordedOption = None,
    json: JsonOption = False,
) -> None:
    """受控本清单。"""
    with read_session() as session:
        owner = find_organisation(session, organisation)
        on, known = day(as_of, owner), recorded(recorded_on)
        only = find_document(session, owner.id, document) if document else None
        rows = copy_rows(session, owner, on, known, document=only, holder=holder, status=status)
    if json:
        print_json([asdict(row) for row in rows])
        return
    lines = [
        [r.document, r.label, str(r.copy_number), r.holder_name, r.department, MEDIUM_NAMES[r.medium], COPY_STATUS_NAMES[r.status]]
        for r in rows
    ]
    print_table(["文件编号", "版本", "分发号", "持有人", "部门", "载体", "状态"], lines, title=f"{owner.name} 受控本 {on}")


@app.command("receive")
@guarded
def receive(
    number: NumberArgument,
    copy: CopyArgument,
    organisation: OrganisationOption,
    by: ByOption,
    label: LabelOption = None,
    on: OnOption = None,
    remark: RemarkOption = "",
) -> None:
    """签收：持有人本人；纸质受控本也可由文控员凭签收记录登记（--remark 写明签收记录）。"""
    _act(
        (organisation, by, number, copy, label),
        "签收",
        lambda session, owner, held, person: actions.receive(
            session, owner, held, by=person, at=moment(), on=_given(on, owner), remark=remark
        ),
    )


@app.command("recall")
@guarded
def recall(
    number: NumberArgument,
    copy: CopyArgument,
    organisation: OrganisationOption,
    by: ByOption,
    label: LabelOption = None,
    on: OnOption = None,
    remark: RemarkOption = "",
) -> None:
    """登记收回；修订仍然有效时须用 --remark 写明原因。"""
    _act(
        (organisation, by, number, copy, label),
        "收回",
        lambda session, owner, held, person: actions.recall(
            session, owner, held, by=person, at=moment(), on=_given(on, owner), remark=remark
        ),
    )


@app.command("settle")
@guarded
def settle(
    number: NumberArgument,
    copy: CopyArgument,
    organisation: OrganisationOption,
    by: ByOption,
    outcome: Annotated[Outcome, typer.Option("--outcome", help="destroyed 销毁，retained 作废保留，lost 遗失")],
    witness: Annotated[str, typer.Option("--witness", help="销毁的见证人")] = "",
    label: LabelOption = None,
    on: OnOption = None,
    remark: RemarkOption = "",
) -> None:
    """登记处置：销毁、作废保留或遗失。"""

    def take(session: Session, owner: Organisation, held: HeldCopy, person: Actor) -> None:
        actions.settle(session, owner, held, outcome, witness=witness, by=person, at=moment(), on=_given(on, owner), remark=remark)

    _act((organisation, by, number, copy, label), "处置", take)


@app.command("register")
@guarded
def register(
    organisation: OrganisationOption,
    document: DocumentOption = None,
    as_of: DateOption = None,
    recorded_on: RecordedOption = None,
    format_: Annotated[str | None, typer.Option("--format", help="json、xlsx、docx，默认按输出文件的扩展名")] = None,
    output: Annotated[Path | None, typer.Option("--output", help="输出文件")] = None,
) -> None:
    """文件发放回收登记表：某日的，按系统某时刻所知。"""
    wanted = format_ or (output.suffix.removeprefix(".").lower() if output else "json")
    if wanted not in FORMATS:
        raise InputError(f"没有 {wanted} 格式，可用：{'、'.join(FORMATS)}", code="unknown_format")
    with read_session() as session:
        owner = find_organisation(session, organisation)
        only = find_document(session, owner.id, document) if document else None
        made = register_on(session, owner, day(as_of, owner), recorded(recorded_on), only)
    if output is not None:
        write_all(output.parent, {output.name: FORMATS[wanted](made)})
        say(str(output))
    elif wanted == "json":
        print_json(as_json(made))
    else:
        raise InputError(f"输出 {wanted} 时请用 --output 指定文件", code="output_missing")


def _outside(words: str) -> CopyHolder:
    name, found, place = words.partition("@")
    if not found:
        raise InputError(f"“{words}”缺少单位，请写作“姓名@单位”", code="bad_holder")
    return CopyHolder("", name, place)


def _given(on: str | None, owner: Organisation) -> date | None:
    return None if on is None else day(on, owner)


def chosen_revision(session: Session, owner: Organisation, number: str, label: str | None) -> tuple[Document, Revision]:
    document = find_document(session, owner.id, number)
    return document, find_revision(session, document, label, day(None, owner))


def _act(which: tuple[str, str, str, int, str | None], done: str, take: Callable[[Session, Organisation, HeldCopy, Actor], None]) -> None:
    """Do something with one copy, in one transaction; `which`: organisation, log-in name, document, 分发号, label."""
    organisation, login, number, copy_number, label = which
    with acting(organisation, login) as (session, owner, person):
        held = _copy(session, find_document(session, owner.id, number), copy_number, label)
        take(session, owner, held, person)
        name = held.name
    say(f"{name} 已登记{done}")


def _copy(session: Session, document: Document, copy_number: int, label: str | None) -> HeldCopy:
    """The copy under this number; where several revisions are still out, `label` says which."""
    found = [held for held in copies_numbered(session, document, copy_number) if label in (None, held.revision.label)]
    if not found:
        raise NotFound(f"{document.number} 没有在外的分发号 {copy_number} 受控本", code="copy_not_found")
    if len(found) > 1:
        labels = "、".join(held.revision.label for held in found)
        raise InputError(f"分发号 {copy_number} 有多个修订的受控本在外（{labels}），请用 --label 指定", code="label_missing")
    return found[0]

"""Commands `change request | submit | approve | reject | withdraw | list | show | impact | export`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer
from sqlmodel import Session

from service.changes import actions, decisions
from service.changes.forms import findings
from service.changes.gather import impact_on
from service.changes.models import ChangeRequest
from service.changes.queries import carried_out, documents_of, find_request, requests, rows_of, status_of
from service.changes.rules import CHANGE_NAMES, STATUS_NAMES, ChangeForm, ChangeKind, ChangeStatus, FileFormat, Wanted
from service.changes.schemas import RequestBody, request_body, request_line
from service.changes.seals import seal_fault
from service.changes.values import open_for_values
from service.cli.context import (
    ByOption,
    DateOption,
    JsonOption,
    OrganisationOption,
    acting,
    day,
    guarded,
    moment,
    print_json,
    print_table,
    read_session,
    say,
)
from service.cli.documents import listed
from service.clock import local_date
from service.documents.queries import find_document
from service.errors import InputError
from service.kit.output import write_all
from service.organisations.models import Organisation
from service.organisations.queries import find_organisation
from service.organisations.rules import Actor
from service.organisations.shipped import catalogue
from service.settings import settings
from service.standards.shipped import standard
from service.text.model import Kind
from service.trail.rules import plain

app = typer.Typer(no_args_is_help=True, help="文件更改申请")

NumberArgument = Annotated[str, typer.Argument(metavar="NUMBER", help="申请编号，例如 GG-2026-001")]
CommentOption = Annotated[str, typer.Option("--comment", help="审批意见")]
Changes = list[str] | None
Take = Callable[[Session, Organisation, ChangeRequest, Actor], None]


@app.command("request")
@guarded
def request(
    organisation: OrganisationOption,
    by: ByOption,
    title: Annotated[str, typer.Option("--title", help="更改标题")] = "",
    reason: Annotated[str, typer.Option("--reason", help="更改原因")] = "",
    revise: Annotated[Changes, typer.Option("--revise", help="修改：“文件编号=拟更改的内容”或“文件编号#位置=内容”，可重复")] = None,
    reissue: Annotated[Changes, typer.Option("--reissue", help="换版，写法相同")] = None,
    obsolete: Annotated[Changes, typer.Option("--obsolete", help="作废：文件编号，可重复")] = None,
    create: Annotated[
        Changes, typer.Option("--create", help="新增：“类别:部门:名称=内容”，类别为 procedure、work_instruction 或 record_form")
    ] = None,
    from_values: Annotated[bool, typer.Option("--from-values", help="就企业参数已变化的文件填写")] = False,
    json: JsonOption = False,
) -> None:
    """填写一份文件更改申请；提交之后才进入审批。"""
    items = [*_changes(ChangeKind.REVISE, revise), *_changes(ChangeKind.REISSUE, reissue), *_ended(obsolete), *_new(create)]
    if from_values and (items or reason):
        raise InputError("--from-values 由系统列出更改，不能再写别的更改和原因", code="items_twice")
    with acting(organisation, by) as (session, owner, person):
        if from_values:
            options = {"title": title} if title else {}
            made = open_for_values(session, owner, catalogue=catalogue(), by=person, at=moment(), **options)
        else:
            made = actions.open_request(session, owner, title=title, reason=reason, items=items, by=person, at=moment())
        shown = _body(session, owner, made)
    _tell(shown, "已填写", json)


@app.command("submit")
@guarded
def submit(number: NumberArgument, organisation: OrganisationOption, by: ByOption, json: JsonOption = False) -> None:
    """提交审批；影响分析随之固定。"""

    def take(session: Session, owner: Organisation, found: ChangeRequest, person: Actor) -> None:
        actions.submit(session, owner, found, standard=standard(), catalogue=catalogue(), by=person, at=moment())

    _step(organisation, number, by, take, "已提交", json)


@app.command("approve")
@guarded
def approve(
    number: NumberArgument, organisation: OrganisationOption, by: ByOption, comment: CommentOption = "", json: JsonOption = False
) -> None:
    """批准：由此产生各文件的草稿。"""

    def take(session: Session, owner: Organisation, found: ChangeRequest, person: Actor) -> None:
        decisions.approve(session, owner, found, by=person, at=moment(), comment=comment)

    _step(organisation, number, by, take, "已批准", json)


@app.command("reject")
@guarded
def reject(
    number: NumberArgument, organisation: OrganisationOption, by: ByOption, comment: CommentOption, json: JsonOption = False
) -> None:
    """否决，并写明理由。"""

    def take(session: Session, owner: Organisation, found: ChangeRequest, person: Actor) -> None:
        decisions.reject(session, owner, found, by=person, at=moment(), comment=comment)

    _step(organisation, number, by, take, "已否决", json)


@app.command("withdraw")
@guarded
def withdraw(number: NumberArgument, organisation: OrganisationOption, by: ByOption, json: JsonOption = False) -> None:
    """撤回尚未审批的申请。"""

    def take(session: Session, _owner: Organisation, found: ChangeRequest, person: Actor) -> None:
        actions.withdraw(session, found, by=person, at=moment())

    _step(organisation, number, by, take, "已撤回", json)


@app.command("list")
@guarded
def list_(
    organisation: OrganisationOption,
    status: Annotated[ChangeStatus | None, typer.Option("--status", help="申请的状态")] = None,
    json: JsonOption = False,
) -> None:
    """申请清单，最近的在前。"""
    with read_session() as session:
        owner = find_organisation(session, organisation)
        done, documents = carried_out(session, owner.id), documents_of(session, owner.id)
        found = [request_line(row, status_of(row, done), documents.get(row.id, [])) for row in requests(session, owner.id)]
    lines = [line for line in found if status in (None, line.status)]
    if json:
        print_json([line.model_dump(mode="json") for line in lines])
        return
    rows = [
        [
            line.number,
            line.title,
            STATUS_NAMES[line.status],
            line.created_name,
            str(local_date(line.created_at, owner.time_zone)),
            "、".join(line.documents),
        ]
        for line in lines
    ]
    print_table(["编号", "标题", "状态", "申请人", "日期", "文件"], rows, title=f"{owner.name} 文件更改申请")


@app.command("show")
@guarded
def show(number: NumberArgument, organisation: OrganisationOption, json: JsonOption = False) -> None:
    """显示一份申请：更改、影响、审批和结果。"""
    with read_session() as session:
        owner = find_organisation(session, organisation)
        shown = _body(session, owner, find_request(session, owner.id, number))
    if json:
        print_json(shown.model_dump(mode="json"))
        return
    for line in _lines(shown):
        say(line)


@app.command("impact")
@guarded
def impact(
    number: Annotated[str, typer.Argument(metavar="DOCUMENT", help="文件编号")],
    organisation: OrganisationOption,
    as_of: DateOption = None,
    json: JsonOption = False,
) -> None:
    """更改一份文件会影响什么。"""
    with read_session() as session:
        owner = find_organisation(session, organisation)
        document = find_document(session, owner.id, number)
        found = impact_on(session, owner, document, day(as_of, owner), standard=standard(), catalogue=catalogue())
    if json:
        print_json(_plain(found))
        return
    for each in _plain(found)["documents"]:
        for line in _impact(each):
            say(line)


@app.command("export")
@guarded
def export(
    number: NumberArgument,
    organisation: OrganisationOption,
    form: Annotated[ChangeForm, typer.Option("--form", help="form 申请单，notice 更改通知，change-pages 修改页")] = ChangeForm.FORM,
    formats: Annotated[str, typer.Option("--format", help="docx,pdf")] = "docx",
    output: Annotated[Path, typer.Option("--output", help="输出文件夹")] = Path(),
) -> None:
    """导出文件更改申请单、更改通知或修改页。"""
    from service.changes.export import file_name, form_book, rendered  # what prints is loaded when something is printed

    wanted = [_format(name) for name in listed(formats)]
    with read_session() as session:
        owner = find_organisation(session, organisation)
        found = find_request(session, owner.id, number)
        book = form_book(session, owner, found, form, day(None, owner))
    files = {file_name(found, form, each): rendered(book, each, settings().fonts) for each in wanted}
    for path in write_all(output, files):
        say(str(path))


def _changes(kind: ChangeKind, given: Changes) -> Iterator[Wanted]:
    """NUMBER=TEXT or NUMBER#SECTION=TEXT."""
    for words in given or ():
        where, _, proposed = words.partition("=")
        number, _, section = where.partition("#")
        yield Wanted(kind, number, section, proposed)


def _ended(given: Changes) -> Iterator[Wanted]:
    yield from (Wanted(ChangeKind.OBSOLETE, number) for number in given or ())


def _new(given: Changes) -> Iterator[Wanted]:
    """KIND:DEPARTMENT:TITLE=TEXT."""
    for words in given or ():
        what, _, proposed = words.partition("=")
        kind, _, rest = what.partition(":")
        department, _, title = rest.partition(":")
        if kind not in tuple(Kind):
            raise InputError(f"“{words}”看不懂，新增请写成“procedure:部门:名称=内容”", code="bad_change")
        yield Wanted(ChangeKind.CREATE, proposed=proposed, title=title, document_kind=Kind(kind), department=department)


def _format(name: str) -> FileFormat:
    if name not in tuple(FileFormat):
        raise InputError(f"没有这种格式：{name}，可用：{'、'.join(FileFormat)}", code="unknown_format")
    return FileFormat(name)


def _step(organisation: str, number: str, by: str, take: Take, done: str, json: bool) -> None:
    """One step on a request, in one transaction."""
    with acting(organisation, by) as (session, owner, person):
        found = find_request(session, owner.id, number)
        take(session, owner, found, person)
        shown = _body(session, owner, found)
    _tell(shown, done, json)


def _body(session: Session, owner: Organisation, found: ChangeRequest) -> RequestBody:
    status = status_of(found, carried_out(session, owner.id))
    return request_body(found, status, rows_of(session, found), seal_fault(session, owner, found), ())


def _tell(shown: RequestBody, done: str, json: bool) -> None:
    if json:
        print_json(shown.model_dump(mode="json"))
        return
    drafts = dict.fromkeys(f"{item.number} {item.label}" for item in shown.items if item.label)
    say(f"{shown.number} {done}，当前状态：{STATUS_NAMES[shown.status]}" + (f"；草稿：{'、'.join(drafts)}" if drafts else ""))


def _lines(shown: RequestBody) -> Iterator[str]:
    yield f"{shown.number} {shown.title}（{STATUS_NAMES[shown.status]}）"
    yield f"申请人：{shown.created_name} {shown.created_post}"
    yield f"原因：{shown.reason}"
    for position, item in enumerate(shown.items, 1):
        what = " ".join(part for part in (item.number, f"《{item.title}》", item.section) if part)
        label = f"（{item.former_label or '—'} → {item.label}）" if item.label else ""
        yield f"{position}. {CHANGE_NAMES[item.kind]} {what}{label}" + (f"：{item.proposed}" if item.proposed else "")
    for each in _plain(shown.impact)["documents"] if shown.impact else ():
        yield from _impact(each)
    if shown.decision:
        verdict = "批准" if shown.decision.granted else "否决"
        comment = f"，意见：{shown.decision.comment}" if shown.decision.comment else ""
        yield f"{verdict}：{shown.decision.post} {shown.decision.name}{comment}"
        yield f"审批印记：{shown.decision.fault or shown.decision.seal}"


def _impact(each: dict[str, Any]) -> Iterable[str]:
    yield f"影响 {each['number']}《{each['title']}》{each['label']}："
    for aspect, what, note in findings(each):
        yield f"  {aspect}：{what}" + (f"（{note}）" if note else "")


def _plain(found: Any) -> dict[str, Any]:
    """An impact as the JSON that is stored of it."""
    return plain(asdict(found))

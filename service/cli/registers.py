"""Commands `review due | record | history` and `external list | add | adopt | check | end`."""

from __future__ import annotations

from typing import Annotated

import typer

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
from service.documents import external as register_actions
from service.documents.due_list import due_items
from service.documents.external import Finding, NewExternal
from service.documents.external_queries import external_entries, find_external
from service.documents.external_rules import UNCHECKED, ExternalKind
from service.documents.queries import find_document
from service.documents.register_schemas import due_line, external_line, review_line
from service.documents.review_queries import reviews_of
from service.documents.review_rules import NOTICE_DAYS, TASK_NAMES, VERDICT_NAMES, Verdict, days_words
from service.documents.reviews import record_review
from service.organisations.queries import find_organisation
from service.standards.rules import REFERENCE_STATUS_NAMES, ReferenceStatus
from service.standards.shipped import register

reviews = typer.Typer(no_args_is_help=True, help="定期评审")
externals = typer.Typer(no_args_is_help=True, help="外来文件")
NumberArgument = Annotated[str, typer.Argument(metavar="NUMBER", help="文件编号")]
StatusOption = Annotated[ReferenceStatus, typer.Option("--status", help="in_force 现行，replaced 被代替，withdrawn 废止，unknown 不明")]


@reviews.command("due")
@guarded
def due(
    organisation: OrganisationOption,
    as_of: DateOption = None,
    recorded_on: RecordedOption = None,
    within: Annotated[int, typer.Option(min=0, max=3660, help="列出今后多少天内到期的")] = NOTICE_DAYS,
    json: JsonOption = False,
) -> None:
    """到期清单：定期评审、评审结论待办、应核对的外来文件。"""
    with read_session() as session:
        owner = find_organisation(session, organisation)
        on = day(as_of, owner)
        items = due_items(session, owner, on, recorded(recorded_on), within=within)
    if json:
        print_json([due_line(item).model_dump() for item in items])
        return
    rows = [[i.number, i.title, TASK_NAMES[i.task], i.department_name, f"{i.due_on} {days_words(i.days_left)}"] for i in items]
    print_table(["编号", "名称", "事项", "部门", "到期"], rows, title=f"{owner.name} 到期清单 {on}")


@reviews.command("record")
@guarded
def record(
    numbers: Annotated[list[str], typer.Argument(metavar="NUMBER…", help="文件编号，可写多个")],
    organisation: OrganisationOption,
    by: ByOption,
    verdict: Annotated[Verdict, typer.Option("--verdict", help="keep 继续有效，revise 需修订，make_obsolete 应作废")],
    comment: Annotated[str, typer.Option("--comment", help="评审意见；需修订或应作废时必填")] = "",
    on: Annotated[str | None, typer.Option("--on", help="评审日期 YYYY-MM-DD，默认今天")] = None,
) -> None:
    """记录定期评审；多个文件同一结论时一次记下，全部成功或全部不记。"""
    with acting(organisation, by) as (session, owner, person):
        for number in numbers:
            document = find_document(session, owner.id, number)
            record_review(session, owner, document, verdict, comment=comment, reviewed_on=day(on, owner), by=person, at=moment())
    say(f"已记录定期评审，结论“{VERDICT_NAMES[verdict]}”：{'、'.join(numbers)}")


@reviews.command("history")
@guarded
def history(number: NumberArgument, organisation: OrganisationOption, json: JsonOption = False) -> None:
    """一份文件的历次定期评审。"""
    with read_session() as session:
        owner = find_organisation(session, organisation)
        document = find_document(session, owner.id, number)
        lines = [review_line(number, review, revision) for review, revision in reviews_of(session, document)]
    if json:
        print_json([line.model_dump(mode="json") for line in lines])
        return
    rows = [[str(each.reviewed_on), each.label, VERDICT_NAMES[each.verdict], each.comment, f"{each.name} {each.post}"] for each in lines]
    print_table(["评审日期", "版本", "结论", "意见", "评审人"], rows, title=f"{number} 定期评审")


@externals.command("list")
@guarded
def list_externals(
    organisation: OrganisationOption, as_of: DateOption = None, recorded_on: RecordedOption = None, json: JsonOption = False
) -> None:
    """外来文件登记册。"""
    with read_session() as session:
        owner = find_organisation(session, organisation)
        lines = [external_line(entry) for entry in external_entries(session, owner, day(as_of, owner), recorded(recorded_on))]
    if json:
        print_json([line.model_dump() for line in lines])
        return
    rows = [[e.number, e.title, e.edition, REFERENCE_STATUS_NAMES[e.status], str(e.checked_on or UNCHECKED)] for e in lines]
    print_table(["编号", "名称", "版次", "状态", "核对日期"], rows, title=f"{owner.name} 外来文件")


@externals.command("add")
@guarded
def add(
    number: NumberArgument,
    organisation: OrganisationOption,
    by: ByOption,
    title: Annotated[str, typer.Option("--title", help="文件名称")],
    kind: Annotated[ExternalKind, typer.Option("--kind", help="law 法律法规，standard 标准，other 其他")],
    edition: Annotated[str, typer.Option("--edition", help="版次")] = "",
    status: StatusOption = ReferenceStatus.UNKNOWN,
    replaced_by: Annotated[str, typer.Option("--replaced-by", help="代替它的文件编号")] = "",
    keeper: Annotated[str, typer.Option("--keeper", help="保管部门（键）")] = "",
    note: Annotated[str, typer.Option("--note", help="备注")] = "",
) -> None:
    """登记一份外来文件；登记不等于核对。"""
    new = NewExternal(number, title, kind, edition, status, replaced_by, keeper, note)
    with acting(organisation, by) as (session, owner, person):
        row = register_actions.add_external(session, owner, new, by=person, at=moment())
    say(f"已登记 {row.number}《{row.title}》，{UNCHECKED}")


@externals.command("adopt")
@guarded
def adopt(organisation: OrganisationOption, by: ByOption, json: JsonOption = False) -> None:
    """登记现行文件引用而尚未登记的法规标准（取自系统附带清单，状态为未核对）。"""
    with acting(organisation, by) as (session, owner, person):
        rows = register_actions.adopt_cited(session, owner, register(), by=person, at=moment())
    if json:
        print_json([row.number for row in rows])
        return
    for row in rows:
        say(f"{row.number}《{row.title}》")
    say(f"登记了 {len(rows)} 份外来文件，{UNCHECKED}" if rows else "现行文件引用的法规标准都已登记，或不在系统附带清单中")


@externals.command("check")
@guarded
def check(
    number: NumberArgument,
    organisation: OrganisationOption,
    by: ByOption,
    status: StatusOption,
    where: Annotated[str, typer.Option("--where", help="核对途径")],
    edition: Annotated[str, typer.Option("--edition", help="版次")] = "",
    replaced_by: Annotated[str, typer.Option("--replaced-by", help="代替它的文件编号")] = "",
    on: Annotated[str | None, typer.Option("--on", help="核对日期 YYYY-MM-DD，默认今天")] = None,
) -> None:
    """记录一次核对。"""
    with acting(organisation, by) as (session, owner, person):
        row = find_external(session, owner.id, number)
        finding = Finding(status, day(on, owner), where, edition, replaced_by)
        register_actions.check_external(session, owner, row, finding, by=person, at=moment())
    say(f"已核对 {row.number}《{row.title}》：{REFERENCE_STATUS_NAMES[status]}")


@externals.command("end")
@guarded
def end(
    number: NumberArgument,
    organisation: OrganisationOption,
    by: ByOption,
    reason: Annotated[str, typer.Option("--reason", help="原因")],
) -> None:
    """从登记册中移出一份外来文件；历次核对仍保留。"""
    with acting(organisation, by) as (session, owner, person):
        row = find_external(session, owner.id, number)
        register_actions.end_external(session, row, reason=reason, by=person, at=moment())
    say(f"已移出 {row.number}《{row.title}》")

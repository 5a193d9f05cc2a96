"""Commands `search` and `reindex`."""

from __future__ import annotations

from enum import StrEnum
from time import monotonic
from typing import Annotated, TypeVar

import typer

from service import clock
from service.cli.context import (
    DateOption,
    JsonOption,
    OrganisationOption,
    day,
    guarded,
    print_json,
    print_table,
    read_session,
    say,
)
from service.documents.rules import Standing
from service.errors import InputError
from service.organisations.queries import find_organisation, list_organisations
from service.organisations.rules import SYSTEM
from service.search import finding
from service.search.catching_up import index_of
from service.search.catching_up import reindex as build_anew
from service.search.rules import MOST_HITS, STATE_NAMES, Filters
from service.search.schemas import hit_line
from service.text.model import Kind

Chosen = TypeVar("Chosen", bound=StrEnum)


@guarded
def search(
    query: Annotated[str, typer.Argument(help="要查找的词：空格为“并且”，“…”为短语，-词 为排除，可加 标题: 编号: 条款: 章节: 正文:")],
    organisation: OrganisationOption,
    as_of: DateOption = None,
    kind: Annotated[list[str] | None, typer.Option("--kind", help="文件类别，可重复")] = None,
    state: Annotated[list[str] | None, typer.Option("--state", help="状态，可重复，默认 in_force（现行有效）")] = None,
    department: Annotated[list[str] | None, typer.Option("--department", help="归口部门，可重复")] = None,
    limit: Annotated[int, typer.Option(min=1, max=MOST_HITS, help="最多条数")] = 20,
    json: JsonOption = False,
) -> None:
    """按词查找文件的章节。"""
    states = _chosen(Standing, state, "状态") or frozenset({Standing.IN_FORCE})
    with read_session() as session:
        owner = find_organisation(session, organisation)
        filters = Filters(day(as_of, owner), states, _chosen(Kind, kind, "类别"), frozenset(department or ()))
        today = clock.today(owner.time_zone)
        results = finding.search(session, owner, index_of(owner), query, filters, by=SYSTEM, today=today, wait=None)
        lines = [hit_line(hit) for hit in finding.hits(session, owner, results, results.found.matches[:limit])]
    if json:
        print_json([line.model_dump(mode="json") for line in lines])
    elif not lines:
        say("没有找到。可减少词数，或去掉引号和条件再试")
    else:
        note = "（没有完全相符的，以下为相近内容）" if results.found.is_near else ""
        rows = [[f"{x.number} {x.label}", x.title, f"{x.clause} {x.section}".strip(), x.snippet, STATE_NAMES[x.state]] for x in lines]
        print_table(["文件", "名称", "章节", "内容", "状态"], rows, title=f"{owner.name}：共 {results.found.total} 处{note}")


def _chosen(kind: type[Chosen], given: list[str] | None, what: str) -> frozenset[Chosen]:
    unknown = sorted(set(given or ()) - {each.value for each in kind})
    if unknown:
        raise InputError(f"没有{what} {'、'.join(unknown)}，可用：{'、'.join(kind)}", code="unknown_filter")
    return frozenset(kind(each) for each in given or ())


@guarded
def reindex(
    organisation: Annotated[str | None, typer.Option("--organisation", help="企业代号，默认全部企业")] = None, json: JsonOption = False
) -> None:
    """重建全文索引；建成之前仍用原来的索引查找。"""
    done = []
    with read_session() as session:
        owners = [find_organisation(session, organisation)] if organisation else list_organisations(session)
        for owner in owners:
            start = monotonic()
            count = build_anew(session, owner, index_of(owner), on=clock.today(owner.time_zone))
            done.append({"organisation": owner.code, "revisions": count, "seconds": round(monotonic() - start, 2)})
            if not json:
                say(f"{owner.code} {owner.name}：{count} 个修订，{done[-1]['seconds']} 秒")
    if json:
        print_json(done)

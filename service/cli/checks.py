"""Commands `check` and `coverage`."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from service.checks.queries import find_problems, gather
from service.checks.rules import SEVERITY_NAMES
from service.cli.context import DateOption, JsonOption, OrganisationOption, day, guarded, print_json, print_table, read_session, say
from service.coverage.export import FORMATS, as_json
from service.coverage.queries import coverage_on
from service.coverage.rules import STATE_NAMES
from service.errors import InputError
from service.kit.output import write_all
from service.organisations.queries import find_organisation
from service.organisations.shipped import catalogue
from service.standards.shipped import DEFAULT_STANDARD, register
from service.standards.shipped import standard as load_standard


@guarded
def check(organisation: OrganisationOption, as_of: DateOption = None, json: JsonOption = False) -> None:
    """检查企业全部文件，列出问题项；有问题时退出码为 1。"""
    with read_session() as session:
        owner = find_organisation(session, organisation)
        context = gather(session, owner, day(as_of, owner), catalogue(), register())
    problems = find_problems(context)
    if json:
        print_json([asdict(problem) for problem in problems])
    elif problems:
        print_table(["级别", "文件", "章节", "问题"], [[SEVERITY_NAMES[p.severity], p.document, p.section, p.message] for p in problems])
    elif not context.documents:
        say(f"{owner.name}：{context.on} 没有现行有效的文件，没有可检查的内容")
    else:
        say(f"{owner.name}：没有发现问题")
    if problems:
        raise typer.Exit(1)


@guarded
def coverage(
    organisation: OrganisationOption,
    standard: Annotated[str, typer.Option(help="标准")] = DEFAULT_STANDARD,
    as_of: DateOption = None,
    format_: Annotated[str | None, typer.Option("--format", help="table、json、xlsx、docx，默认按输出文件的扩展名")] = None,
    output: Annotated[Path | None, typer.Option("--output", help="输出文件")] = None,
) -> None:
    """指标对照：每个指标由哪些文件的哪些章节满足。"""
    format_ = format_ or _format_of(output)
    with read_session() as session:
        owner = find_organisation(session, organisation)
        found = coverage_on(session, owner.id, load_standard(standard), day(as_of, owner))
    if format_ == "table":
        print_table(
            ["条款", "指标", "状态", "对应文件"],
            [
                [row.indicator.code, row.indicator.title, STATE_NAMES[row.state], "、".join(dict.fromkeys(c.document for c in row.claims))]
                for row in found.indicators
            ],
            title=f"{owner.name} {found.on}",
        )
    elif format_ == "json" and output is None:
        print_json(as_json(found))
    elif format_ not in FORMATS:
        raise InputError(f"没有 {format_} 格式，可用：table、{'、'.join(FORMATS)}", code="unknown_format")
    elif output is None:
        raise InputError(f"输出 {format_} 时请用 --output 指定文件", code="output_missing")
    else:
        write_all(output.parent, {output.name: FORMATS[format_](found, owner.name)})
        say(str(output))


def _format_of(output: Path | None) -> str:
    """The format that a file's ending names; without a file a table on the screen."""
    if output is None:
        return "table"
    ending = output.suffix.removeprefix(".").lower()
    if ending not in FORMATS:
        raise InputError(f"从文件名 {output.name} 看不出格式，请用 --format 指定：{'、'.join(FORMATS)}", code="unknown_format")
    return ending

"""Command `import`: text and Markdown → drafts with a report."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from service.cli.context import JsonOption, OrganisationOption, acting, as_system, guarded, moment, print_json, say
from service.errors import InputError
from service.intake.actions import import_drafts
from service.intake.model import IntakeResult, as_json
from service.intake.read import LARGEST, SUFFIXES, read_text
from service.kit.reasons import reason

PathsArgument = Annotated[list[Path], typer.Argument(metavar="PATH...", help="文本或 Markdown 文件")]
ByOption = Annotated[str, typer.Option("--by", help="导入人登录名，默认系统")]


@guarded
def import_command(
    paths: PathsArgument,
    organisation: OrganisationOption,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="只报告，不建立草稿")] = False,
    by: ByOption = "",
    json: JsonOption = False,
) -> None:
    """把文本或 Markdown 识别为文件草稿，并报告结构、修复和空缺。"""
    results = [read_text(_bytes(path), name=path.name) for path in paths]
    numbers: list[str] = []
    with acting(organisation, by) if by else as_system(organisation) as (session, owner, person):
        if not dry_run:
            drafts = [draft for result in results for draft in result.drafts]
            numbers = [document.number for document in import_drafts(session, owner, drafts, by=person, at=moment())]
    if json:
        print_json({"documents": numbers, "files": [as_json(result) for result in results]})
        return
    for result in results:
        for line in report_lines(result):
            say(line)
    say(f"建立草稿 {len(numbers)} 份：{'、'.join(numbers)}" if numbers else "未建立草稿")


def _bytes(path: Path) -> bytes:
    if path.suffix.lower() not in SUFFIXES:
        raise InputError(f"{path.name} 不是文本或 Markdown 文件，请先另存为 .txt 或 .md", code="not_text")
    try:
        data = path.read_bytes()
    except OSError as fault:
        raise InputError(f"无法读取 {path}：{reason(fault)}", code="file_not_readable") from fault
    if len(data) > LARGEST:
        raise InputError(f"{path.name} 超过 10 MB，请分成几个文件导入", code="file_too_large")
    return data


def report_lines(result: IntakeResult) -> Iterator[str]:
    """The report for people: what was found, put right, is blank, needs a look, was not taken."""
    report = result.report
    yield f"{report.name}（{report.encoding}）：识别出 {len(result.drafts)} 份文本"
    for found in report.structure:
        yield f"  第 {found.first_line}—{found.last_line} 行 {found.message}"
    for repair in report.repairs:
        yield f"  修复 第 {repair.line} 行 {repair.message}：{repair.before} → {repair.after}"
    for kind, remarks in (("空缺", report.blanks), ("留意", report.remarks)):
        for remark in remarks:
            yield f"  {kind} 第 {remark.line} 行 {remark.message}：{remark.quote}"
    if report.not_taken:
        yield f"  未采用 {len(report.not_taken)} 行（用 --json 查看逐行原因）"

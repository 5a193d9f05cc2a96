"""Commands `document list | show | export`; those that change a document are in steps.py."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated

import typer

from service.approvals.queries import signoffs
from service.approvals.rules import MEANING_NAMES
from service.cli.context import (
    DateOption,
    JsonOption,
    OrganisationOption,
    acting,
    as_system,
    day,
    guarded,
    moment,
    print_json,
    print_table,
    read_session,
    say,
    write_session,
)
from service.clock import local_date, today
from service.documents import queries
from service.documents.rules import KIND_NAMES, STATUS_NAMES
from service.documents.schemas import line, revision_json
from service.errors import InputError
from service.kit.output import write_all
from service.organisations.queries import find_organisation
from service.organisations.rules import SYSTEM

app = typer.Typer(no_args_is_help=True, help="受控文件")
NumberArgument = Annotated[str, typer.Argument(metavar="NUMBER", help="文件编号")]
_MARKS = re.compile(r"[,，、]")


def listed(words: str) -> list[str]:
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
    formats: Annotated[str, typer.Option("--format", help="md,docx,pdf,html；记录表单还有可填写的 fillable")] = "docx",
    output: Annotated[Path, typer.Option("--output", help="输出文件夹")] = Path(),
    as_of: DateOption = None,
    by: Annotated[str | None, typer.Option("--by", help="取用人登录名，默认为系统")] = None,
    copy: Annotated[int | None, typer.Option("--copy", min=1, help="分发号：作为这一受控本取用")] = None,
    raw: Annotated[bool, typer.Option("--raw", help="取用未盖章的原件")] = False,
) -> None:
    """导出一份现行有效的文件：盖非受控章的副本，或已登记的受控本。"""
    from service.manuals.downloads import document_download, keep_record
    from service.manuals.workshop import workshop_for

    with acting(organisation, by) if by else as_system(organisation) as (_, owner, person):
        pass  # who asks is settled before anything is rendered, so that rendering keeps nobody from writing
    on, at = day(as_of, owner), moment()
    with read_session() as session:
        workshop = workshop_for(session, owner)
        made = [
            document_download(session, owner, workshop, number, name, on=on, copy_number=copy, raw=raw, by=person, at=at)
            for name in dict.fromkeys(listed(formats))
        ]
    with write_session() as session:
        for each in made:
            keep_record(session, owner, each, by=person, at=at)
        written = write_all(output, {each.name: each.data for each in made})
    for path in written:
        say(str(path))


@app.command("redline")
@guarded
def redline(
    number: NumberArgument,
    from_: Annotated[str, typer.Argument(metavar="FROM", help="原修订，例如 A/0")],
    to: Annotated[str, typer.Argument(metavar="TO", help="新修订，例如 A/1")],
    organisation: OrganisationOption,
    formats: Annotated[str, typer.Option("--format", help="docx（修订标记）,html")] = "docx,html",
    output: Annotated[Path, typer.Option("--output", help="输出文件夹")] = Path(),
    author: Annotated[str, typer.Option("--author", help="修订标记上的作者，默认为企业名称")] = "",
) -> None:
    """对照一份文件的两个修订：接受 DOCX 中的全部修订即为新文本，拒绝全部即为原文本。"""
    from service.manuals.redline_files import redline_formats
    from service.manuals.redlines import Printing, document_redline_files
    from service.manuals.workshop import workshop_for

    wanted = redline_formats(listed(formats))
    with read_session() as session:
        owner = find_organisation(session, organisation)
        printing = Printing(workshop_for(session, owner), wanted, author)
        files = document_redline_files(session, owner, number, (from_, to), printing, by=SYSTEM)
    for path in write_all(output, files):
        say(str(path))


@app.command("export-forms")
@guarded
def export_forms(
    organisation: OrganisationOption,
    format_: Annotated[str, typer.Option("--format", help="docx、pdf，或可填写的 fillable")] = "docx",
    output: Annotated[Path, typer.Option("--output", help="输出文件夹")] = Path(),
    by: Annotated[str | None, typer.Option("--by", help="取用人登录名，默认为系统")] = None,
) -> None:
    """导出全部现行有效的空白记录表单，盖非受控章，装入一个 ZIP。"""
    from service.manuals.form_downloads import FormFormat, forms_download
    from service.manuals.workshop import workshop_for

    if format_ not in list(FormFormat):
        raise InputError(f"没有这种格式：{format_}，可用：{'、'.join(FormFormat)}", code="unknown_format")
    with acting(organisation, by) if by else as_system(organisation) as (_, owner, person):
        pass  # who asks is settled before anything is rendered
    with read_session() as session:
        made = forms_download(session, owner, workshop_for(session, owner), FormFormat(format_), by=person, at=moment())
    for path in write_all(output, {made.name: made.data}):
        say(str(path))

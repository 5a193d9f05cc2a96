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
    day,
    guarded,
    print_json,
    print_table,
    read_session,
    say,
)
from service.clock import local_date, today
from service.documents import queries
from service.documents.rules import KIND_NAMES, STATUS_NAMES
from service.documents.schemas import line, revision_json
from service.errors import NotFound
from service.kit.output import write_all
from service.organisations.queries import find_organisation
from service.settings import settings
from service.standards.shipped import register, standard

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
    files = export_document(source, wanted, texts[number], listed(formats), FORMAL, settings().fonts)
    for path in write_all(output, files):
        say(str(path))

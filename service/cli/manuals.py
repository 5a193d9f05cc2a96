"""Commands `manual build` and `manual redline`; `manual theme` is in house_style.py."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Annotated, Any

import typer

from service.cli.context import (
    DateOption,
    JsonOption,
    OrganisationOption,
    day,
    err,
    guarded,
    moment,
    print_json,
    read_session,
    say,
    write_session,
)
from service.cli.lazy import lazy_group
from service.errors import InputError
from service.kit import files as store
from service.kit.memory import give_back_freed
from service.kit.output import write_all
from service.manuals.actions import keep_manual, prepare_manual, stored
from service.manuals.build import Format
from service.manuals.rules import Binding
from service.manuals.workshop import workshop_for
from service.organisations.queries import find_organisation
from service.organisations.rules import SYSTEM

COMMANDS = {"build": ("manuals", "build"), "redline": ("manuals", "redline"), "theme": ("house_style", "theme")}
app = typer.Typer(cls=lazy_group(COMMANDS), no_args_is_help=True, help="售后服务管理手册")


def formats_of(text: str) -> list[Format]:
    try:
        return [Format(name.strip()) for name in text.split(",")]
    except ValueError as fault:
        raise InputError(f"没有这种格式：{text}，可用：{'、'.join(Format)}", code="unknown_format") from fault


@guarded
def build(
    organisation: OrganisationOption,
    output: Annotated[Path, typer.Option("--output", help="输出文件夹")],
    formats: Annotated[str, typer.Option("--format", help="docx,pdf,html")] = "docx,pdf,html",
    binding: Annotated[Binding, typer.Option(help="bound 合订，volumes 分册")] = Binding.BOUND,
    as_of: DateOption = None,
    fresh: Annotated[bool, typer.Option("--fresh", help="重新编制，不使用已有的同一结果")] = False,
    json: JsonOption = False,
) -> None:
    """编制某日的手册。"""
    started = time.perf_counter()
    give_back_freed()
    wanted = formats_of(formats)
    with err.status("正在编制手册…"):
        with read_session() as session:
            owner = find_organisation(session, organisation)
            workshop = workshop_for(session, owner)
            prepared = prepare_manual(session, owner, workshop, on=day(as_of, owner), formats=wanted, binding=binding, fresh=fresh)
        write_all(output, {file.name: file.data for file in prepared.files})
        made = stored(workshop.data, prepared)
        with write_session() as session:
            row = keep_manual(session, owner, workshop.data, made, by=SYSTEM, at=moment())
        chosen: dict[str, dict[str, Any]] = {f["name"]: f for f in row.files if f["name"].rsplit(".", 1)[-1] in wanted}
        if prepared.finished is not None:
            write_all(output, {name: store.get(workshop.data, f["sha256"]) for name, f in chosen.items()})
    seconds = round(time.perf_counter() - started, 3)
    if json:
        files = [{**f, "path": str(output / f["name"])} for f in chosen.values()]
        told = {"files": files, "fingerprint": row.fingerprint, "on": row.on, "remarks": row.remarks, "inputs": row.inputs}
        print_json({**told, "seconds": seconds})
        return
    for name, f in chosen.items():
        say(f"{output / name}  {f['pages']} 页  sha256 {f['sha256'][:16]}…")
    for remark in row.remarks:
        say(f"说明：{' '.join(filter(None, (remark['document'], remark['section'])))}：{remark['what']}，{remark['done']}")
    say(f"用时 {seconds} 秒")


@guarded
def redline(
    from_: Annotated[str, typer.Argument(metavar="FROM", help="原版：日期 YYYY-MM-DD，或一次编制的编号")],
    to: Annotated[str, typer.Argument(metavar="TO", help="新版：日期 YYYY-MM-DD，或一次编制的编号")],
    organisation: OrganisationOption,
    output: Annotated[Path, typer.Option("--output", help="输出文件夹")] = Path(),
    formats: Annotated[str, typer.Option("--format", help="docx（修订标记）,html")] = "docx,html",
    author: Annotated[str, typer.Option("--author", help="修订标记上的作者，默认为企业名称")] = "",
) -> None:
    """逐份对照两版手册，前面是摘要。"""
    from service.manuals.redline_files import redline_formats
    from service.manuals.redlines import Printing, edition_of, manual_redline_files

    wanted = redline_formats([name.strip() for name in formats.split(",")])
    with err.status("正在对照手册…"), read_session() as session:
        owner = find_organisation(session, organisation)
        editions = (edition_of(session, owner, from_), edition_of(session, owner, to))
        printing = Printing(workshop_for(session, owner), wanted, author)
        files = manual_redline_files(session, owner, editions, printing, by=SYSTEM)
    for path in write_all(output, files):
        say(str(path))

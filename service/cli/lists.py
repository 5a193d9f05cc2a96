"""Command `list documents | records | external | obsolete`: the master lists of a day, on the screen or as files."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from service.cli.context import (
    DateOption,
    OrganisationOption,
    RecordedOption,
    day,
    guarded,
    print_json,
    print_table,
    read_session,
    recorded,
    say,
)
from service.errors import InputError
from service.kit.output import write_all
from service.manuals.list_columns import ListName
from service.manuals.lists import ListFormat, as_json, controlled_list, list_bytes, table_of
from service.manuals.workshop import workshop_for
from service.organisations.queries import find_organisation
from service.standards.shipped import register


@guarded
def list_command(
    name: Annotated[
        ListName, typer.Argument(help="documents 受控文件清单，records 记录清单，external 外来文件清单，obsolete 作废文件清单")
    ],
    organisation: OrganisationOption,
    as_of: DateOption = None,
    recorded_on: RecordedOption = None,
    format_: Annotated[str | None, typer.Option("--format", help="table、json、xlsx、docx、pdf，默认按输出文件的扩展名")] = None,
    output: Annotated[Path | None, typer.Option("--output", help="输出文件")] = None,
) -> None:
    """某日的受控文件、记录、外来文件或作废文件清单。"""
    wanted = format_ or (output.suffix.removeprefix(".").lower() if output else "table")
    if wanted not in ("table", *ListFormat):
        raise InputError(f"没有 {wanted} 格式，可用：table、{'、'.join(ListFormat)}", code="unknown_format")
    with read_session() as session:
        owner = find_organisation(session, organisation)
        made = controlled_list(session, owner, name, register(), day(as_of, owner), recorded(recorded_on))
        workshop = workshop_for(session, owner)
    if wanted == "table":
        heads, rows = table_of(made)
        print_table(heads, rows, title=f"{made.organisation} {made.title} {made.on}")
    elif output is not None:
        write_all(output.parent, {output.name: list_bytes(made, ListFormat(wanted), workshop.theme, workshop.fonts)})
        say(str(output))
    elif wanted == ListFormat.JSON:
        print_json(as_json(made))
    else:
        raise InputError(f"输出 {wanted} 时请用 --output 指定文件", code="output_missing")

"""The command tree and its global options."""

from __future__ import annotations

import sys
from io import TextIOWrapper
from pathlib import Path
from typing import Annotated

import typer

from service.cli import checks, documents, intake, library, manuals, organisations, system
from service.cli.context import use

app = typer.Typer(no_args_is_help=True, add_completion=False, help="售后服务管理手册系统", pretty_exceptions_enable=False)
app.add_typer(organisations.app, name="organisation")
app.add_typer(library.app, name="library")
app.add_typer(documents.app, name="document")
app.add_typer(manuals.app, name="manual")
app.add_typer(system.trail, name="trail")
app.command("migrate")(system.migrate_command)
app.command("serve")(system.serve)
app.command("check")(checks.check)
app.command("coverage")(checks.coverage)
app.command("import")(intake.import_command)


@app.callback()
def _globals(
    database: Annotated[str | None, typer.Option(help="数据库地址，默认为数据文件夹中的 SQLite", envvar="SERVICE_MANUAL_DATABASE")] = None,
    data: Annotated[Path | None, typer.Option(help="数据文件夹（索引、文件）", envvar="SERVICE_MANUAL_DATA")] = None,
) -> None:
    use(database, data)


def run() -> None:
    """The command line of a process: what is piped is UTF-8 whatever the locale; a terminal shows ? for what it cannot show."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(encoding=None if stream.isatty() else "utf-8", errors="replace")
    app()

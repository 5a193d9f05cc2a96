"""The command tree and its global options. A command's module is loaded when it is called (lazy.py)."""

from __future__ import annotations

import gc
import sys
from collections.abc import Mapping
from io import TextIOWrapper
from pathlib import Path
from typing import Annotated

import typer

from service.cli.lazy import lazy_group

COMMANDS: Mapping[str, tuple[str, str]] = {
    "migrate": ("system", "migrate_command"),
    "serve": ("system", "serve"),
    "work": ("work", "work"),
    "health": ("system", "health"),
    "organisation": ("organisations", "app"),
    "library": ("library", "app"),
    "document": ("steps", "app"),
    "import": ("intake", "import_command"),
    "search": ("search", "search"),
    "reindex": ("search", "reindex"),
    "check": ("checks", "check"),
    "coverage": ("checks", "coverage"),
    "manual": ("manuals", "app"),
    "review": ("registers", "reviews"),
    "external": ("registers", "externals"),
    "list": ("lists", "list_command"),
    "copy": ("distribution", "app"),
    "acknowledgement": ("acknowledgements", "app"),
    "change": ("changes", "app"),
    "trail": ("trail", "app"),
    "user": ("users", "app"),
    "member": ("members", "app"),
    "token": ("users", "tokens"),
}


app = typer.Typer(
    cls=lazy_group(COMMANDS), no_args_is_help=True, add_completion=False, help="售后服务管理手册系统", pretty_exceptions_enable=False
)


@app.callback()
def _globals(
    database: Annotated[str | None, typer.Option(help="数据库地址，默认为数据文件夹中的 SQLite", envvar="SERVICE_MANUAL_DATABASE")] = None,
    data: Annotated[Path | None, typer.Option(help="数据文件夹（索引、文件）", envvar="SERVICE_MANUAL_DATA")] = None,
) -> None:
    from service.cli.context import use

    use(database, data)


def run() -> None:
    """A command lives for a second or two: collecting its garbage costs more time than it saves memory, and looking for some when it ends
    (freeze) a quarter of a second.

    What is piped is UTF-8 whatever the locale; a terminal shows ? for what it cannot show.
    """
    gc.set_threshold(50_000, 20, 20)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(encoding=None if stream.isatty() else "utf-8", errors="replace")
    try:
        app()
    finally:
        gc.freeze()

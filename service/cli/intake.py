"""Command `import`: text and Markdown → drafts with a report."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from service.cli.context import JsonOption, guarded, print_json

PathsArgument = Annotated[list[Path], typer.Argument(help="文本或 Markdown 文件")]


@guarded
def import_command(paths: PathsArgument, json: JsonOption = False) -> None:
    """把文本或 Markdown 识别为程序文件草稿，并报告结构、修复和空缺。"""
    print_json({"paths": [str(path) for path in paths], "json": json})

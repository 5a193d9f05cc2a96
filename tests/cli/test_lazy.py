"""A command loads what it needs and no more: starting is most of what a short command takes."""

from __future__ import annotations

import subprocess
import sys

import pytest
from typer.testing import CliRunner

from service.cli.main import COMMANDS, app


@pytest.mark.parametrize("words", [["--help"], ["manual", "--help"]])
def test_help_names_every_command_of_a_group(words: list[str]) -> None:
    from service.cli import manuals

    told = CliRunner().invoke(app, words).stdout
    assert all(name in told for name in (manuals.COMMANDS if words[0] == "manual" else COMMANDS))


def test_what_builds_a_manual_loads_neither_images_nor_templates_nor_pages() -> None:
    code = "import sys, service.cli.manuals; print([each for each in ('PIL', 'docx', 'fastapi', 'service.cli.house_style') if each in sys.modules])"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout == "[]\n"


def test_unknown_command_of_a_lazy_group_is_refused() -> None:
    result = CliRunner().invoke(app, ["manual", "nix"])
    assert result.exit_code == 2
    assert "nix" in result.stderr

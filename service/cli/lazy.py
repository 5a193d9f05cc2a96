"""Groups of commands whose modules are loaded when a command is called: most need little, and a command starts sooner."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import Any

import typer
from typer.core import TyperGroup
from typer.main import get_command, get_group


def lazy_group(commands: Mapping[str, tuple[str, str]]) -> type[TyperGroup]:
    """For `typer.Typer(cls=…)`. `commands`: name → module of this package and attribute, a Typer app or the function of a command."""

    class LazyGroup(TyperGroup):
        """Knows the names of all commands, loads only the one that is called."""

        def list_commands(self, _ctx: Any) -> list[str]:
            return list(commands)

        def get_command(self, _ctx: Any, name: str) -> Any:
            if name not in commands:
                return None
            module, attribute = commands[name]
            found = getattr(import_module(f"{__package__}.{module}"), attribute)
            if isinstance(found, typer.Typer):
                command: Any = get_group(found)
            else:
                single = typer.Typer(add_completion=False)
                single.command(name)(found)
                command = get_command(single)
            command.name = name
            return command

    return LazyGroup

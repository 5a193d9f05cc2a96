"""Bringing a database up to date with the migrations in migrations/."""

from __future__ import annotations

from alembic import command
from alembic.config import Config
from sqlalchemy import Engine

from service.db import database_file
from service.settings import ROOT


def configuration() -> Config:
    """Alembic's configuration from pyproject.toml, wherever the command is called."""
    config = Config(toml_file=str(ROOT / "pyproject.toml"))
    config.set_main_option("script_location", str(ROOT / "migrations"))
    return config


def migrate(engine: Engine) -> None:
    """Run every migration that the database has not seen, in one transaction."""
    file = database_file(engine)
    if file is not None:
        file.parent.mkdir(parents=True, exist_ok=True)
    with engine.execution_options(writes=True).begin() as connection:
        config = configuration()
        config.attributes["connection"] = connection
        command.upgrade(config, "head")

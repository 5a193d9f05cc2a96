"""Alembic's entry: runs the migrations over the connection that `service.migrations` hands over."""

from typing import Any

from alembic import context
from sqlalchemy import DateTime
from sqlmodel.sql.sqltypes import AutoString

import service.models
from service.db import UtcDateTime, metadata


def plain_types(kind: str, item: Any, _autogen: Any) -> str | bool:
    """New migrations name the database's own types, so that they stay as they are when our types change."""
    if kind == "type" and isinstance(item, AutoString):
        return f"sa.String(length={item.length})" if item.length else "sa.String()"
    if kind == "type" and isinstance(item, UtcDateTime | DateTime):
        return "sa.DateTime(timezone=True)"
    return False


assert service.models.__all__  # noqa: S101  # the import registers every table on the metadata
connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=metadata,
    render_as_batch=True,
    compare_type=True,
    render_item=plain_types,
    user_module_prefix="sa.",
)
with context.begin_transaction():
    context.run_migrations()

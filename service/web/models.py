"""Table of answers to requests that a program may have to send twice (Idempotency-Key)."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Field, SQLModel

from service.db import moment_field


class AnsweredRequest(SQLModel, table=True):
    """The answer to a POST with an Idempotency-Key; `asked` is a keyed hash over method, path and body. Kept for a day."""

    __tablename__ = "answered_request"

    caller: str = Field(primary_key=True, max_length=40)
    key: str = Field(primary_key=True, max_length=100)
    asked: str = Field(max_length=64)
    status: int = 0
    body: str = ""
    at: datetime = moment_field(index=True)

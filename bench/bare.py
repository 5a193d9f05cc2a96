"""The peer of our API: FastAPI and SQLModel as their tutorials show them, one row by its key, without asking who wants it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Annotated
from uuid import UUID

from fastapi import Depends, FastAPI, HTTPException
from pydantic import BaseModel
from sqlmodel import Session, create_engine

from service.documents.models import Revision

engine = create_engine(os.environ["SERVICE_MANUAL_DATABASE"], connect_args={"check_same_thread": False})
app = FastAPI()


class RevisionPublic(BaseModel):
    """What is answered."""

    label: str
    title: str
    change_summary: str
    fingerprint: str
    text: str


def get_session() -> Iterator[Session]:
    with Session(engine) as session:
        yield session


@app.get("/revisions/{revision_id}")
def read(revision_id: UUID, session: Annotated[Session, Depends(get_session)]) -> RevisionPublic:
    row = session.get(Revision, revision_id)
    if row is None:
        raise HTTPException(404)
    return RevisionPublic(label=row.label, title=row.title, change_summary=row.change_summary, fingerprint=row.fingerprint, text=row.text)

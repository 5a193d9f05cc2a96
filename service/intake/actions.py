"""Keeping what intake found: one numbered draft document per draft text, all in the caller's transaction."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime

from sqlmodel import Session

from service.documents.actions import create_document
from service.documents.models import Document
from service.documents.queries import documents
from service.intake.model import Draft
from service.organisations.models import Organisation
from service.organisations.roles import Act
from service.organisations.rules import Actor, require
from service.text.frontmatter import read_front

_KEY = re.compile(r"^key: .*$", re.MULTILINE)


def import_drafts(session: Session, organisation: Organisation, drafts: Iterable[Draft], *, by: Actor, at: datetime) -> list[Document]:
    """Documents with drafts A/0, numbered in the order of `drafts`; nothing that was blank is filled."""
    require(by, Act.CLONE)
    taken = {document.key for document in documents(session, organisation.id)}
    made = []
    for draft in drafts:
        text = with_free_key(draft.text, taken)
        front = read_front(text, draft.title)
        taken.add(front.key)
        made.append(create_document(session, organisation, text, front, by=by, at=at)[0])
    return made


def with_free_key(text: str, taken: set[str | None]) -> str:
    """The text with its key, or with the first `key-2`, `key-3` … that no other document has."""
    key = read_front(text).key
    free, count = key, 2
    while free in taken:
        free, count = f"{key}-{count}", count + 1
    return text if free == key else _KEY.sub(f"key: {free}", text, count=1)

"""What the editor page and its script say to each other."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from service.documents.schemas import LONGEST_SOURCE

Anchor = Annotated[str, Field(max_length=200)]


class SectionText(BaseModel):
    """A section as it was written: the editor's `document`, or its `source` text."""

    model_config = ConfigDict(extra="forbid")

    section: Anchor
    document: dict[str, Any] | None = None
    source: Annotated[str | None, Field(max_length=LONGEST_SOURCE)] = None


class SavedSection(BaseModel):
    """The draft's new tag, the section's source text, and when it was saved, in the organisation's time: 09:30."""

    etag: str
    source: str
    saved: str


class SectionNow(BaseModel):
    """A section as it is now: its text, and the editor's document or why there is none."""

    etag: str
    source: str
    document: dict[str, Any] | None
    reason: str


class BlockText(BaseModel):
    """A flow chart or form as its source text."""

    model_config = ConfigDict(extra="forbid")

    language: Annotated[str, Field(max_length=20)]
    source: Annotated[str, Field(max_length=20_000)]


class BlockShown(BaseModel):
    """What is printed of it, as HTML."""

    html: str

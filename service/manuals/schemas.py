"""Bodies of the JSON API of manuals."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from service.manuals.build import Format
from service.manuals.inputs import InputKind, changes
from service.manuals.models import Build
from service.manuals.rules import Binding

_SHA256 = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"


class BuildRequest(BaseModel):
    """Which manual to build: of what day (default: today), in which formats, bound in one volume or in several."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"on": "2026-03-01", "formats": ["docx", "pdf", "html"], "binding": "bound"}]}
    )

    on: date | None = None
    formats: Annotated[list[Format], Field(min_length=1, max_length=len(Format))] = list(Format)
    binding: Binding = Binding.BOUND


class BuildFile(BaseModel):
    """A file of a build; `sha256` is that of the file as it was built, which `raw=1` hands out."""

    name: str
    sha256: str
    bytes: int
    pages: int


class BuildPicture(BaseModel):
    """A picture that the texts name: its source holds its SHA-256; a missing one is printed as a frame that says so."""

    source: str
    missing: bool


class BuildRemark(BaseModel):
    """What had to be done so that everything could be printed: where, what was met, what was done."""

    document: str
    section: str
    what: str
    done: str


class BuildBody(BaseModel):
    """A build: the manual of day `on`, and the fingerprint of all that it was made of."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "id": "3f2b8f7e-6a53-4f0f-9a52-0a4f7d5f1c11",
                    "on": "2026-03-01",
                    "binding": "bound",
                    "fingerprint": _SHA256,
                    "built_at": "2026-03-01T01:30:00Z",
                    "built_by": "bing",
                    "files": [{"name": "manual.pdf", "sha256": _SHA256, "bytes": 3848827, "pages": 404}],
                    "pictures": [{"source": f"picture:{_SHA256}", "missing": False}],
                    "remarks": [
                        {"document": "HC/SH-CX-01 维修服务程序", "section": "4.2 受理", "what": "表格 30 列", "done": "改为横排并缩小字号"}
                    ],
                }
            ]
        }
    )

    id: UUID
    on: date
    binding: Binding
    fingerprint: str
    built_at: datetime
    built_by: str
    files: list[BuildFile]
    pictures: list[BuildPicture]
    remarks: list[BuildRemark]


def build_body(row: Build) -> BuildBody:
    return BuildBody(
        id=row.id,
        on=row.on,
        binding=Binding(row.binding),
        fingerprint=row.fingerprint,
        built_at=row.built_at,
        built_by=row.built_by,
        files=[BuildFile(**file) for file in row.files],
        pictures=[BuildPicture(**picture) for picture in row.pictures],
        remarks=[BuildRemark(**remark) for remark in row.remarks],
    )


class BuildInput(BaseModel):
    """Something that a build was made of: its kind, its name, what it says in short, and its fingerprint."""

    kind: InputKind
    name: str
    text: str
    sha256: str


class BuildChange(BaseModel):
    """An input that is not what it was at the build before; empty where it was not there, or is gone."""

    kind: InputKind
    name: str
    before: str
    now: str


class BuildDetail(BuildBody):
    """A build with all that it was made of, and what of it changed since the build before."""

    inputs: list[BuildInput]
    changes: list[BuildChange]


def build_detail(row: Build, before: Build | None) -> BuildDetail:
    """`before`: the build to compare with; one without a list of inputs says nothing."""
    found = changes(before.inputs, row.inputs) if before is not None and before.inputs and row.inputs else []
    return BuildDetail(
        **build_body(row).model_dump(),
        inputs=[BuildInput(**each) for each in row.inputs],
        changes=[BuildChange(kind=each.kind, name=each.name, before=each.before, now=each.now) for each in found],
    )

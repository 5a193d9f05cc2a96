"""The source of a manual: everything that is printed, gathered once, as plain values. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from service.coverage.rules import ElementState, State
from service.documents.rules import anchor_prefix
from service.organisations.rules import Chart
from service.standards.rules import Indicator, ReferenceEntry
from service.text.model import Kind, Procedure


class Binding(StrEnum):
    """合订: one volume. 分册: manual, procedures and record forms each in a volume of their own."""

    BOUND = "bound"
    VOLUMES = "volumes"


BINDING_NAMES: Mapping[Binding, str] = {Binding.BOUND: "合订", Binding.VOLUMES: "分册"}
VOLUME_NAMES: Mapping[str, str] = {
    "manual-1": "第一分册 管理手册",
    "manual-2": "第二分册 程序文件与管理制度",
    "manual-3": "第三分册 记录表单",
}
"""Of the three volumes by the stems of their files."""


@dataclass(frozen=True, slots=True)
class Exempted:
    """The exception that a sign-off stands on: what one person signed of what several should have, why, until when it holds, who granted it."""

    meanings: tuple[str, ...]
    reason: str
    until: date
    granted_by: str


@dataclass(frozen=True, slots=True)
class Signed:
    """A sign-off as printed: 编制/审核/会签/批准, name, post, local day; `exempted` if it stands on an exception from separate duties."""

    meaning: str
    name: str
    post: str
    on: date
    exempted: Exempted | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """A line of a change record."""

    label: str
    summary: str
    effective_on: date | None
    approved_by: str


@dataclass(frozen=True, slots=True)
class SourceDocument:
    """A document in force with its frozen text; a draft has no `effective_on` yet. `retention_years` only for record forms. `code`: the
    address that the code on its pages leads to. `variables`: the values that the text was filled with; it holds them itself."""

    key: str
    number: str
    title: str
    label: str
    kind: Kind
    department: str
    released_on: date | None
    effective_on: date | None
    fingerprint: str
    procedure: Procedure
    signed: tuple[Signed, ...]
    history: tuple[Change, ...]
    retention_years: Any = None
    code: str = ""
    variables: Mapping[str, Any] = field(default_factory=dict, compare=False, repr=False)

    @property
    def anchor(self) -> str:
        return anchor_prefix(self.key, self.number)


@dataclass(frozen=True, slots=True)
class SourceClaim:
    """Where an indicator is answered: document number, clause, section anchor, department."""

    element: int
    number: str
    anchor: str
    clause: str
    section_title: str
    department: str


@dataclass(frozen=True, slots=True)
class SourceIndicator:
    indicator: Indicator
    state: State
    elements: tuple[ElementState, ...]
    claims: tuple[SourceClaim, ...]
    justification: str = ""


@dataclass(frozen=True, slots=True)
class Outline:
    """编排: the order of the documents of a manual, by number, and those that are not bound in it.

    `order` counts within each slot of a manual (see outline.py); what it does not name stands where it stands by default. `version`: which
    saved outline this is, 0 for the usual order; it is left out of fingerprints, since the same outline saved again prints the same.
    """

    order: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
    version: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class SourcePicture:
    """A picture that a text names by `source`; of one that is there the source holds the SHA-256 of its `data`, which are therefore left out
    of fingerprints."""

    source: str
    missing: bool
    data: bytes = field(default=b"", compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class ManualSource:
    """Everything a manual prints on day `on`. `branches`: titles of first- and second-level indicators by code; `pictures`: those that the
    texts name, each once."""

    organisation: str
    code: str
    number: str
    on: date
    label: str
    standard_number: str
    standard_title: str
    documents: tuple[SourceDocument, ...]
    chart: Chart
    indicators: tuple[SourceIndicator, ...]
    branches: Mapping[str, str]
    register: tuple[ReferenceEntry, ...]
    pictures: tuple[SourcePicture, ...] = ()
    outline: Outline = Outline()

    @property
    def images(self) -> Mapping[str, bytes]:
        """The bytes of the pictures that are there, by source."""
        return {picture.source: picture.data for picture in self.pictures if not picture.missing}

"""A rendered manual before it is recorded, without and with its files in the store."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from service.manuals.build import BuiltFile
from service.manuals.rules import Binding


@dataclass(frozen=True, slots=True)
class Prepared:
    """A rendered manual that is neither stored nor recorded yet; or, without files, which finished build is of the same source.

    `fresh`: it is to be a build of its own, even if there is one of the same source.
    """

    on: date
    binding: Binding
    theme: str
    fingerprint: str
    files: tuple[BuiltFile, ...] = ()
    pictures: tuple[dict[str, object], ...] = ()
    outline: int = 0
    remarks: tuple[dict[str, object], ...] = ()
    finished: UUID | None = None
    inputs: tuple[dict[str, str], ...] = ()
    fresh: bool = False


@dataclass(frozen=True, slots=True)
class Stored:
    """A prepared manual whose files lie in the store; `files`: what a build says of each (name, sha256, bytes, pages)."""

    prepared: Prepared
    files: tuple[dict[str, object], ...]

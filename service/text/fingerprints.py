"""Fingerprints of a section and of a whole text: over what is said, not over how it is spelled or where it stands."""

from __future__ import annotations

from service.kit.fingerprint import fingerprint
from service.text.model import Procedure
from service.text.plain import sections_under


def section_fingerprint(procedure: Procedure, anchor: str) -> str:
    """64 hex digits over a section with its subsections: titles, depth below the section, blocks. Its number, its place in the text
    and its anchors do not count. "" stands for the whole body. An unknown anchor is NotFound."""
    found = sections_under(procedure, anchor)
    top = found[0].level if found else 1
    parts = tuple((section.level - top, section.title, section.blocks) for section in found)
    return fingerprint(("section", procedure.preamble if not anchor else (), parts))


def procedure_fingerprint(procedure: Procedure) -> str:
    """64 hex digits over a whole text with its front matter."""
    return fingerprint(procedure)

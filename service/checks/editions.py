"""Replaced editions: a standard or law cited in an edition that a later one has replaced, by the register of references."""

from __future__ import annotations

import re
from collections.abc import Mapping

from service.checks.rules import Checked, Context, Problem, Problems, Severity
from service.standards.rules import ReferenceEntry
from service.text.plain import blocks_text

_PARTS = re.compile(r"([A-Z/]+)([\d.]+)\D+(\d{4})")
_STANDARD = re.compile(r"[A-Z]{1,4}(?:/[TZ])?\s*\d+(?:\.\d+)?\s*[-—–―-]+\s*\d{4}")


def normal_number(text: str) -> str:
    """GB/T 16784--2008, GB/T16784—2008 → GB/T 16784-2008."""
    found = _PARTS.fullmatch(re.sub(r"\s", "", text))
    return f"{found[1]} {found[2]}-{found[3]}" if found else text


def check_editions(context: Context) -> Problems:
    replaced = {entry.replaces: entry for entry in context.register if entry.replaces}
    for document in context.documents:
        yield from _of(document, "", blocks_text(document.procedure.preamble), replaced)
        for section in document.procedure.sections:
            yield from _of(document, section.anchor, blocks_text(section.blocks), replaced)


def _of(document: Checked, section: str, text: str, replaced: Mapping[str, ReferenceEntry]) -> Problems:
    cited = {match.group(): normal_number(match.group()) for match in _STANDARD.finditer(text)}
    cited |= {f"《{title}》": title for title in replaced if f"《{title}》" in text}
    for quote, name in cited.items():
        successor = replaced.get(name)
        if successor:
            message = f"引用的 {name} 已被 {successor.number}《{successor.title}》代替"
            yield Problem("replaced_edition", Severity.ERROR, document.number, section, message, quote)

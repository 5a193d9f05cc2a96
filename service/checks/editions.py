"""Outdated editions: a standard or law that a text cites and that has been replaced or withdrawn, by the register of references."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from service.checks.rules import Checked, Context, Problem, Problems, Severity
from service.standards.citations import standards_in
from service.standards.rules import ReferenceEntry, ReferenceStatus
from service.text.plain import blocks_text

_LAW_NUMBER = re.compile(r"\d\s*号$")  # 国务院令第 551 号; other names of laws count in 《》 only
_REPLACED, _WITHDRAWN = "replaced_edition", "withdrawn_edition"
Outdated = Mapping[str, tuple[str, str]]
"""Number or title → the problem's code and what has become of it."""


def check_editions(context: Context) -> Problems:
    outdated = outdated_names(context.register)
    for document in context.documents:
        yield from _of(document, "", blocks_text(document.procedure.preamble), outdated)
        for section in document.procedure.sections:
            yield from _of(document, section.anchor, blocks_text(section.blocks), outdated)


def outdated_names(register: Sequence[ReferenceEntry]) -> Outdated:
    """What no text should cite any more. What an entry says of itself counts more than what another says that took its place."""
    found = {entry.replaces: (_REPLACED, _by(entry)) for entry in register if entry.replaces}
    by_number = {entry.number: entry for entry in register}
    titles = Counter(entry.title for entry in register)
    for entry in register:
        names = [entry.number, *([entry.title] if titles[entry.title] == 1 else [])]  # editions of a standard share their title
        if entry.status is ReferenceStatus.REPLACED:
            known = found.get(entry.number, (_REPLACED, "已被代替"))
            successor = by_number.get(entry.replaced_by)
            words = _by(successor) if successor else f"已被 {entry.replaced_by} 代替" if entry.replaced_by else known[1]
            found |= dict.fromkeys(names, (_REPLACED, words))
        elif entry.status is ReferenceStatus.WITHDRAWN:
            found |= dict.fromkeys(names, (_WITHDRAWN, "已经废止"))
        elif entry.status is ReferenceStatus.IN_FORCE:
            found = {name: fate for name, fate in found.items() if name not in names}
    return found


def _by(successor: ReferenceEntry) -> str:
    return f"已被 {successor.number}《{successor.title}》代替"


def _of(document: Checked, section: str, text: str, outdated: Outdated) -> Problems:
    for quote, name in dict.fromkeys(_cited(text, outdated)):
        code, fate = outdated[name]
        named = quote if quote.startswith("《") else f" {name} "
        yield Problem(code, Severity.ERROR, document.number, section, f"引用的{named}{fate}", quote)


def _cited(text: str, outdated: Outdated) -> Iterator[tuple[str, str]]:
    """(words of the text, the outdated name they mean)."""
    yield from ((words, number) for words, number in standards_in(text) if number in outdated)
    for name in outdated:
        if f"《{name}》" in text:
            yield f"《{name}》", name
        elif _LAW_NUMBER.search(name) and name in text:
            yield name, name

"""Laws and standards as texts cite them: their numbers in one form, and which entries of a register a text names. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from service.standards.rules import ReferenceEntry

_PARTS = re.compile(r"([A-Z/]+)([\d.]+)\D+(\d{4})")
_STANDARD = re.compile(r"[A-Z]{1,4}(?:/[TZ])?\s*\d+(?:\.\d+)?\s*[-—–―-]+\s*\d{4}")
_DIGIT = re.compile(r"\d")  # a law's "number" may be its short name, which other titles hold too


def normal_number(text: str) -> str:
    """GB/T 16784--2008, GB/T16784—2008 → GB/T 16784-2008; what is no number of a standard stays as it is."""
    found = _PARTS.fullmatch(re.sub(r"\s", "", text))
    return f"{found[1]} {found[2]}-{found[3]}" if found else text


def is_standard(number: str) -> bool:
    """Whether this is the number of a standard (GB/T 27922-2011), not of a law."""
    return _PARTS.fullmatch(re.sub(r"\s", "", number)) is not None


def standards_in(words: str) -> Iterator[tuple[str, str]]:
    """(as it is written, in normal form) of every standard that a text names by number."""
    for found in _STANDARD.finditer(words):
        yield found.group(), normal_number(found.group())


def cited(register: Sequence[ReferenceEntry], words: str) -> list[ReferenceEntry]:
    """The entries that a text names: by number, or by 《title》 unless that title belongs to another entry cited by number."""
    numbers = {number for _, number in standards_in(words)}
    by_number = [e for e in register if e.number in numbers or (_DIGIT.search(e.number) and e.number in words)]
    taken = {entry.title for entry in by_number}
    by_title = [e for e in register if e.title not in taken and (f"《{e.title}》" in words or f"《{e.number}》" in words)]
    return [entry for entry in register if entry in by_number or entry in by_title]


def same_reference(one: ReferenceEntry, other: ReferenceEntry) -> bool:
    """Whether two entries are about the same text: the same number, or two laws of one title (a standard's title outlives its editions)."""
    if _plain(one.number) == _plain(other.number):
        return True
    return _plain(one.title) == _plain(other.title) and not is_standard(one.number) and not is_standard(other.number)


def merged(own: Iterable[ReferenceEntry], shipped: Sequence[ReferenceEntry]) -> tuple[ReferenceEntry, ...]:
    """The register that counts for an organisation: its own entries where it has one, the shipped ones else, in the shipped order.

    An own entry keeps what only the shipped one tells: since when it is in force and what it replaced.
    """
    left = list(own)
    found: list[ReferenceEntry] = []
    for entry in shipped:
        mine = next((each for each in left if same_reference(each, entry)), None)
        if mine is not None:
            left.remove(mine)
        found.append(entry if mine is None else replace(mine, effective=mine.effective or entry.effective, replaces=entry.replaces))
    return (*found, *left)


def _plain(words: str) -> str:
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", words)).casefold()

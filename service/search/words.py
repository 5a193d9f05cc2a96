"""How texts and queries are read alike: width and case folded, Hanzi, letters and digits apart, and the terms that are looked up. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from service.text.characters import HANZI

_HANZI = HANZI.pattern.strip("[]")
_RUN = re.compile(f"[{_HANZI}](?:[ \t]*[{_HANZI}])*|[^\\W\\d_{_HANZI}]+|\\d+(?:\\.\\d+)*")
_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20, 0xA0: 0x20}


@dataclass(frozen=True, slots=True)
class Run:
    """Characters that belong together, as they are compared, and where they stand in what was read."""

    text: str
    start: int
    end: int

    @property
    def is_hanzi(self) -> bool:
        return HANZI.match(self.text) is not None


def fold(text: str) -> str:
    """Full width as half width, capitals as small letters; every character keeps its place."""
    half = text.translate(_WIDTH)
    small = half.lower()
    return small if len(small) == len(half) else "".join(c.lower() if len(c.lower()) == 1 else c for c in half)


def runs(text: str) -> Iterator[Run]:
    """Runs of Hanzi (blanks between them do not count), of letters, and numbers: `ＱＰ-０７版` is qp, 7 and 版.

    A number is compared without its leading zeros and with its decimals or sub-clauses: 07 is 7, 4.2.1 and 0.05 stay whole.
    """
    folded = fold(text)
    for found in _RUN.finditer(folded):
        words = found.group()
        if words[0].isdigit():
            words = words if "." in words else words.lstrip("0") or "0"
        elif " " in words or "\t" in words:
            words = words.replace(" ", "").replace("\t", "")
        yield Run(words, found.start(), found.end())


def canonical(text: str) -> str:
    """A text as it is compared: its runs with a blank before, between and after them; "" if it has none.

    Two texts agree if their canonical forms do, and one occurs in the other (see `pattern`) if its form does.
    """
    return _joined(run.text for run in runs(text))


def _joined(words: Iterable[str]) -> str:
    inner = " ".join(words)
    return f" {inner} " if inner else ""


def pattern(words: Iterable[Run]) -> str:
    """What is looked for in a canonical text: letters and numbers as wholes, Hanzi also in the middle of others; "" for nothing."""
    found = list(words)
    if not found:
        return ""
    before = "" if found[0].is_hanzi else " "
    after = "" if found[-1].is_hanzi else " "
    return before + " ".join(run.text for run in found) + after


def terms(canonical_text: str) -> set[str]:
    """What a text is found under: each Hanzi and each pair of neighbouring ones, each word of letters, each number."""
    found: set[str] = set()
    for run in canonical_text.split():
        if HANZI.match(run):
            found.update(run)
            found.update(run[i : i + 2] for i in range(len(run) - 1))
        else:
            found.add(run)
    return found


def sharp_terms(pattern_text: str) -> list[str]:
    """The terms that everything with this pattern has: of Hanzi the pairs, unless there is only one."""
    return sorted(term for term in terms(pattern_text) if len(term) != 1 or not HANZI.match(term) or term in pattern_text.split())


def located(text: str) -> tuple[str, list[int]]:
    """The canonical form of a text and, for each of its characters, where it stands in the text (-1 for the blanks between runs)."""
    folded, words, places = fold(text), list[str](), [-1]
    for run in runs(text):
        words.append(run.text)
        if run.text[0].isdigit():
            places += range(run.end - len(run.text), run.end)
        else:
            places += [i for i in range(run.start, run.end) if folded[i] not in " \t"]
        places.append(-1)
    return _joined(words), places if words else []


def occurrences(text: str, patterns: Iterable[str]) -> list[tuple[int, int, int]]:
    """(start, end, number of the pattern) of every place in `text` where one of the patterns occurs, in order, overlaps included."""
    form, places = located(text)
    found = []
    for number, wanted in enumerate(patterns):
        words = wanted.strip()
        at = form.find(wanted) if words else -1
        while at >= 0:
            start = at + (len(wanted) - len(wanted.lstrip()))
            found.append((places[start], places[start + len(words) - 1] + 1, number))
            at = form.find(wanted, at + 1)
    return sorted(found)

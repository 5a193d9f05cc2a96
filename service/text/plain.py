"""The words of sections as plain text, and the excerpt of a section that speaks most of a subject."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import groupby

from service.errors import NotFound
from service.text.model import Block, Procedure, Section
from service.text.walk import leaves

_SENTENCE = re.compile(r"[^。！？!?；;\n]+[。！？!?；;]*[”’」』）)]*")
_CLAUSE = re.compile(r"[^，,、：:]+[，,、：:]*")
_WORD_CHARACTER = re.compile(r"\w")
_COMMON = frozenset("的了和与及或在是为有对按由并其等应将把被从到之")


def blocks_text(blocks: Iterable[Block]) -> str:
    """The words of blocks, one paragraph, item, form field or table row per line; cells of a row are joined by " | "."""
    return "\n".join(_lines(blocks))


def _lines(blocks: Iterable[Block]) -> Iterator[str]:
    for (_, row), group in groupby(leaves(blocks), key=lambda leaf: (leaf.line if leaf.row else 0, leaf.row)):
        words = [leaf.text for leaf in group]
        if row:
            yield " | ".join(word.replace("\n", " ") for word in words if word)
        else:
            yield from (word for word in words if word)


def sections_under(procedure: Procedure, anchor: str) -> tuple[Section, ...]:
    """The section with its subsections, in order; "" stands for the whole text. An unknown anchor is NotFound `unknown_section`."""
    if not anchor:
        return procedure.sections
    start = next((index for index, section in enumerate(procedure.sections) if section.anchor == anchor), None)
    if start is None:
        raise NotFound(f"《{procedure.front.title}》没有锚点为 {anchor} 的章节", code="unknown_section")
    found = [procedure.sections[start]]
    for section in procedure.sections[start + 1 :]:
        if section.level <= found[0].level:
            break
        found.append(section)
    return tuple(found)


def section_text(procedure: Procedure, anchor: str) -> str:
    """The words of a section with its subsections, titles included, one paragraph or table row per line; "" is the whole text."""
    parts = [blocks_text(procedure.preamble)] if not anchor else []
    for section in sections_under(procedure, anchor):
        parts += [section.title, blocks_text(section.blocks)]
    return "\n".join(part for part in parts if part)


def best_quote(procedure: Procedure, anchor: str, subject: str, limit: int = 120) -> str:
    """The sentence or table row of a section that shares the most pairs of characters with `subject`: a verbatim excerpt of
    `section_text` of at most `limit` characters, never empty for a section that has words. Titles are quoted only when there is
    nothing else."""
    parts = [blocks_text(procedure.preamble)] if not anchor else []
    parts += [blocks_text(section.blocks) for section in sections_under(procedure, anchor)]
    candidates = [words for part in parts for line in part.split("\n") for words in sentences(line)]
    if not candidates:
        return section_text(procedure, anchor).split("\n")[0][:limit]
    wanted = _pairs(subject)
    best = max(candidates, key=lambda words: (_score(words, wanted), -len(words)))
    return best if len(best) <= limit else _window(best, wanted, limit)


def sentences(line: str) -> list[str]:
    """The sentences of one line of `blocks_text`; a table row stays whole."""
    if " | " in line:
        return [line]
    return [words.strip() for words in _SENTENCE.findall(line) if _WORD_CHARACTER.search(words)]


def _pairs(text: str) -> frozenset[str]:
    """Pairs of neighbouring word characters, without those that hold a common particle."""
    return frozenset(
        text[i : i + 2] for i in range(len(text) - 1) if text[i : i + 2].isalnum() and text[i] not in _COMMON and text[i + 1] not in _COMMON
    )


def _score(words: str, wanted: frozenset[str]) -> float:
    """Shared pairs, with a slight preference for a figure or a duty, which decide more than a mere mention."""
    shared = len(_pairs(words) & wanted)
    return shared + (0.3 if any(mark in words for mark in ("应", "须", "不得", "负责")) else 0) + (0.2 if re.search(r"\d", words) else 0)


def _window(sentence: str, wanted: frozenset[str], limit: int) -> str:
    """The run of whole clauses of a long sentence that shares most and fits; at worst its first `limit` characters."""
    ends = [found.end() for found in _CLAUSE.finditer(sentence)]
    starts = [0, *ends[:-1]]
    runs = [sentence[a:b].strip() for a in starts for b in ends if 0 < b - a <= limit]
    return max(runs, key=lambda words: (_score(words, wanted), -len(words)), default=sentence[:limit])

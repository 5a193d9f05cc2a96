"""The words of sections as plain text, and the excerpt of a section that speaks most of a subject."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from math import fsum, sqrt

from service.errors import NotFound
from service.text.model import Block, Procedure, Section, Table
from service.text.walk import leaves

_SENTENCE = re.compile(r"[^。！？!?；;\n]+[。！？!?；;]*[”’」』）)]*")
_CLAUSE = re.compile(r"[^，,、：:]+[，,、：:]*")
_RECORD = re.compile(r"记录|清单|档案|台账|报告")  # what asks for one is answered by a sentence that names a 《form》
_DUTY = re.compile(r"应|须|不得|负责")
_DIGIT = re.compile(r"\d")
_SHORT = 10
_MOST_CLAUSES = 60  # of one sentence are looked at
_WORD_CHARACTER = re.compile(r"\w")
_COMMON = frozenset("的了和与及或在是为有对按由并其等应将把被从到之")


def blocks_text(blocks: Iterable[Block]) -> str:
    """The words of blocks, one paragraph, item, form field or table row per line; cells of a row are joined by " | "."""
    return "\n".join(words for words, _ in _lines(blocks))


def _lines(blocks: Iterable[Block]) -> Iterator[tuple[str, bool]]:
    """(words of a line, whether it rules something: the head of a table does not)."""
    for block in blocks:
        head = block.head if isinstance(block, Table) else 0
        for row, group in groupby(leaves([block]), key=lambda leaf: leaf.row):
            words = [leaf.text for leaf in group if leaf.text]
            if row and words:
                yield " | ".join(word.replace("\n", " ") for word in words), row > head
            else:
                yield from ((word, True) for word in words)


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
    `section_text` of at most `limit` characters, never empty for a section that has words.

    Pairs that are everywhere in the section count less. Titles, heads of tables, sentences that only announce a list, and very short
    ones are quoted only where there is nothing better.
    """
    blocks = [
        *(procedure.preamble if not anchor else ()),
        *(block for section in sections_under(procedure, anchor) for block in section.blocks),
    ]
    lines = list(_lines(blocks))
    candidates = [words for line, rules in lines if rules for words in sentences(line)] or [line for line, _ in lines]
    if not candidates:
        return section_text(procedure, anchor).split("\n")[0][:limit]
    weights = _weights(subject, candidates)
    best = max(candidates, key=lambda words: (_score(words, weights), -len(words)))
    return best if len(best) <= limit else _window(best, weights, limit)


def _weights(subject: str, candidates: Sequence[str]) -> dict[str, float]:
    """What each pair of the subject is worth: the less, the more candidates have it."""
    counts = Counter(pair for words in candidates for pair in _pairs(words))
    weights = {pair: 1 / sqrt(counts[pair] or 1) for pair in _pairs(subject)}
    return weights | {"《": 0.3 if _RECORD.search(subject) else 0}


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


def _score(words: str, weights: Mapping[str, float]) -> float:
    """The worth of the shared pairs, with a slight preference for a duty or figure, which decide more than a mere mention."""
    score = fsum(weights.get(pair, 0) for pair in _pairs(words)) + (weights["《"] if "《" in words else 0)
    score += (0.1 if _DUTY.search(words) else 0) + (0.05 if _DIGIT.search(words) else 0)
    return score - (1 if words.endswith(("：", ":")) else 0) - (0.5 if len(words) < _SHORT else 0)


def _window(sentence: str, weights: Mapping[str, float], limit: int) -> str:
    """The run of whole clauses of a long sentence that shares most and fits; at worst its first `limit` characters."""
    ends = [found.end() for found in _CLAUSE.finditer(sentence)][:_MOST_CLAUSES]
    starts = [0, *ends[:-1]]
    runs = [sentence[a:b].strip() for a in starts for b in ends if 0 < b - a <= limit]
    return max(runs, key=lambda words: (_score(words, weights), -len(words)), default=sentence[:limit])

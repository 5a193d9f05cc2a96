"""Changing single entries of a text's front matter: what a section claims, the title, the department. Everything else stays byte for byte."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace

import yaml

from service.errors import InputError
from service.text.characters import FORBIDDEN
from service.text.frontmatter import read_front, written_claims, written_fields
from service.text.model import ClaimLine, FrontMatter
from service.text.source_sections import replaced_lines, source_lines


def with_claim(source: str, claim: ClaimLine) -> str:
    """`source` whose section claims of this indicator just these elements; without elements it claims nothing of it any more."""
    front = read_front(source)
    same = [n for n, one in enumerate(front.claims) if (one.indicator, one.section) == (claim.indicator, claim.section)]
    wanted = _settled(front.claims, same, claim)
    if wanted == front.claims:
        return source
    spans = written_claims(source)
    result = _by_line(source, spans, same, claim) if wanted and _one_each(source, spans) else _anew(source, wanted)
    return _proved(result, replace(front, claims=wanted))


def _settled(claims: Sequence[ClaimLine], same: Sequence[int], claim: ClaimLine) -> tuple[ClaimLine, ...]:
    """The claims with one set: where it stood first, else at the end."""
    if not claim.elements:
        return tuple(one for n, one in enumerate(claims) if n not in same)
    if not same:
        return (*claims, claim)
    return tuple(claim if n == same[0] else one for n, one in enumerate(claims) if n == same[0] or n not in same)


def _one_each(source: str, spans: Sequence[tuple[int, int, int]]) -> bool:
    """Whether there are claims and each begins a line of its own with its dash."""
    lines, _ = source_lines(source)
    return bool(spans) and all(lines[line][:column].strip() == "-" for line, column, _ in spans)


def _by_line(source: str, spans: Sequence[tuple[int, int, int]], same: Sequence[int], claim: ClaimLine) -> str:
    """The claims that change are replaced or taken out line by line, the last one first; a new one follows all others."""
    lines, _ = source_lines(source)
    if not same:
        line, column, end = spans[-1]
        return replaced_lines(source, end, end, [lines[line][:column] + _written(claim)])
    for n in reversed(same):
        line, column, end = spans[n]
        new = [lines[line][:column] + _written(claim)] if claim.elements and n == same[0] else []
        source = replaced_lines(source, line, end, new)
    return source


def _anew(source: str, claims: Sequence[ClaimLine]) -> str:
    """All claims written out, where they stood or at the end of the front matter; none: without their heading."""
    new = ["claims:", *(f"  - {_written(claim)}" for claim in claims)] if claims else []
    fields = written_fields(source)
    _, start = source_lines(source)
    line, end = fields.get("claims", (start - 1, start - 1))
    return replaced_lines(source, line, end, new)


def _written(claim: ClaimLine) -> str:
    section = f", section: {claim.section}" if claim.section else ""
    return f"{{indicator: {claim.indicator}, elements: [{', '.join(map(str, claim.elements))}]{section}}}"


def with_title(source: str, title: str) -> str:
    """`source` with another title. InputError for one that is empty or cannot be printed."""
    words = _printable("title", title)
    return _with_words(source, "title", words, replace(read_front(source), title=words))


def with_department(source: str, department: str) -> str:
    """`source` with another department (key) in charge."""
    words = _printable("department", department)
    return _with_words(source, "department", words, replace(read_front(source), department=words))


def _printable(name: str, words: str) -> str:
    words = " ".join(words.split())
    if not words or FORBIDDEN.search(words):
        raise InputError(f"{name} 不能为空，也不能有控制字符", code="bad_field")
    return words


def _with_words(source: str, name: str, words: str, wanted: FrontMatter) -> str:
    if read_front(source) == wanted:
        return source
    line, end = written_fields(source)[name]
    return _proved(replaced_lines(source, line, end, [f"{name}: {_scalar(words)}"]), wanted)


def _scalar(words: str) -> str:
    """The words as YAML reads them back: bare where that is possible, else in quotation marks."""
    try:
        bare = yaml.safe_load(f"name: {words}") == {"name": words}
    except yaml.YAMLError:
        bare = False
    return words if bare else json.dumps(words, ensure_ascii=False)


def _proved(source: str, wanted: FrontMatter) -> str:
    """The text, once it is sure that it says what was wanted and nothing else."""
    if read_front(source) != wanted:
        raise InputError("文件头的写法不能在这里改，请导出源文本修改", code="front_not_written")
    return source

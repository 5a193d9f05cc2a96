"""What the places of a form ask for: words, a day, one of several choices, ticks. Told by the form's own words. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

from service.book.model import Fill, FillKind, Grid

BOX = "□"
YES_NO = ("是", "否")
_DAYS = re.compile("(?:日期|完成期限|整改期限|有效期至|起算日|截止日|购买日|生产日)$")
_BLANK = re.compile(
    r"(?P<box>□)"
    r"|(?P<day>(?:[ \u3000_]*年)?[ \u3000_]+月[ \u3000_]+日)"
    r"|(?P<blank>\u3000{2,}|[_＿]{2,})"
    r"|(?P<end>(?<=[：:])(?=[ \u3000]*(?:□|$)))"
)


def entry_fill(label: str, printed: str) -> Fill | None:
    """Of a labelled field; None if what is printed there leaves nothing open."""
    if printed:
        return Fill(label, FillKind.PRINTED) if _BLANK.search(printed) else None
    return _by_words(label)


def column_fill(title: str, row: int) -> Fill:
    """Of an empty cell of a column; `row` counts the empty rows from 1."""
    asked = _by_words(title)
    return Fill(f"{title}（第 {row} 行）", asked.kind, asked.choices, row > 1, title)


def signature_fill(signer: str) -> Fill:
    """Of the place below a signer's name; 日期 among the signers is the day."""
    return Fill(signer, FillKind.SIGNED_ON if signer.endswith("日期") else FillKind.SIGNATURE)


@lru_cache(maxsize=4096)
def _by_words(title: str) -> Fill:
    if title.startswith("是否"):
        return Fill(title, FillKind.CHOICE, YES_NO, title=title)
    return Fill(title, FillKind.DATE if _DAYS.search(title) else FillKind.WORDS, title=title)


@dataclass(frozen=True, slots=True)
class Place:
    """A stretch of printed words, or a place among them: `kind` is word, box, day, blank or end (of the words, after a colon)."""

    kind: str
    words: str


def places(printed: str) -> Iterator[Place]:
    """Printed words cut at their boxes and blanks; joined again they are what was printed."""
    done = 0
    for found in _BLANK.finditer(printed):
        if found.start() > done:
            yield Place("word", printed[done : found.start()])
        yield Place(found.lastgroup or "word", found.group())
        done = found.end()
    if done < len(printed):
        yield Place("word", printed[done:])


_OFFER = re.compile(r"“?(?P<title>[^，。；：、“”]{1,16}?)”?(?:栏|列)?填：?(?P<offer>[^，。；]+)")


def offers(notes: str) -> dict[str, tuple[str, ...]]:
    """What notes on filling in allow: “类别”填甲、乙或丙 → {"类别": ("甲", "乙", "丙")}. One thing alone is no choice."""
    found = {match["title"]: _offered(match["offer"]) for line in notes.split("\n") for match in _OFFER.finditer(line)}
    return {title: offered for title, offered in found.items() if len(offered) > 1}


def _offered(words: str) -> tuple[str, ...]:
    """Between marks of quotation where there are any; else between 、, and 或 before the last. Each once: Word opens no list that repeats one."""
    quoted = re.findall("“([^“”]+)”", words)
    if quoted:
        return tuple(dict.fromkeys(quoted))
    *first, last = words.removesuffix("之一").removesuffix("等").split("、")
    told = (each.strip() for each in (*first, *(last.split("或") if first else [last])))
    return tuple(dict.fromkeys(each for each in told if each))


def with_offers(grid: Grid, offered: Mapping[str, tuple[str, ...]]) -> Grid:
    """The grid whose places by these names, or in columns by these names, offer these choices."""
    if not offered:
        return grid
    rows = tuple(
        tuple(replace(cell, fill=_offering(cell.fill, offered)) if cell.fill and cell.fill.kind in _OPEN else cell for cell in row)
        for row in grid.rows
    )
    return replace(grid, rows=rows)


_OPEN = frozenset({FillKind.WORDS, FillKind.DATE})


def _offering(fill: Fill, offered: Mapping[str, tuple[str, ...]]) -> Fill:
    choices = offered.get(fill.title)
    return replace(fill, kind=FillKind.CHOICE, choices=choices) if choices else fill

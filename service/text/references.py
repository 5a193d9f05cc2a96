"""《…》: which documents and records a text names, and which title was probably meant."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from service.text.inline import REFERENCE
from service.text.model import Procedure
from service.text.walk import placed_leaves

_GONE = re.compile(r"[\s·•\-—_、,。:;()“”\"'《》〈〉\[\]【】]")
_ENDING = re.compile(r"(?:管理|控制|工作)?(?:程序|办法|制度|规定)(?:文件)?$")
_AND = str.maketrans(dict.fromkeys("和与及", "、"))


@dataclass(frozen=True, slots=True)
class FoundReference:
    """《title》 with where it stands; `section` and `clause` are "" in the preamble."""

    title: str
    section: str
    clause: str
    line: int


def references(procedure: Procedure) -> tuple[FoundReference, ...]:
    """Every 《…》 of a text in reading order, repeated ones too, also in titles, flow charts and forms."""
    return tuple(
        FoundReference(found.group(1), section.anchor if section else "", section.clause if section else "", leaf.line)
        for section, leaf in placed_leaves(procedure)
        for found in REFERENCE.finditer(leaf.text)
    )


def normal_title(title: str) -> str:
    """A title without what people vary: full and half width, spaces and punctuation, 和/与/及/、, a trailing 程序/控制程序/管理办法 …"""
    words = unicodedata.normalize("NFKC", title).casefold().translate(_AND)
    words = _GONE.sub("", words)
    return _ENDING.sub("", words) or words


def nearest(title: str, candidates: Iterable[str]) -> str | None:
    """The candidate that was probably meant: the same normal form, or else very similar; None if there is none."""
    by_normal: dict[str, str] = {}
    for candidate in candidates:
        by_normal.setdefault(normal_title(candidate), candidate)
    normal = normal_title(title)
    if normal in by_normal:
        return by_normal[normal]
    close = difflib.get_close_matches(normal, by_normal, n=1, cutoff=0.65)
    return by_normal[close[0]] if close else None

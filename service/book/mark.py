"""What a copy that is handed out says on every page: controlled or not, who holds it, when, and what it must not be used for. Pure."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from service.errors import InputError


class StampKind(StrEnum):
    """What a copy is (domain.md §1)."""

    CONTROLLED = "controlled"
    UNCONTROLLED = "uncontrolled"
    OBSOLETE = "obsolete"
    RETAINED = "retained"
    DRAFT = "draft"


STAMP_NAMES: Mapping[StampKind, str] = {
    StampKind.CONTROLLED: "受控",
    StampKind.UNCONTROLLED: "非受控",
    StampKind.OBSOLETE: "作废",
    StampKind.RETAINED: "作废保留",
    StampKind.DRAFT: "草稿",
}
_NOTES: Mapping[StampKind, str] = {
    StampKind.CONTROLLED: "",
    StampKind.UNCONTROLLED: "仅供参考，以系统现行有效版本为准",
    StampKind.OBSOLETE: "已不再有效，不得使用",
    StampKind.RETAINED: "仅供查考，不得使用",
    StampKind.DRAFT: "未经批准，不得使用",
}
_LARGE = frozenset({StampKind.OBSOLETE, StampKind.RETAINED, StampKind.DRAFT})
_RED, _GREY = "A61C1C", "595959"
LONGEST_PERSON = 40  # characters: with two such persons the line still fits the margin in two lines


@dataclass(frozen=True, slots=True)
class Stamp:
    """`holder` has the copy, `by` downloaded it or handed it out; either may be empty, both may be the same person.

    `at` is printed as it stands, so it must be in the readers' time zone. A controlled copy without a number is refused
    (InputError `copy_number_missing`): 受控 without 分发号 cannot be recalled.
    """

    kind: StampKind
    copy_number: int | None
    holder: str
    at: datetime
    by: str

    def __post_init__(self) -> None:
        if self.kind is StampKind.CONTROLLED and self.copy_number is None:
            raise InputError("受控本须有分发号", code="copy_number_missing")


def line(mark: Stamp) -> str:
    """The stamp's one line: 非受控 · 下载人 张三（zhangsan） · 2026-03-01 09:30 · 仅供参考，以系统现行有效版本为准."""
    numbered = "" if mark.copy_number is None else f"分发号 {mark.copy_number:02}"
    holder, by = _person(mark.holder), _person(mark.by)
    deed = "发放人" if holder else "下载人"
    parts = (
        STAMP_NAMES[mark.kind],
        numbered,
        f"持有人 {holder}" if holder else "",
        f"{deed} {by}" if by and by != holder else "",
        f"{mark.at:%Y-%m-%d %H:%M}",
        _NOTES[mark.kind],
    )
    return " · ".join(part for part in parts if part)


def large_mark(mark: Stamp) -> str:
    """The word that stands large and light across the page of what must not be used; empty for other copies."""
    return STAMP_NAMES[mark.kind] if mark.kind in _LARGE else ""


def colour(mark: Stamp) -> str:
    """RRGGBB: a seal's red, but grey for what is nothing more than a print."""
    return _GREY if mark.kind is StampKind.UNCONTROLLED else _RED


def _person(words: str) -> str:
    """A name as it can be printed on one line: without control characters, cut if it is longer than a stamp has room for."""
    plain = "".join(char for char in words if unicodedata.category(char)[0] != "C").strip()
    return plain if len(plain) <= LONGEST_PERSON else plain[: LONGEST_PERSON - 1] + "…"


def not_ours(format_: str) -> InputError:
    """The refusal of a file whose inside is not what its format says."""
    return InputError(f"文件不是本系统生成的 {format_.upper()}，不能盖章", code="not_stampable")

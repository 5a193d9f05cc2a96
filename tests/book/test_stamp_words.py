"""What a stamp says, and which files take one."""

from __future__ import annotations

import re

import pytest

from book.pdf_reading import FONTS
from book.stamps import AT, CONTROLLED, DRAFT, HOSTILE, LONG, OBSOLETE, RETAINED, UNCONTROLLED
from service.book.mark import LONGEST_PERSON, Stamp, StampKind, large_mark, line
from service.book.stamp import stamp
from service.book.theme import FORMAL
from service.errors import InputError


@pytest.mark.parametrize(
    ("mark", "words", "large"),
    [
        (UNCONTROLLED, "非受控 · 下载人 张三（zhangsan） · 2026-03-01 09:30 · 仅供参考，以系统现行有效版本为准", ""),
        (CONTROLLED, "受控 · 分发号 03 · 持有人 李四（lisi） · 发放人 王五（wangwu） · 2026-03-01 09:30", ""),
        (OBSOLETE, "作废 · 下载人 张三（zhangsan） · 2026-03-01 09:30 · 已不再有效，不得使用", "作废"),
        (RETAINED, "作废保留 · 分发号 03 · 持有人 李四（lisi） · 2026-03-01 09:30 · 仅供查考，不得使用", "作废保留"),
        (DRAFT, "草稿 · 下载人 张三（zhangsan） · 2026-03-01 09:30 · 未经批准，不得使用", "草稿"),
    ],
)
def test_stamp_says_what_the_copy_is_who_has_it_when_and_what_for(mark: Stamp, words: str, large: str) -> None:
    assert (line(mark), large_mark(mark)) == (words, large)


def test_controlled_copy_without_a_number_is_refused() -> None:
    with pytest.raises(InputError, match="分发号") as fault:
        Stamp(StampKind.CONTROLLED, None, "李四", AT, "王五")
    assert fault.value.code == "copy_number_missing"


def test_name_too_long_for_the_line_is_cut_and_shows_it() -> None:
    assert line(LONG).count("…") == 2
    assert re.search(f"持有人 (欧阳){{{(LONGEST_PERSON - 1) // 2}}}欧… ·", line(LONG))


def test_control_characters_of_a_name_are_not_printed() -> None:
    assert "下载人 </style><script>alert(1)</script>\"'\\&{} ·"[: LONGEST_PERSON - 4] in line(HOSTILE)
    assert all(char.isprintable() for char in line(HOSTILE))


@pytest.mark.parametrize("format_", ["odt", "", "PDF"])
def test_format_that_takes_no_stamp_is_refused_with_those_that_do(format_: str) -> None:
    with pytest.raises(InputError, match="docx、pdf、html、md") as fault:
        stamp(b"", format_, UNCONTROLLED, FORMAL, FONTS)
    assert fault.value.code == "unknown_format"


@pytest.mark.parametrize("format_", ["docx", "html", "md"])
@pytest.mark.parametrize("file", [b"", b"plain words", b"PK\x03\x04broken"])
def test_file_of_another_kind_is_refused(format_: str, file: bytes) -> None:
    with pytest.raises(InputError) as fault:
        stamp(file, format_, UNCONTROLLED, FORMAL, FONTS)
    assert fault.value.code == "not_stampable"

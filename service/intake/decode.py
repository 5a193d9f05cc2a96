"""Bytes → lines of text: encoding, line ends and forbidden characters, with every change reported."""

from __future__ import annotations

import re
from dataclasses import dataclass

from service.errors import InputError
from service.intake.model import Remark, Repair
from service.text.characters import FORBIDDEN

MOST_BYTES = 5_000_000
_ENDS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the source with its 1-based number."""

    number: int
    text: str


@dataclass(frozen=True, slots=True)
class Decoded:
    lines: tuple[Line, ...]
    encoding: str
    repairs: tuple[Repair, ...]
    remarks: tuple[Remark, ...]


def decode(raw: str | bytes) -> Decoded:
    """The lines of a source. UTF-8 and UTF-16 (by its mark) are tried before GB18030, which reads almost anything."""
    if len(raw) > MOST_BYTES:
        raise InputError(f"文本超过 {MOST_BYTES // 1_000_000} MB，请分开导入", code="too_large")
    text, encoding, remarks = (raw, "", ()) if isinstance(raw, str) else _characters(raw)
    repairs = [] if encoding in ("", "utf-8") else [Repair("encoding", 0, encoding, "utf-8", f"原文编码为 {encoding}，已转换")]
    text = text.removeprefix("\ufeff")
    strange = {found.group() for found in _ENDS.finditer(text)}
    if strange:
        text = _ENDS.sub("\n", text)
        names = "、".join(sorted(repr(end).strip("'") for end in strange))
        repairs.append(Repair("line_ends", 0, names, r"\n", "换行符已统一"))
    lines = []
    for number, words in enumerate(text.split("\n"), 1):
        clean = FORBIDDEN.sub("", words)
        if clean != words:
            points = "、".join(sorted({f"U+{ord(char):04X}" for char in FORBIDDEN.findall(words)}))
            repairs.append(Repair("control_character", number, points, "", f"删去不可见的控制字符 {points}"))
        lines.append(Line(number, clean))
    return Decoded(tuple(lines), encoding or "utf-8", tuple(repairs), remarks)


def _characters(raw: bytes) -> tuple[str, str, tuple[Remark, ...]]:
    for mark, encoding in _MARKS:
        if raw.startswith(mark):
            return raw.decode(encoding, errors="replace"), encoding.removesuffix("-sig"), ()
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding), encoding, ()
        except UnicodeDecodeError:
            continue
    text = raw.decode("utf-8", errors="replace")
    line = text.count("\n", 0, text.index("\ufffd")) + 1
    return text, "utf-8", (Remark("bad_encoding", line, "\ufffd", "有字节不能识别为文字，请用 UTF-8 或 GB18030 另存后再导入"),)

"""Values made harmless: as running text in Markdown, and inside flow and form fences."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal

from service.errors import InputError
from service.text.characters import FORBIDDEN

BEGIN, END = "\ue000", "\ue001"  # sentinels around a value in rendered text; a source or value cannot hold them
_VALUE = re.compile(f"{BEGIN}([^{END}]*){END}")
_FENCE = re.compile(r"\s*(`{3,}|~{3,})")

# Backslash-escapes are not read inside code, where a backtick could end it, hence the entity for the backtick.
_SPECIAL = re.compile(r"[\\`*_\[\](){}<>#&!|~^]")
_INSIDE_WORD = re.compile(r"(?<=[A-Za-z0-9])\\_(?=[A-Za-z0-9])")  # _ inside a word is never a mark
# At the beginning of a line these would make a list, an underline or a delimiter row.
_FIRST = re.compile(r"\A(\d*)(\.(?=\s|\Z)|[-+](?=[\s+-]|\Z)|=|:(?=[-:\s]|\Z))")
_NUMBER = re.compile(r"\A\d(?=\d*\Z)")
_LIST_BEFORE = re.compile(r"[\s>*+-]*\d*\Z")
_LIST_AFTER = re.compile(r"\d*[.)]")

_IN_FENCE = str.maketrans("[]{}()|<>`", "\uff3b\uff3d\uff5b\uff5d\uff08\uff09\uff5c\uff1c\uff1e\uff40")
_FENCE_FIRST = str.maketrans("#_", "\uff03\uff3f")
_COLONS = str.maketrans(":\uff1a", "\u2236\u2236")
_WEIGHT = re.compile(r" (?=[\d.]+\Z)")


def printed(value: object) -> str:
    """A value in the words of a text: 2026年2月1日, 是/否, 5 for 5.0, lists joined by 、; a table of values cannot be printed."""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, (date, datetime)):
        return f"{value.year}年{value.month}月{value.day}日"
    if isinstance(value, (int, float, Decimal)):
        return _number(value)
    if isinstance(value, str):
        return " ".join(FORBIDDEN.sub(" ", value).split())
    if isinstance(value, Sequence):
        return "、".join(printed(item) for item in value)
    raise InputError("这个变量由多项组成，不能直接打印", code="not_printable")


def _number(value: float | Decimal) -> str:
    text = f"{value:f}" if isinstance(value, Decimal) else f"{value:.12g}" if isinstance(value, float) else str(value)
    return text.rstrip("0").rstrip(".") if "." in text and "e" not in text else text


def settle(rendered: str) -> str:
    """Rendered text with every marked value escaped for the place where it stands."""
    if BEGIN not in rendered:
        return rendered
    fence, lines = "", []
    for line in rendered.split("\n"):
        mark = _FENCE.match(line)
        if mark and (not fence or mark.group(1).startswith(fence)):
            fence = "" if fence else mark.group(1)
        lines.append(_VALUE.sub(_fenced if fence else _running, line) if BEGIN in line else line)
    return "\n".join(lines)


def _running(found: re.Match[str]) -> str:
    """A value in running text, a heading or a table cell."""
    value = escaped(found.group(1))
    before = _VALUE.sub("x", found.string[: found.start()])
    if _NUMBER.match(value) and _LIST_BEFORE.match(before) and _LIST_AFTER.match(found.string, found.end()):
        return f"&#{ord(value[0])};{value[1:]}"
    return value


def escaped(text: str) -> str:
    """One line of text as Markdown that reads as this text and nothing else."""
    text = _SPECIAL.sub(lambda found: "&#96;" if found.group() == "`" else "\\" + found.group(), text)
    return _FIRST.sub(r"\1\\\2", _INSIDE_WORD.sub("_", text))


def _fenced(found: re.Match[str]) -> str:
    """A value in a flow chart or form: the notation's own characters become their full-width look-alikes."""
    value = found.group(1).translate(_IN_FENCE)
    before = re.split(r"[|\[]", found.string[: found.start()])[-1]
    if ":" not in before and "\uff1a" not in before:
        value = value.translate(_COLONS)
    value = value[:1].translate(_FENCE_FIRST) + value[1:]
    return _WEIGHT.sub("\u00a0", value)

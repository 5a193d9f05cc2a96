"""What kind of character this is: Chinese or not, full-width punctuation, forbidden control characters."""

from __future__ import annotations

import re

from service.errors import InputError, Place

# Hanzi, kana, full-width forms; “” ‘’ … — are set full-width between them.
_HANZI = "\u2e80-\u2fdf\u3005-\u3007\u3021-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_FULL_PUNCTUATION = "\u3000-\u3004\u3008-\u3020\ufe30-\ufe4f\uff00-\uff0f\uff1a-\uff20\uff3b-\uff40\uff5b-\uffef"
_SHARED_PUNCTUATION = "\u2014\u2018\u2019\u201c\u201d\u2026"

HANZI = re.compile(f"[{_HANZI}]")
_FULL = re.compile(f"[{_FULL_PUNCTUATION}]")
_WIDE = re.compile(f"[{_HANZI}{_FULL_PUNCTUATION}{_SHARED_PUNCTUATION}\uff10-\uff19\uff21-\uff3a\uff41-\uff5a]")

# C0 and C1 controls, line separators, bidirectional overrides, lone surrogates, non-characters, and the
# private-use characters that filling uses as marks. None of them can be printed or stored in XML, or be seen.
SENTINELS = "\ue000-\ue0ff"
FORBIDDEN = re.compile(f"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufeff\ufffe\uffff{SENTINELS}]")


def is_wide(character: str) -> bool:
    """Whether a character is a Hanzi or set like one ("" is not)."""
    return bool(character) and _WIDE.match(character) is not None


def joint(before: str, after: str) -> str:
    """What a line break between two characters stands for: nothing between Chinese characters or beside full-width
    punctuation, else a space."""
    if is_wide(before) and is_wide(after):
        return ""
    return "" if _FULL.match(before) or _FULL.match(after) else " "


def clean_lines(source: str, file: str = "") -> str:
    """`source` with line ends as \\n and without a byte order mark; an unprintable control character is an InputError naming its line."""
    source = source.removeprefix("\ufeff").replace("\r\n", "\n")
    found = FORBIDDEN.search(source)
    if found:
        line = source.count("\n", 0, found.start()) + 1
        raise InputError(f"文中有不可见的控制字符 U+{ord(found.group()):04X}，请删除", code="control_character", place=Place(file, line))
    return source

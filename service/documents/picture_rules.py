"""What a picture's file may be called. Pure."""

from __future__ import annotations

import unicodedata
from pathlib import PurePosixPath

LONGEST_NAME = 120
NAMELESS = "图片"


def plain_file_name(given: str) -> str:
    """The last part of what a browser or program sent as the name, without control and direction characters, not longer than is shown.

    `..\\..\\a.png` and `C:\\照片\\a.png` are a.png; a name of which nothing is left is 图片.
    """
    visible = "".join(char for char in given if unicodedata.category(char) not in {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})
    name = PurePosixPath(visible.replace("\\", "/").strip()).name.strip()
    stem, dot, ending = name.rpartition(".")
    if len(name) > LONGEST_NAME:
        name = f"{stem[: LONGEST_NAME - 10]}{dot}{ending[:9]}" if stem else name[:LONGEST_NAME]
    return name if name.strip(". ") else NAMELESS

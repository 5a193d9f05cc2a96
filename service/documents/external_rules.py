"""外来文件: kinds of external documents and what may be written of them. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import StrEnum

from service.standards.citations import is_standard


class ExternalKind(StrEnum):
    LAW = "law"
    STANDARD = "standard"
    OTHER = "other"


EXTERNAL_KIND_NAMES: Mapping[ExternalKind, str] = {
    ExternalKind.LAW: "法律法规",
    ExternalKind.STANDARD: "标准",
    ExternalKind.OTHER: "其他",
}
UNCHECKED = "未核对"
"""What a list says of an entry that nobody has checked."""

_LAW = re.compile(r"法$|条例|规定|办法|名录|令第|号$")


def kind_of(number: str, title: str) -> ExternalKind:
    """A guess from how such texts are named: GB/T 27922-2011 is a standard, 国务院令第 551 号 a regulation."""
    if is_standard(number):
        return ExternalKind.STANDARD
    return ExternalKind.LAW if _LAW.search(number) or _LAW.search(title) else ExternalKind.OTHER

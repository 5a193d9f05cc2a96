"""Running text → canonical Markdown: every mark that would read as something else is escaped."""

from __future__ import annotations

import re
from itertools import groupby

from service.text.model import Inline, Inlines, LineBreak, Link, Reference, Text

_TEMPLATE = re.compile(r"(\{\{[^{}]{0,300}\}\}|\{%[^{}]{0,300}%\})")  # not filled yet: stays as it is
_SPECIAL = re.compile(r"[\\`*_\[\]<{]|&(?=[#A-Za-z])|!\Z")
_INSIDE_WORD = re.compile(r"(?<=[A-Za-z0-9])\\_(?=[A-Za-z0-9])")
_STARTS_BLOCK = re.compile(
    r"^(?:(\d{1,9})([.)])(?=\s|$)|()([-+])(?=\s|$)|()([-=])(?=[-=]*\s*$)|()(#)(?=#{0,5}(?:\s|$))|()(>|\||~~~)|()(:)(?=[-:|\s]*$))",
    re.MULTILINE,
)


def text_markdown(text: str) -> str:
    """Plain text as Markdown that reads as this text; a template's {{ … }} stays."""
    return "".join(part if index % 2 else _escaped(part) for index, part in enumerate(_TEMPLATE.split(text)))


def _escaped(text: str) -> str:
    return _INSIDE_WORD.sub("_", _SPECIAL.sub(r"\\\g<0>", text))


def inlines_markdown(content: Inlines, *, newline: str = "\\\n") -> str:
    """The runs of one paragraph, so that no line of it begins a block of another kind."""
    pieces = []
    for strong, group in groupby(content, key=lambda item: isinstance(item, (Text, Reference)) and item.strong):
        inner = "".join(newline if isinstance(item, LineBreak) else _inline(item) for item in group)
        pieces.append(f"**{inner}**" if strong else inner)
    return _STARTS_BLOCK.sub(_kept, "".join(pieces))


def _kept(found: re.Match[str]) -> str:
    """The beginning of a line with its mark escaped: digits before the mark stay."""
    digits, mark = (group for group in found.groups() if group is not None)
    return f"{digits}\\{mark}"


def _inline(item: Inline) -> str:
    match item:
        case Text(text, code=True):
            return _code(text)
        case Text(text, emphasis=emphasis):
            return f"*{text_markdown(text)}*" if emphasis else text_markdown(text)
        case Reference(title):
            return f"《{text_markdown(title)}》"
        case Link(text, href):
            return f"[{text_markdown(text)}](<{_destination(href)}>)"
        case LineBreak():
            return "\\\n"


def _code(text: str) -> str:
    """A code span: its marks are longer than any run of backticks inside."""
    marks = "`" * (max((len(run) for run in re.findall("`+", text)), default=0) + 1)
    pad = " " if text[:1] == "`" or text[-1:] == "`" or (text[:1] == text[-1:] == " " and text.strip()) else ""
    return f"{marks}{pad}{text}{pad}{marks}"


def _destination(href: str) -> str:
    return re.sub(r"[\\<>&]", r"\\\g<0>", href)

"""The style sheets and style attributes of an uploaded SVG, written anew from an allow-list of properties and plain values. Pure."""

from __future__ import annotations

import re

from service.book.theme import FORMAL

_LOOKS = (
    "fill fill-opacity fill-rule stroke stroke-width stroke-opacity stroke-linecap stroke-linejoin stroke-miterlimit stroke-dasharray "
    "stroke-dashoffset opacity color display visibility stop-color stop-opacity clip-path clip-rule mask marker marker-start marker-mid "
    "marker-end font-family font-size font-style font-weight font-stretch font-variant text-anchor text-decoration dominant-baseline "
    "alignment-baseline baseline-shift letter-spacing word-spacing writing-mode direction paint-order vector-effect shape-rendering "
    "text-rendering overflow"
)
LOOKS = frozenset(_LOOKS.split())
"""Properties, as attributes or in style sheets, that say how a shape looks and nothing else."""
_VALUE = re.compile(r"""[\w\s#%.,()+*/'"!-]*""")
_SELECTOR = re.compile(r"""[\w\s.#,>*+~:()\[\]="'-]+""")
_RULE = re.compile(r"\s*([^{}]+)\{([^{}]*)\}\s*")
_ELSEWHERE = re.compile(r"""url\(\s*(?!["']?\s*#)""", re.IGNORECASE)
_LOCAL = re.compile(r"""url\(\s*["']?\s*#([^"')]+?)["']?\s*\)""", re.IGNORECASE)
_FONT = re.compile(r"(?P<manner>.*?)(?P<size>\d*\.?\d+(?:px|pt|em|%|mm)?)(?:\s*/\s*\S+)?\s+(?P<family>\S.*)")
_SERIF = re.compile(r"宋|仿|楷|song|sun|kai|ming|times|georgia|tinos|(?<!sans-)(?<!sans )\bserif", re.IGNORECASE)


class Forbidden(ValueError):
    """What a style sheet must not hold; the message names it in words."""


def plain_value(value: str) -> str:
    """The value of a property; Forbidden if it refers to elsewhere or is more than names, numbers, colours and lists of them."""
    if _ELSEWHERE.search(value):
        raise Forbidden("对外部内容的引用（url）")
    if not _VALUE.fullmatch(value):
        raise Forbidden("不能识别的样式")
    return value.strip()


def declarations(text: str) -> str:
    """`name:value` of the known properties, the unknown ones left out."""
    found = []
    for each in re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL).split(";"):
        name, _, value = each.partition(":")
        name, value = name.strip().lower(), plain_value(value)
        if name == "font":
            found += _font(value)
        elif name == "font-family":
            found.append(f"{name}:{with_families(value)}")
        elif name in LOOKS and value:
            found.append(f"{name}:{value}")
    return ";".join(found)


def rules(text: str) -> str:
    """A style sheet of plain rules; Forbidden for anything else: @import, @font-face, nested blocks."""
    rest, found = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL).strip(), []
    at = re.search(r"@[\w-]*", rest)
    if at:
        raise Forbidden(f"样式规则 {at[0][:20]}")
    while rest:
        rule = _RULE.match(rest)
        if rule is None or not _SELECTOR.fullmatch(rule[1].strip()):
            raise Forbidden("不能识别的样式")
        found.append(f"{rule[1].strip()}{{{declarations(rule[2])}}}")
        rest = rest[rule.end() :]
    return "\n".join(found)


def local_references(value: str) -> list[str]:
    """The ids inside the same drawing that a value or a style sheet refers to."""
    return _LOCAL.findall(value)


def with_families(families: str) -> str:
    """Families for text, followed by those that the book embeds: with none of these the PDF would show no text at all."""
    faces = FORMAL.faces
    own = faces.serif_families if _SERIF.search(families) else faces.sans_families
    missing = [f"'{name}'" for name in own[1:] if name not in families]
    return ", ".join((plain_value(families).rstrip(", ") or "sans-serif", *missing))


def _font(value: str) -> list[str]:
    """The shorthand `font` as the properties that it stands for; its words for manner and weight are told apart by what they are."""
    found = _FONT.fullmatch(value)
    if found is None:
        return []
    manner = [word for word in found["manner"].split() if word != "normal"]
    named = [("font-style", word) for word in manner if word in {"italic", "oblique"}]
    named += [("font-weight", word) for word in manner if word in {"bold", "bolder", "lighter"} or word.isdecimal()]
    return [f"{name}:{each}" for name, each in (*named, ("font-size", found["size"]), ("font-family", with_families(found["family"])))]

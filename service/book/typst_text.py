"""Text as typst source: string literals, so that nothing in a text is ever read as markup or code."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

# C0 and C1 controls cannot be printed; a line or paragraph separator would be a line break that no caller asked for
_ESCAPES = (
    dict.fromkeys((*range(32), 127, *range(128, 160), 65279))
    | dict.fromkeys((9, 10, 13, 133, 8232, 8233), " ")
    | {ord("\\"): "\\\\", ord('"'): '\\"'}
    | dict.fromkeys(range(55296, 57344), "�")
)


def string(text: str) -> str:
    """A typst string literal that prints exactly `text`; control characters are left out, line ends become spaces."""
    return f'"{text.translate(_ESCAPES)}"'


def loosened(text: str, cuts: Sequence[tuple[int, int]]) -> str:
    """A typst expression that prints `text` and may end a line anywhere within the stretches `cuts` (start, end), in order."""
    parts, before = [], 0
    for start, end in cuts:
        parts += [string(text[before:start])] if start > before else []
        parts.append(f"lw({string(text[start:end])})")
        before = end
    parts += [string(text[before:])] if before < len(text) or not parts else []
    return parts[0] if len(parts) == 1 else f"({' + '.join(parts)})"


def families(names: Iterable[str]) -> str:
    """Font families as the inside of a typst array."""
    return "".join(f"{string(name)}, " for name in names)

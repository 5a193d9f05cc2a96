"""One paragraph's Markdown → runs of text, references 《…》, links and line breaks."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import chain

from markdown_it.token import Token

from service.errors import InputError, Place
from service.text.characters import joint
from service.text.grammar import inline_tokens
from service.text.model import Inline, Inlines, LineBreak, Link, Reference, Text

REFERENCE = re.compile(r"《\s*([^《》\s](?:[^《》]*[^《》\s])?)\s*》")
_MARKED = re.compile(r"[\\`*_\[!<&{\n]")
_SPACES = re.compile(r"[^\S\n\u3000]+")
_EDGE = " \n\u3000"

Piece = Text | Link | LineBreak  # what runs are made of before references are taken out


def inlines(content: str, place: Place, *, cell: bool = False) -> Inlines:
    """The runs of one paragraph, heading or table cell. A picture inside running text is an InputError."""
    if not _MARKED.search(content):  # most Chinese sentences have no mark at all
        text = _SPACES.sub(" ", content).strip(_EDGE)
        return tuple(_split(Text(text))) if text else ()
    return finished(_unbroken(list(_pieces(inline_tokens(content, cell=cell), place))))


def plain_inlines(content: Inlines) -> str:
    """The characters of runs as they are read; a line break is \\n."""
    return "".join(_plain(item) for item in content)


def _plain(item: Inline) -> str:
    match item:
        case Reference(title):
            return f"《{title}》"
        case LineBreak():
            return "\n"
        case Text(text) | Link(text):
            return text


def _pieces(tokens: Iterable[Token], place: Place) -> Iterator[Piece]:
    """The tokens as pieces; a line break of the source is Text("\\n") for now. Strong text and code are never emphasised as well."""
    manner = {"strong": 0, "em": 0}
    rest = iter(tokens)
    for token in rest:
        kind = token.type
        if kind in ("strong_open", "strong_close", "em_open", "em_close"):
            manner[token.tag] += token.nesting
        elif kind == "link_open":
            yield _link(token, rest, place)
        elif kind == "hardbreak":
            yield LineBreak()
        elif kind == "image":
            raise InputError("图片须单独成段", code="inline_picture", place=place)
        elif kind == "code_inline":
            yield Text(token.content, strong=manner["strong"] > 0, code=True)
        else:
            text = "\n" if kind == "softbreak" else token.content
            yield Text(text, strong=manner["strong"] > 0, emphasis=manner["em"] > 0 == manner["strong"])


def _link(opening: Token, rest: Iterator[Token], place: Place) -> Link:
    words: list[str] = []
    for token in rest:
        if token.type == "link_close":
            break
        if token.type == "image":
            raise InputError("图片须单独成段", code="inline_picture", place=place)
        words.append(" " if token.type in ("softbreak", "hardbreak") else token.content)
    return Link(_SPACES.sub(" ", "".join(words)).strip(), str(opening.attrs["href"]))


def _unbroken(pieces: list[Piece]) -> list[Piece]:
    """Line breaks of the source become nothing or a space, by the characters on both sides."""
    whole = "".join(piece.text if isinstance(piece, (Text, Link)) else "\r" for piece in pieces)
    if "\n" not in whole:
        return pieces
    offset = 0
    result: list[Piece] = []
    for piece in pieces:
        if isinstance(piece, Text) and piece.text == "\n":
            result.append(replace(piece, text=joint(whole[offset - 1 : offset], whole[offset + 1 : offset + 2])))
        else:
            result.append(piece)
        offset += len(piece.text) if isinstance(piece, (Text, Link)) else 1
    return result


def finished(pieces: Iterable[Piece]) -> Inlines:
    """Neighbours of one manner joined, 《…》 taken out, runs of spaces made one, edges stripped."""
    joined = _joined(_without_touching(_joined(pieces)))
    bare = chain.from_iterable(map(_bare, chain.from_iterable(map(_split, joined))))
    return tuple(_stripped(_joined(bare)))


def _joined(pieces: Iterable[Inline]) -> list[Inline]:
    joined: list[Inline] = []
    for piece in pieces:
        last = joined[-1] if joined else None
        if isinstance(piece, Text) and isinstance(last, Text) and _manner(piece) == _manner(last):
            joined[-1] = replace(last, text=last.text + piece.text)
        elif not isinstance(piece, Text) or piece.text:
            joined.append(piece)
    return joined


def _without_touching(pieces: list[Inline]) -> Iterator[Inline]:
    """Emphasis that touches strong text is not kept: Markdown cannot always write the two side by side."""
    for before, piece, after in zip([None, *pieces], pieces, [*pieces[1:], None], strict=False):
        if isinstance(piece, Text) and piece.emphasis and any(isinstance(side, Text) and side.strong for side in (before, after)):
            yield replace(piece, emphasis=False)
        else:
            yield piece


def _manner(run: Text) -> tuple[bool, bool, bool]:
    return run.strong, run.emphasis, run.code


def _bare(piece: Inline) -> Iterator[Inline]:
    """A run in strong or emphasis without spaces at its edges, which stand beside it as plain text (there they can be written)."""
    if not isinstance(piece, Text) or not (piece.strong or piece.emphasis) or piece.code:
        yield piece
        return
    inner = piece.text.strip()
    before, _, after = piece.text.partition(inner) if inner else (piece.text, "", "")
    yield from (run for run in (Text(before), replace(piece, text=inner), Text(after)) if run.text)


def _stripped(pieces: list[Inline]) -> list[Inline]:
    """Without spaces at the beginning, at the end and beside line breaks, and without line breaks at the edges."""
    result: list[Inline] = []
    for index, piece in enumerate(pieces):
        if isinstance(piece, Text) and not piece.code:
            text = _SPACES.sub(" ", piece.text)
            text = text.lstrip(_EDGE) if not result or isinstance(result[-1], LineBreak) else text
            after = pieces[index + 1] if index + 1 < len(pieces) else None
            piece = replace(piece, text=text.rstrip(_EDGE) if after is None or isinstance(after, LineBreak) else text)
        if not isinstance(piece, Text) or piece.text:
            result.append(piece)
    while result and isinstance(result[-1], LineBreak):
        result.pop()
    while result and isinstance(result[0], LineBreak):
        result.pop(0)
    return result


def _split(piece: Inline) -> Iterator[Inline]:
    """A run of text cut at its references; code is never cut."""
    if not isinstance(piece, Text) or piece.code or "《" not in piece.text:
        yield piece
        return
    end = 0
    for found in REFERENCE.finditer(piece.text):
        if found.start() > end:
            yield replace(piece, text=piece.text[end : found.start()])
        yield Reference(_SPACES.sub(" ", found.group(1)), strong=piece.strong)
        end = found.end()
    if end < len(piece.text):
        yield replace(piece, text=piece.text[end:])

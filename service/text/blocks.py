"""Markdown tokens → blocks: paragraphs, lists, tables, notes, pictures, flow charts and forms."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import unquote

from markdown_it.token import Token

from service.errors import InputError, Place
from service.text.flow import read_flow
from service.text.form import read_form
from service.text.grammar import inline_tokens
from service.text.inline import inlines
from service.text.model import Block, BulletList, ListItem, Note, OrderedList, Paragraph, Picture
from service.text.tables import DELIMITER_ROW, read_table

DEEPEST_LIST = 4
_NOTE_MARK = re.compile(r"\A注\s*\d*\s*[:\uff1a]\s*")


@dataclass(frozen=True, slots=True)
class Body:
    """The text that tokens come from, to say where a fault lies. `offset`: file line of the body's first line."""

    file: str
    lines: Sequence[str]
    offset: int

    def place(self, token: Token) -> Place:
        return Place(self.file, self.line(token))

    def line(self, token: Token) -> int:
        return (token.map[0] if token.map else 0) + self.offset


Group = Sequence[Token]  # the tokens of one block, from its opening to its closing one


def groups(tokens: Group) -> Iterator[Group]:
    """The tokens cut into the blocks of the outermost level."""
    start = 0
    for index, token in enumerate(tokens):
        if token.nesting <= 0 and token.level == tokens[start].level:
            yield tokens[start : index + 1]
            start = index + 1


def read_block(group: Group, body: Body, depth: int = 0) -> Block:
    """The one block that these tokens are; what the format has no place for is an InputError."""
    read = _READERS.get(group[0].type)
    if not read:
        raise InputError(_UNKNOWN.get(group[0].type, "这里的写法不属于文件格式"), code="unknown_block", place=body.place(group[0]))
    return read(group, body, depth)


_UNKNOWN = {"hr": "文件中不用分隔线，请用标题分节", "heading_open": "标题不能放在列表或注里"}


def _paragraph(group: Group, body: Body, _: int) -> Paragraph | Picture:
    content, place = group[1].content, body.place(group[0])
    if content.startswith("!["):
        found = inline_tokens(content, cell=False)
        if len(found) == 1 and found[0].type == "image":
            return _picture(found[0], body.line(group[0]))
    _check_broken_table(content, place)
    return Paragraph(inlines(content, place), line=body.line(group[0]))


def _check_broken_table(content: str, place: Place) -> None:
    """A table whose second line does not fit the first is a paragraph to Markdown, and surely not to its author."""
    first, _, rest = content.partition("\n")
    second = rest.partition("\n")[0]
    if "|" in first and "|" in second and DELIMITER_ROW.fullmatch(second.strip()):
        raise InputError("表头与分隔行的列数不同", code="ragged_table", place=place)
    if first.startswith("|") and first.endswith("|") and len(first) > 1:
        raise InputError("表格的第二行应为 |---|---| 这样的分隔行", code="ragged_table", place=place)


def _picture(token: Token, line: int) -> Picture:
    return Picture(unquote(str(token.attrs["src"])), " ".join("".join(child.content for child in token.children or ()).split()), line=line)


def _items(group: Group, body: Body, depth: int) -> tuple[ListItem, ...]:
    if depth >= DEEPEST_LIST:
        raise InputError(f"列表最多 {DEEPEST_LIST} 层", code="deep_list", place=body.place(group[0]))
    return tuple(_item(item, body, depth) for item in groups(group[1:-1]))


def _item(group: Group, body: Body, depth: int) -> ListItem:
    blocks = tuple(block for inner in groups(group[1:-1]) if (block := _item_block(inner, body, depth)) != Paragraph(()))
    if not blocks:
        raise InputError("这一列表项没有文字", code="empty_item", place=body.place(group[0]))
    return ListItem(blocks)


def _item_block(group: Group, body: Body, depth: int) -> Block:
    if group[0].type not in ("paragraph_open", "bullet_list_open", "ordered_list_open"):
        raise InputError("列表里只能有文字和下一层列表", code="block_in_list", place=body.place(group[0]))
    block = read_block(group, body, depth + 1)
    if isinstance(block, Picture):
        raise InputError("列表里只能有文字和下一层列表", code="block_in_list", place=body.place(group[0]))
    return block


def _bullets(group: Group, body: Body, depth: int) -> BulletList:
    return BulletList(_items(group, body, depth), line=body.line(group[0]))


def _ordered(group: Group, body: Body, depth: int) -> OrderedList:
    return OrderedList(_items(group, body, depth), start=int(group[0].attrs.get("start", 1)), line=body.line(group[0]))


def _note(group: Group, body: Body, _: int) -> Note:
    inner = list(groups(group[1:-1]))
    if len(inner) != 1 or inner[0][0].type != "paragraph_open":
        raise InputError("注（>）只能是一段文字", code="bad_note", place=body.place(group[0]))
    content = _NOTE_MARK.sub("", inner[0][1].content, count=1)
    return Note(inlines(content, body.place(group[0])), line=body.line(group[0]))


def _table(group: Group, body: Body, _: int) -> Block:
    return read_table(group, body.lines, body.file, body.offset)


def _fence(group: Group, body: Body, _: int) -> Block:
    token, place = group[0], body.place(group[0])
    language = token.info.strip()
    if language not in _LANGUAGES:
        raise InputError(f"只有 flow（流程图）和 form（表单）两种代码块，没有“{language}”", code="unknown_fence", place=place)
    if token.map and not body.lines[token.map[1] - 1].strip().startswith(token.markup):
        raise InputError("代码块没有结束行 ```", code="open_fence", place=place)
    return _LANGUAGES[language](token.content, body.file, place.line or 0)


_LANGUAGES: Mapping[str, Callable[[str, str, int], Block]] = {
    "flow": lambda text, file, line: read_flow(text, file=file, line=line),
    "form": lambda text, file, line: read_form(text, file=file, line=line),
}

_READERS: Mapping[str, Callable[[Group, Body, int], Block]] = {
    "paragraph_open": _paragraph,
    "bullet_list_open": _bullets,
    "ordered_list_open": _ordered,
    "blockquote_open": _note,
    "table_open": _table,
    "fence": _fence,
}

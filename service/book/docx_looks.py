"""The paragraph styles of the DOCX as a table: Chinese conventions, Word's own names and ids where it has them."""

from __future__ import annotations

from dataclasses import dataclass

from service.book.geometry import FIGURE_GAP, TABLE_GAP, item_indents, note_indents, text_area, toc_indent
from service.book.model import Style
from service.book.theme import Theme, Type

STYLE_IDS: dict[Style, str] = {
    Style.BODY: "BodyText",
    Style.FLUSH: "Flush",
    Style.CENTER: "Centered",
    Style.RIGHT: "Signature",
    Style.CAPTION: "Caption",
    Style.NOTE: "Note",
    Style.FINE: "Fine",
    Style.PART_TITLE: "Title",
    Style.COVER_COMPANY: "CoverCompany",
    Style.COVER_TITLE: "CoverTitle",
    Style.COVER_SUBTITLE: "CoverSubtitle",
    Style.COVER_LINE: "CoverLine",
    Style.SPACER: "Spacer",
}
LIST_DEPTHS = 3  # depths with a style of their own; deeper items carry their indent themselves
TINY = Type(1, 1)  # of paragraphs that are there only because the format wants one


@dataclass(frozen=True, slots=True)
class Look:
    """One paragraph style; lengths in points. `grow`: the line grows with a picture instead of having an exact pitch."""

    id: str
    name: str
    type: Type
    jc: str = "both"
    left: float = 0
    hanging: float = 0
    first: int = 0  # first-line indent in characters
    keep_next: bool = False
    outline: int | None = None
    tabs: tuple[tuple[str, float], ...] = ()
    rule: bool = False  # a line below, as under a page header
    grow: bool = False
    listed: bool = True  # shown among Word's quick styles


def looks(theme: Theme) -> tuple[Look, ...]:
    """All paragraph styles of a theme."""
    return (
        *_text_looks(theme),
        *_heading_looks(theme),
        *_cover_looks(theme),
        *_list_looks(theme),
        *_table_looks(theme),
        *_page_looks(theme),
    )


def _text_looks(theme: Theme) -> tuple[Look, ...]:
    start, text = note_indents(theme)
    return (
        Look("Normal", "Normal", theme.body),
        Look("BodyText", "Body Text", theme.body, first=theme.indent),
        Look("Flush", "正文 顶格", theme.body),
        Look("Centered", "正文 居中", theme.body, jc="center"),
        Look("Signature", "Signature", theme.body, jc="right"),
        Look("Spacer", "空行", theme.body, listed=False),
        Look("Note", "注", theme.type_of(Style.NOTE), left=text, hanging=text - start),
        Look("Fine", "签署", theme.type_of(Style.FINE), jc="left"),
        Look("Caption", "caption", theme.caption, jc="center"),
        Look("Figure", "图", Type(1, 1, above=FIGURE_GAP, below=FIGURE_GAP), jc="center", grow=True),
    )


def _heading_looks(theme: Theme) -> tuple[Look, ...]:
    found = []
    for level, type_ in enumerate(theme.headings, start=1):
        jc = type_.align or ("center" if level == 1 else "left")
        found.append(Look(f"Heading{level}", f"heading {level}", type_, jc=jc, keep_next=True, outline=level - 1))
        found.append(Look(f"PlainHeading{level}", f"无大纲标题 {level}", type_, jc=jc, keep_next=True, listed=False))
    return tuple(found)


def _cover_looks(theme: Theme) -> tuple[Look, ...]:
    names = {
        Style.PART_TITLE: "Title",
        Style.COVER_COMPANY: "封面 企业名称",
        Style.COVER_TITLE: "封面 书名",
        Style.COVER_SUBTITLE: "封面 副题",
        Style.COVER_LINE: "封面 行",
    }
    types = {style: theme.type_of(style) for style in names}
    return tuple(Look(STYLE_IDS[style], name, types[style], jc=types[style].align or "center") for style, name in names.items())


def _list_looks(theme: Theme) -> tuple[Look, ...]:
    found = []
    for depth in range(LIST_DEPTHS):
        start, text = item_indents(theme, "a)", depth)
        suffix = "" if depth == 0 else str(depth + 1)
        found.append(Look(f"List{suffix}", f"List {suffix}".strip(), theme.body, left=text, hanging=text - start))
    return tuple(found)


def _table_looks(theme: Theme) -> tuple[Look, ...]:
    return (
        Look("TableText", "表格文字", theme.table, jc="left"),
        Look("TableTextSmall", "表格小字", theme.table_small, jc="left"),
        Look("TableGap", "表后空行", Type(1, TABLE_GAP), listed=False),
        Look("Tiny", "分节", TINY, listed=False),
    )


def _page_looks(theme: Theme) -> tuple[Look, ...]:
    width = text_area(theme, landscape=False)[0]
    entries = tuple(
        Look(f"TOC{level}", f"toc {level}", theme.body, jc="left", left=toc_indent(theme, level), tabs=(("dot", width),), listed=False)
        for level in range(1, 5)
    )
    head = Look("Header", "header", theme.running, jc="left", tabs=(("none", width),), rule=True, listed=False)
    return (*entries, head, Look("Footer", "footer", theme.running, jc="center", listed=False))

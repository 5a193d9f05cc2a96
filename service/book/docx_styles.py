"""styles.xml of the DOCX: every manner of a paragraph as a named style with Chinese conventions, Word's own ids where it has them."""

from __future__ import annotations

from dataclasses import dataclass
from xml.sax.saxutils import quoteattr

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
        Look("BodyText", "Body Text", theme.body, first=2),
        Look("Flush", "正文 顶格", theme.body),
        Look("Centered", "正文 居中", theme.body, jc="center"),
        Look("Signature", "Signature", theme.body, jc="right"),
        Look("Spacer", "空行", theme.body, listed=False),
        Look("Note", "注", theme.type_of(Style.NOTE), left=text, hanging=text - start),
        Look("Caption", "caption", theme.caption, jc="center"),
        Look("Figure", "图", Type(1, 1, above=FIGURE_GAP, below=FIGURE_GAP), jc="center", grow=True),
    )


def _heading_looks(theme: Theme) -> tuple[Look, ...]:
    found = []
    for level, type_ in enumerate(theme.headings, start=1):
        jc = "center" if level == 1 else "left"
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
    return tuple(Look(STYLE_IDS[style], name, theme.type_of(style), jc="center") for style, name in names.items())


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


def styles_xml(theme: Theme, latent: str) -> bytes:
    """The whole part; `latent` is the w:latentStyles element of the base package."""
    styles = "".join(_paragraph_style(look, theme) for look in looks(theme))
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
        '<w:styles xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
        f"{_defaults(theme)}{latent}{styles}{_other_styles(theme)}</w:styles>"
    ).encode()


def _defaults(theme: Theme) -> str:
    lang = '<w:lang w:val="en-US" w:eastAsia="zh-CN" w:bidi="ar-SA"/>'
    return (
        f"<w:docDefaults><w:rPrDefault><w:rPr>{fonts(theme, theme.body)}{_size(theme.body)}{lang}</w:rPr></w:rPrDefault>"
        f"<w:pPrDefault><w:pPr>{_EAST_ASIAN}</w:pPr></w:pPrDefault></w:docDefaults>"
    )


# Lines break as in the PDF: no automatic air between Hanzi and Latin, no grid; kinsoku (避头尾) on. Nothing is said of hanging marks
# (overflowPunct): Word's default lets a closing mark stand in the margin where typst halves it, and LibreOffice 7 reads the switch inverted.
_EAST_ASIAN = (
    '<w:widowControl w:val="0"/><w:kinsoku/><w:wordWrap/><w:topLinePunct w:val="0"/>'
    '<w:autoSpaceDE w:val="0"/><w:autoSpaceDN w:val="0"/><w:adjustRightInd w:val="0"/><w:snapToGrid w:val="0"/>'
)


def _paragraph_style(look: Look, theme: Theme) -> str:
    default = ' w:default="1"' if look.id == "Normal" else ""
    based = "" if look.id == "Normal" else '<w:basedOn w:val="Normal"/>'
    following = '<w:next w:val="BodyText"/>' if look.outline is not None else ""
    shown = "<w:qFormat/>" if look.listed else ""
    return (
        f'<w:style w:type="paragraph"{default} w:styleId="{look.id}"><w:name w:val={quoteattr(look.name)}/>{based}{following}{shown}'
        f"<w:pPr>{_paragraph_properties(look, theme)}</w:pPr><w:rPr>{_run_properties(look.type, theme)}</w:rPr></w:style>"
    )


def _paragraph_properties(look: Look, theme: Theme) -> str:
    keep = "<w:keepNext/>" if look.keep_next else ""
    rule = f'<w:pBdr><w:bottom w:val="single" w:sz="{eighths(theme.rule)}" w:space="2" w:color="auto"/></w:pBdr>' if look.rule else ""
    outline = "" if look.outline is None else f'<w:outlineLvl w:val="{look.outline}"/>'
    return (
        f'{keep}{rule}{_tabs(look)}{_EAST_ASIAN_OF[look.id == "Normal"]}{_spacing(look)}{_indent(look)}<w:jc w:val="{look.jc}"/>{outline}'
    )


_EAST_ASIAN_OF = {True: _EAST_ASIAN.removeprefix('<w:widowControl w:val="0"/>'), False: ""}


def _tabs(look: Look) -> str:
    stops = "".join(f'<w:tab w:val="right" w:leader="{leader}" w:pos="{twips(at)}"/>' for leader, at in look.tabs)
    return f"<w:tabs>{stops}</w:tabs>" if stops else ""


def _spacing(look: Look) -> str:
    line = 'w:line="240" w:lineRule="auto"' if look.grow else f'w:line="{twips(look.type.pitch)}" w:lineRule="exact"'
    return f'<w:spacing w:before="{twips(look.type.above)}" w:after="{twips(look.type.below)}" {line}/>'


def _indent(look: Look) -> str:
    if look.first:
        return f'<w:ind w:firstLineChars="{look.first * 100}" w:firstLine="{twips(look.first * look.type.size)}"/>'
    hanging = f' w:hanging="{twips(look.hanging)}"' if look.hanging else ""
    return f'<w:ind w:left="{twips(look.left)}"{hanging}/>' if look.left else ""


def _run_properties(type_: Type, theme: Theme) -> str:
    bold = "<w:b/><w:bCs/>" if type_.bold else ""
    return f"{fonts(theme, type_)}{bold}{_size(type_)}"


def fonts(theme: Theme, type_: Type) -> str:
    """w:rFonts with all four slots, so that no application falls back to its own East Asian font."""
    faces = theme.faces
    latin, hanzi = (faces.sans_latin, faces.sans_hanzi) if type_.sans else (faces.serif_latin, faces.serif_hanzi)
    return f"<w:rFonts w:ascii={quoteattr(latin)} w:hAnsi={quoteattr(latin)} w:eastAsia={quoteattr(hanzi)} w:cs={quoteattr(latin)}/>"


def _size(type_: Type) -> str:
    half_points = round(type_.size * 2)
    return f'<w:sz w:val="{half_points}"/><w:szCs w:val="{half_points}"/>'


def _other_styles(theme: Theme) -> str:
    face = fonts(theme, theme.body)
    code = fonts(theme, Type(0, 0, sans=True))
    rule = f'w:val="single" w:sz="{eighths(theme.rule)}" w:space="0" w:color="auto"'
    borders = "".join(f"<w:{side} {rule}/>" for side in ("top", "left", "bottom", "right", "insideH", "insideV"))
    margins = _cell_margins(theme)
    return (
        '<w:style w:type="character" w:default="1" w:styleId="DefaultParagraphFont"><w:name w:val="Default Paragraph Font"/>'
        f'<w:uiPriority w:val="1"/><w:semiHidden/><w:unhideWhenUsed/><w:rPr>{face}</w:rPr></w:style>'
        '<w:style w:type="character" w:styleId="Hyperlink"><w:name w:val="Hyperlink"/>'
        f'<w:rPr>{face}<w:color w:val="0563C1"/><w:u w:val="single"/></w:rPr></w:style>'
        f'<w:style w:type="character" w:customStyle="1" w:styleId="Code"><w:name w:val="代码"/><w:rPr>{code}</w:rPr></w:style>'
        '<w:style w:type="table" w:default="1" w:styleId="TableNormal"><w:name w:val="Normal Table"/>'
        f'<w:uiPriority w:val="99"/><w:semiHidden/><w:unhideWhenUsed/><w:rPr>{face}</w:rPr>'
        f'<w:tblPr><w:tblInd w:w="0" w:type="dxa"/>{margins}</w:tblPr></w:style>'
        '<w:style w:type="table" w:styleId="TableGrid"><w:name w:val="Table Grid"/><w:basedOn w:val="TableNormal"/>'
        f"<w:rPr>{face}</w:rPr><w:tblPr><w:tblBorders>{borders}</w:tblBorders></w:tblPr></w:style>"
        '<w:style w:type="numbering" w:default="1" w:styleId="NoList"><w:name w:val="No List"/>'
        '<w:uiPriority w:val="99"/><w:semiHidden/><w:unhideWhenUsed/></w:style>'
    )


def _cell_margins(theme: Theme) -> str:
    side = twips(theme.cell_padding)
    return (
        f'<w:tblCellMar><w:top w:w="0" w:type="dxa"/><w:left w:w="{side}" w:type="dxa"/>'
        f'<w:bottom w:w="0" w:type="dxa"/><w:right w:w="{side}" w:type="dxa"/></w:tblCellMar>'
    )


def twips(points: float) -> int:
    """Points as twentieths of a point."""
    return round(points * 20)


def eighths(points: float) -> int:
    """Points as eighths of a point, as borders are measured."""
    return round(points * 8)

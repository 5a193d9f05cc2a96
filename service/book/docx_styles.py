"""styles.xml of the DOCX: document defaults, the looks as paragraph styles, and the few other styles."""

from __future__ import annotations

from xml.sax.saxutils import quoteattr

from service.book.docx_looks import Look, looks
from service.book.theme import BLACK, Rules, Theme, Type


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


# Lines break as in the PDF: a quarter of an em between Hanzi and Latin (四分空, Word's default), no grid; kinsoku (避头尾) on. Nothing is said
# of hanging marks (overflowPunct): Word's default lets a closing mark stand in the margin where typst halves it, and LibreOffice 7 reads the
# switch inverted. topLinePunct halves an opening mark at the start of a line, as typst does.
_EAST_ASIAN = (
    '<w:widowControl w:val="0"/><w:kinsoku/><w:wordWrap/><w:topLinePunct/>'
    '<w:autoSpaceDE/><w:autoSpaceDN/><w:adjustRightInd w:val="0"/><w:snapToGrid w:val="0"/>'
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
    rule = f"<w:pBdr>{_border('bottom', theme.head_rule, theme, 2)}</w:pBdr>" if look.rule and theme.head_rule else ""
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
    if look.first > 0:
        return f'<w:ind w:firstLineChars="{look.first * 100}" w:firstLine="{twips(look.first * look.type.size)}"/>'
    hanging = f' w:hanging="{twips(look.hanging)}"' if look.hanging else ""
    return f'<w:ind w:left="{twips(look.left)}"{hanging}/>' if look.left else ""


def _run_properties(type_: Type, theme: Theme) -> str:
    bold = "<w:b/><w:bCs/>" if type_.bold else ""
    colour = "" if type_.colour == BLACK else f'<w:color w:val="{type_.colour}"/>'
    return f"{fonts(theme, type_)}{bold}{colour}{_size(type_)}"


def fonts(theme: Theme, type_: Type) -> str:
    """w:rFonts with all four slots, so that no application falls back to its own East Asian font."""
    latin, hanzi = theme.names_of(type_)
    return f"<w:rFonts w:ascii={quoteattr(latin)} w:hAnsi={quoteattr(latin)} w:eastAsia={quoteattr(hanzi)} w:cs={quoteattr(latin)}/>"


def _size(type_: Type) -> str:
    half_points = round(type_.size * 2)
    return f'<w:sz w:val="{half_points}"/><w:szCs w:val="{half_points}"/>'


def _other_styles(theme: Theme) -> str:
    face = fonts(theme, theme.body)
    code = fonts(theme, Type(0, 0, sans=True))
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
        f"{_table_style('TableGrid', 'Table Grid', theme.forms, theme)}{_table_style('Register', '清单表格', theme.registers, theme)}"
        '<w:style w:type="numbering" w:default="1" w:styleId="NoList"><w:name w:val="No List"/>'
        '<w:uiPriority w:val="99"/><w:semiHidden/><w:unhideWhenUsed/></w:style>'
    )


def _table_style(id_: str, name: str, rules: Rules, theme: Theme) -> str:
    lines = {
        "top": rules.edge,
        "left": rules.side,
        "bottom": rules.edge,
        "right": rules.side,
        "insideH": rules.across,
        "insideV": rules.down,
    }
    borders = "".join(_border(side, colour, theme) for side, colour in lines.items())
    custom = "" if id_ == "TableGrid" else ' w:customStyle="1"'
    return (
        f'<w:style w:type="table"{custom} w:styleId="{id_}"><w:name w:val={quoteattr(name)}/><w:basedOn w:val="TableNormal"/>'
        f"<w:rPr>{fonts(theme, theme.body)}</w:rPr><w:tblPr><w:tblBorders>{borders}</w:tblBorders></w:tblPr></w:style>"
    )


def _border(side: str, colour: str, theme: Theme, space: int = 0) -> str:
    """A line of the theme's thickness; black is automatic, so that Word shows it white on a dark screen."""
    if not colour:
        return f'<w:{side} w:val="nil"/>'
    ink = "auto" if colour == BLACK else colour
    return f'<w:{side} w:val="single" w:sz="{eighths(theme.rule)}" w:space="{space}" w:color="{ink}"/>'


def head_border(rules: Rules, theme: Theme) -> str:
    """w:tcBorders of the cells in the last head row, where the line below the head is not like those between rows."""
    return "" if rules.head == rules.across else f"<w:tcBorders>{_border('bottom', rules.head, theme)}</w:tcBorders>"


def _cell_margins(theme: Theme) -> str:
    side, air = twips(theme.cell_padding), twips(theme.cell_air)
    return (
        f'<w:tblCellMar><w:top w:w="{air}" w:type="dxa"/><w:left w:w="{side}" w:type="dxa"/>'
        f'<w:bottom w:w="{air}" w:type="dxa"/><w:right w:w="{side}" w:type="dxa"/></w:tblCellMar>'
    )


def twips(points: float) -> int:
    """Points as twentieths of a point."""
    return round(points * 20)


def eighths(points: float) -> int:
    """Points as eighths of a point, as borders are measured."""
    return round(points * 8)

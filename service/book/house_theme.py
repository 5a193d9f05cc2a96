"""The house theme: one of our own with what a customer's template says in its place, and what of that cannot be used. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from service.book.house_reading import House
from service.book.house_styles import Found
from service.book.model import Style
from service.book.theme import BLACK, MM, Faces, Logo, Rules, Theme, Type

BLOCK_NAMES: Mapping[str, str] = {
    "body": "正文",
    "heading1": "章与程序的标题",
    "heading2": "一级条标题",
    "heading3": "二级条标题",
    "heading4": "三级条标题",
    "table": "表格文字",
    "caption": "图题、表题",
    "note": "注",
    "running": "页眉、页脚",
    "cover_title": "封面书名",
    "cover_subtitle": "封面副题",
}
SIZES: Mapping[str, tuple[float, float]] = {
    "body": (9, 16),
    "heading1": (12, 26),
    "heading2": (10, 22),
    "heading3": (9, 18),
    "heading4": (9, 18),
    "table": (7.5, 12),
    "caption": (8, 14),
    "note": (7.5, 12),
    "running": (7, 11),
    "cover_title": (20, 48),
    "cover_subtitle": (10, 26),
}
"""Least and largest size in points of each block: outside of it a page would not read well, or a line not fit."""
TITLES = frozenset({"heading1", "heading2", "heading3", "heading4", "cover_title", "cover_subtitle"})
"""Blocks that take alignment and the space above and below too; the lines of all others must stay on their pitch."""
KNOWN_HANZI = frozenset(
    {"宋体", "新宋体", "黑体", "仿宋", "仿宋_GB2312", "楷体", "楷体_GB2312", "微软雅黑", "等线", "思源宋体", "思源黑体"}
    | {"SimSun", "NSimSun", "SimHei", "FangSong", "KaiTi", "Microsoft YaHei", "DengXian", "Noto Serif SC", "Noto Sans SC"}
)
KNOWN_LATIN = frozenset({"Times New Roman", "Arial", "Liberation Serif", "Liberation Sans", "Tinos", "Arimo"})
"""Faces whose widths are those of the fonts that the PDF embeds; with others Word may break lines and pages elsewhere."""
_SANS = ("黑", "等线", "圆", "Hei", "DengXian", "Sans", "Gothic", "Arial", "Calibri", "Helvetica")


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the mapping: our block, the template's style ("" if it has none), the type that is used, what fell back, faces unverified."""

    block: str
    style: str
    type: Type
    kept: tuple[str, ...]
    unverified: tuple[str, ...]


def house_theme(own: Theme, house: House, logo: Logo | None) -> Theme:
    """`own` with what the template says and our pages can take."""
    types = {block: taken(block, usual, house.types.get(block))[0] for block, usual in usual_types(own, house).items()}
    table, body, first = types["table"], types["body"], types["heading1"]
    page, _ = page_of(own, house, types["running"])
    side = types["cover_title"].align
    styles = dict(own.styles) | {
        Style.NOTE: types["note"],
        Style.CAPTION: types["caption"],
        Style.PART_TITLE: first,
        Style.COVER_TITLE: types["cover_title"],
        Style.COVER_SUBTITLE: replace(types["cover_subtitle"], align=side),
        Style.FINE: _dressed(own.type_of(Style.FINE), _worded(types["note"])),
        Style.COVER_COMPANY: replace(_dressed(own.type_of(Style.COVER_COMPANY), _worded(types["cover_title"])), align=side),
        Style.COVER_LINE: replace(_dressed(own.type_of(Style.COVER_LINE), _worded(body)), align=side),
    }
    said = house.types.get("body")
    indent = own.indent if said is None or said.indent not in (0, 1, 2, 3, 4) else said.indent
    return replace(
        own,
        name="house",
        **page,
        faces=_faces(own, body, first),
        body=body,
        indent=indent,
        note=types["note"],
        table=table,
        table_small=_dressed(own.table_small, _worded(table)),
        caption=types["caption"],
        running=types["running"],
        headings=tuple(types[f"heading{level}"] for level in range(1, 5)),
        styles=tuple(styles.items()),
        accent=first.colour if first.colour != BLACK else own.accent,
        shade=house.shade if house.shade and _pale(house.shade) else own.shade,
        head_rule=own.head_rule if house.head_rule is None else house.head_rule,
        registers=_registers(own, house),
        forms=_forms(own, house),
        logo=logo,
    )


def _registers(own: Theme, house: House) -> Rules:
    """The template's lines; a table without any inside gets those between rows, which must be told apart."""
    rules = house.registers
    if rules is None:
        return own.registers
    return (
        rules
        if rules.across or rules.down
        else replace(rules, across=rules.edge or rules.side, head=rules.head or rules.edge or rules.side)
    )


def _forms(own: Theme, house: House) -> Rules:
    """A form is ruled all round and inside, in the colour of the lines between the rows of other tables."""
    colour = house.registers.across or house.registers.edge if house.registers else ""
    return Rules(colour, colour, colour, colour, colour) if colour else own.forms


def usual_types(own: Theme, house: House) -> dict[str, Type]:
    """What each block falls back to: the theme's own type, small print in the faces of the template's text."""
    body = taken("body", own.body, house.types.get("body"))[0]
    like = _worded(body)
    headings = {f"heading{level}": type_ for level, type_ in enumerate(own.headings, 1)}
    covers = {"cover_title": own.type_of(Style.COVER_TITLE), "cover_subtitle": own.type_of(Style.COVER_SUBTITLE)}
    texts = {
        "body": own.body,
        "table": _dressed(own.table, like),
        "caption": own.caption,
        "note": _dressed(own.note, like),
        "running": own.running,
    }
    return {block: (headings | covers | texts)[block] for block in BLOCK_NAMES}


def mapping(own: Theme, house: House) -> list[Row]:
    """Which block takes which style with which values, and what fell back."""
    rows = []
    for block, usual in usual_types(own, house).items():
        found = house.types.get(block)
        type_, kept = taken(block, usual, found)
        rows.append(Row(BLOCK_NAMES[block], shown_name(found.style) if found else "", type_, kept, unverified(type_, own)))
    return rows


def shown_name(style: str) -> str:
    """A style's name as Chinese Word shows it: its own styles bear English names in the file."""
    lower = style.lower()
    return f"标题 {style[-1]}" if lower.startswith("heading ") and style[-1].isdecimal() else _SHOWN.get(lower, style)


_SHOWN = {
    "normal": "正文",
    "body text": "正文文本",
    "body text first indent": "正文文本首行缩进",
    "normal indent": "正文缩进",
    "caption": "题注",
    "header": "页眉",
    "title": "标题",
    "subtitle": "副标题",
}


def taken(block: str, usual: Type, found: Found | None) -> tuple[Type, tuple[str, ...]]:
    """The block's type with what the template says, and in words what of it the theme's own value stands for."""
    if found is None:
        return usual, ("模板中没有对应的样式，全部采用主题的样式",)
    kept: list[str] = []
    size = _size(block, usual, found, kept)
    pitch = _pitch(usual, found, size, kept)
    colour = _colour(usual, found, kept)
    hanzi, latin = found.hanzi or usual.hanzi, found.latin or usual.latin
    if not found.hanzi:
        kept.append("中文字体")
    if not found.latin:
        kept.append("西文字体")
    sans, bold = _is_sans(hanzi) if hanzi else usual.sans, bool(found.bold)
    if block not in TITLES:
        return Type(size, pitch, sans, bold, colour=colour, hanzi=hanzi, latin=latin), tuple(kept)
    above, below = _space(found.above, pitch), _space(found.below, pitch)
    align = found.align or (usual.align if block.startswith("cover") else "left")
    return Type(size, pitch, sans, bold, above, below, colour, align, hanzi, latin), tuple(kept)


def _size(block: str, usual: Type, found: Found, kept: list[str]) -> float:
    least, most = SIZES[block]
    if found.size is None:
        kept.append("字号")
        return usual.size
    if not least <= found.size <= most:
        kept.append(f"字号（模板为 {found.size:g} 磅，此处可用 {least:g}～{most:g} 磅）")
        return usual.size
    return found.size


def _pitch(usual: Type, found: Found, size: float, kept: list[str]) -> float:
    """In twentieths of a point; without a usable one the theme's own in proportion to the size."""
    if found.pitch is not None and 1.15 * size <= found.pitch <= 3 * size:
        return round(found.pitch * 20) / 20
    kept.append("行距" if found.pitch is None else f"行距（模板为 {found.pitch:g} 磅，与字号不相配）")
    return round(usual.pitch * size / usual.size * 2) / 2


def _colour(usual: Type, found: Found, kept: list[str]) -> str:
    if found.colour is None:
        return BLACK
    if _luminance(found.colour) > 0.4:  # contrast with white paper below 2.3 : 1
        kept.append("颜色（模板的颜色太浅，印出来看不清）")
        return usual.colour
    return found.colour


def _space(found: float | None, pitch: float) -> float:
    """Twice the line at most: more would push a heading off its page."""
    return round(min(max(found or 0, 0), 2 * pitch) * 20) / 20


def _worded(type_: Type) -> Type | None:
    """The type if the template says in which face it is set."""
    return type_ if type_.hanzi else None


def _dressed(usual: Type, like: Type | None) -> Type:
    """A type of our own sizes in the faces and colour of another, if there is one."""
    if like is None:
        return usual
    return replace(usual, sans=like.sans, colour=like.colour, hanzi=like.hanzi, latin=like.latin)


def _faces(own: Theme, body: Type, heading: Type) -> Faces:
    """The faces of what has no type of its own: drawings, code, the document's theme."""
    serif = (body.hanzi, body.latin) if not body.sans else ("", "")
    sans = (heading.hanzi, heading.latin) if heading.sans else ("", "")
    return replace(
        own.faces,
        serif_hanzi=serif[0] or own.faces.serif_hanzi,
        serif_latin=serif[1] or own.faces.serif_latin,
        sans_hanzi=sans[0] or own.faces.sans_hanzi,
        sans_latin=sans[1] or own.faces.sans_latin,
    )


def page_of(own: Theme, house: House, running: Type) -> tuple[dict[str, float], tuple[str, ...]]:
    """The page's measures, all of the template's or all our own, and why: a page must hold text, and header and footer its margins."""
    page = dict(house.page)
    measures = {name: page.get(name, getattr(own, name)) for name in _MEASURES}
    fault = next(_page_faults(measures, running), "") if page else "模板没有页面设置，纸张和页边距采用主题的"
    return ({name: getattr(own, name) for name in _MEASURES}, (fault,)) if fault else (measures, ())


_MEASURES = ("page_width", "page_height", "margin_top", "margin_bottom", "margin_left", "margin_right", "header_at", "footer_at")


def _page_faults(page: Mapping[str, float], running: Type) -> Iterator[str]:
    width = page["page_width"] - page["margin_left"] - page["margin_right"]
    height = page["page_height"] - page["margin_top"] - page["margin_bottom"]
    ours = "，纸张和页边距采用主题的"
    if not (140 * MM <= page["page_width"] <= 300 * MM and 200 * MM <= page["page_height"] <= 430 * MM):
        yield f"模板的纸张不是 A5 至 A3 的竖版{ours}"
    if min(page.values()) < 0 or width < 110 * MM or height < 150 * MM:
        yield f"模板的版心太小{ours}"
    if page["margin_left"] < 8 * MM or page["margin_right"] < 8 * MM:
        yield f"模板的左右页边距小于 8 毫米，打印机印不到{ours}"
    if page["header_at"] + running.pitch + 4 > page["margin_top"] or page["footer_at"] + running.pitch + 2 > page["margin_bottom"]:
        yield f"模板的页眉或页脚伸进了正文{ours}"


def unverified(type_: Type, own: Theme) -> tuple[str, ...]:
    """Faces of a type whose widths are not known to be those of the PDF's fonts."""
    latin, hanzi = own.names_of(type_)
    return tuple(face for face, known in ((hanzi, KNOWN_HANZI), (latin, KNOWN_LATIN)) if face not in known)


def _is_sans(face: str) -> bool:
    return any(each in face for each in _SANS)


def _luminance(colour: str) -> float:
    """Relative luminance by WCAG: 0 black, 1 white."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _pale(colour: str) -> bool:
    """Whether dark words can be read on it."""
    return all(each in "0123456789ABCDEF" for each in colour) and _luminance(colour) > 0.6

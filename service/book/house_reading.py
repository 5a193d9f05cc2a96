"""A customer's Word template → what of it our pages can take: types, page, header rule, tables, logo. What it does not say stays None."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from lxml import etree

from service.book.clean_picture import JPEG, PNG, clean_picture
from service.book.house_package import REL, open_template, parsed, relations
from service.book.house_styles import A, Found, Sheet, plain_name, value, w
from service.book.theme import BLACK, Logo, Rules
from service.errors import ServiceError

_TWENTIETHS = re.compile(r"-?[0-9]{1,5}")
"""A length in twentieths of a point, up to a meter and a half."""
_PITCH = re.compile(r"1?[0-9]{1,3}")
"""Of a line, up to 100 points."""

DOCUMENT = "word/document.xml"
CANDIDATES: Mapping[str, tuple[str, ...]] = {
    "body": ("normal", "body text", "正文文本", "body text first indent", "正文首行缩进", "正文缩进", "normal indent"),
    "heading1": ("heading 1", "标题 1", "标题1", "一级标题"),
    "heading2": ("heading 2", "标题 2", "标题2", "二级标题"),
    "heading3": ("heading 3", "标题 3", "标题3", "三级标题"),
    "heading4": ("heading 4", "标题 4", "标题4", "四级标题"),
    "table": ("表格", "表格文字", "表格正文", "表内文字", "表格内容", "表文", "table text", "table contents"),
    "caption": ("caption", "题注", "图表标题", "表题"),
    "note": ("注", "注释", "备注", "note"),
    "running": ("header", "页眉"),
    "cover_title": ("title", "封面标题", "文件名称"),
    "cover_subtitle": ("subtitle", "副标题", "封面副标题"),
}
"""Our blocks and the styles that may stand for them, by name in lower case; of several the one that the template uses most."""


@dataclass(frozen=True, slots=True)
class House:
    """What was found. `page`: names of the theme's measures → points. `notes`: what is there but cannot be used, in words."""

    types: Mapping[str, Found]
    page: Mapping[str, float]
    head_rule: str | None = None
    table_style: str = ""
    registers: Rules | None = None
    shade: str | None = None
    notes: tuple[str, ...] = ()
    logo: Logo | None = None


def read_template(data: bytes, name: str) -> House:
    """The template's house style. Refusals are those of `open_template`."""
    entries = open_template(data, name)
    document = parsed(entries[DOCUMENT], name)
    parts = relations(entries, DOCUMENT, name)
    sheet = _sheet(entries, parts, document, name)
    ids = {block: _chosen(sheet, names) for block, names in CANDIDATES.items()}
    headers = [(part, parsed(entries[part], name)) for part in _header_parts(document, parts) if part in entries]
    logo, notes = _logo(entries, headers, name)
    table_style, registers, shade = _tables(sheet, document)
    return House(
        {block: sheet.found(id_) for block, id_ in ids.items() if id_},
        _page(document),
        _head_rule(sheet, ids["running"], [root for _, root in headers]),
        table_style,
        registers,
        shade,
        notes,
        logo,
    )


def _sheet(entries: Mapping[str, bytes], parts: Mapping[str, tuple[str, str]], document: etree._Element, name: str) -> Sheet:
    root = parsed(entries["word/styles.xml"], name)
    styles = {each.get(w("styleId"), ""): each for each in root.iterfind(w("style"))}
    defaults = tuple(each for kind in ("rPrDefault", "pPrDefault") for each in root.iterfind(f"{w('docDefaults')}/{w(kind)}"))
    theme = next((target for kind, target in parts.values() if kind == "theme" and target in entries), "")
    fonts, colours = _theme(parsed(entries[theme], name)) if theme else ({}, {})
    grid = document.find(f".//{w('sectPr')}/{w('docGrid')}")
    pitch = grid.get(w("linePitch"), "0") if grid is not None and grid.get(w("type")) in ("lines", "linesAndChars") else "0"
    used = Counter(each.get(w("val"), "") for each in document.iter(w("pStyle")))
    return Sheet(styles, defaults, fonts, colours, int(pitch) / 20 if _PITCH.fullmatch(pitch) else 0, used)


def _theme(root: etree._Element) -> tuple[dict[str, str], dict[str, str]]:
    """Faces that styles name by their role (minorEastAsia …), and colours that they name so (accent1 …)."""
    fonts: dict[str, str] = {}
    colours: dict[str, str] = {}
    for role in ("major", "minor"):
        for font in root.iter(f"{{{A}}}{role}Font"):
            hans = font.find(f"{{{A}}}font[@script='Hans']")
            latin, hanzi = (
                each.get("typeface", "") if each is not None else "" for each in (font.find(f"{{{A}}}latin"), font.find(f"{{{A}}}ea"))
            )
            fonts |= {f"{role}Ascii": latin, f"{role}HAnsi": latin}
            fonts[f"{role}EastAsia"] = hanzi or (hans.get("typeface", "") if hans is not None else "")
    for scheme in root.iter(f"{{{A}}}clrScheme"):
        for colour in scheme:
            if len(colour):
                colours[etree.QName(colour).localname] = str(colour[0].get("lastClr") or colour[0].get("val", ""))
    named = {"text1": "dk1", "dark1": "dk1", "text2": "dk2", "dark2": "dk2", "background1": "lt1", "background2": "lt2"}
    return fonts, colours | {alias: colours.get(name, "") for alias, name in named.items()}


def _chosen(sheet: Sheet, names: tuple[str, ...]) -> str:
    """The id of the style; the earlier name wins where none is used more."""
    named: dict[str, str] = {}
    for id_, style in sheet.styles.items():
        if style.get(w("type")) == "paragraph":
            named.setdefault(value(style, "name").strip().lower(), id_)
    found = [named[each] for each in names if each in named]
    return max(found, key=lambda id_: sheet.used.get(id_, 0), default="")


def _page(document: etree._Element) -> dict[str, float]:
    """Measures of the first upright section; of a broad one turned upright if there is no other."""
    sections = list(document.iter(w("sectPr")))
    upright = [each for each in sections if value(each, "pgSz", "orient") != "landscape"] or sections
    if not upright:
        return {}
    wanted = {
        "page_width": ("pgSz", "w"),
        "page_height": ("pgSz", "h"),
        "margin_top": ("pgMar", "top"),
        "margin_bottom": ("pgMar", "bottom"),
        "margin_left": ("pgMar", "left"),
        "margin_right": ("pgMar", "right"),
        "header_at": ("pgMar", "header"),
        "footer_at": ("pgMar", "footer"),
    }
    said = {name: value(upright[0], *place) for name, place in wanted.items()}
    page = {name: int(text) / 20 for name, text in said.items() if _TWENTIETHS.fullmatch(text)}
    if page.get("page_width", 0) > page.get("page_height", 10**6):
        page["page_width"], page["page_height"] = page["page_height"], page["page_width"]
    return page


def _header_parts(document: etree._Element, parts: Mapping[str, tuple[str, str]]) -> list[str]:
    """Headers in the order of the sections, usual pages first."""
    references = sorted(document.iter(w("headerReference")), key=lambda each: each.get(w("type")) != "default")
    ids = [each.get(f"{{{REL}}}id", "") for each in references]
    return list(dict.fromkeys(parts[id_][1] for id_ in ids if id_ in parts))


def _head_rule(sheet: Sheet, running: str, headers: list[etree._Element]) -> str | None:
    """Colour of the line below the header, "" if it has none; from the header itself, else from its style."""
    lines = [line for root in headers for line in root.iterfind(f".//{w('pBdr')}/{w('bottom')}")]
    lines += [line for properties in sheet.chain(running, "pPr") for line in properties.iterfind(f"{w('pBdr')}/{w('bottom')}")]
    return _line_colour(lines[0]) if lines else None


def _line_colour(line: etree._Element | None) -> str:
    if line is None or line.get(w("val"), "nil") in ("nil", "none"):
        return ""
    colour = line.get(w("color"), "auto")
    return colour.upper() if len(colour) == 6 and all(each in "0123456789abcdefABCDEF" for each in colour) else BLACK


def _logo(entries: Mapping[str, bytes], headers: list[tuple[str, etree._Element]], name: str) -> tuple[Logo | None, tuple[str, ...]]:
    """The first picture in a header that can be printed; what cannot is said."""
    notes = []
    for part, root in headers:
        parts = relations(entries, part, name)
        for id_ in _picture_ids(root):
            target = parts.get(id_, ("", ""))[1]
            try:
                clean = clean_picture(entries.get(target, b""), target.rsplit("/", 1)[-1])
            except ServiceError as fault:
                notes.append(f"页眉中的图片未采用：{fault}")
                continue
            if clean.media in (PNG, JPEG):
                return Logo(clean.data, "png" if clean.media == PNG else "jpeg", clean.width, clean.height), tuple(notes)
    return None, tuple(dict.fromkeys(notes))


def _picture_ids(root: etree._Element) -> Iterator[str]:
    for blip in root.iter(f"{{{A}}}blip"):
        yield blip.get(f"{{{REL}}}embed", "")
    for image in root.iter("{urn:schemas-microsoft-com:vml}imagedata"):
        yield image.get(f"{{{REL}}}id", "")


def _tables(sheet: Sheet, document: etree._Element) -> tuple[str, Rules | None, str | None]:
    """Name, lines and head's shade of the table style that the template uses most."""
    used = Counter(each.get(w("val"), "") for each in document.iter(w("tblStyle")))
    id_ = max((each for each in used if each in sheet.styles), key=lambda each: used[each], default="")
    borders = sheet.styles[id_].find(f"{w('tblPr')}/{w('tblBorders')}") if id_ else None
    if borders is None or not any(map(_line_colour, borders)):
        return "", None, None
    top, left, across, down = (_line_colour(borders.find(w(side))) for side in ("top", "left", "insideH", "insideV"))
    head = sheet.styles[id_].find(f"{w('tblStylePr')}[@{w('type')}='firstRow']")
    shade = None if head is None else head.find(f".//{w('shd')}")
    fill = None if shade is None else shade.get(w("fill"), "").upper()
    bottom = None if head is None else head.find(f".//{w('tcBorders')}/{w('bottom')}")
    rules = Rules(top, left, across, down, across if bottom is None else _line_colour(bottom))
    return plain_name(sheet.name(id_)), rules, fill if fill and len(fill) == 6 else None

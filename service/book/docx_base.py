"""The parts of a DOCX that depend on the theme only: styles, settings, font table, theme; made once with python-docx."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType
from xml.sax.saxutils import quoteattr

import docx
from docx.opc.constants import RELATIONSHIP_TYPE
from lxml import etree

from service.book.docx_styles import styles_xml, twips
from service.book.theme import Faces, Theme

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
A = "http://schemas.openxmlformats.org/drawingml/2006/main"
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'


@lru_cache(maxsize=8)
def base_parts(theme: Theme) -> Mapping[str, bytes]:
    """Name of a part below word/ → its bytes. python-docx gives the list of Word's latent styles and the colour theme."""
    document = docx.Document()
    styles = document.styles.element
    latent = styles.find(f"{{{W}}}latentStyles")
    colours = document.part.package.main_document_part.part_related_by(RELATIONSHIP_TYPE.THEME).blob
    return MappingProxyType(
        {
            "styles.xml": styles_xml(theme, _bare(latent)),
            "settings.xml": _settings(theme),
            "fontTable.xml": _font_table(theme.faces),
            "theme/theme1.xml": _theme_part(colours, theme.faces),
        }
    )


def _bare(element: etree._Element) -> str:
    """The element as text without the namespaces that only its old document needed."""
    copy = etree.fromstring(etree.tostring(element, with_tail=False))
    etree.cleanup_namespaces(copy)
    return etree.tostring(copy, encoding="unicode").replace(f' xmlns:w="{W}"', "")


def _settings(theme: Theme) -> bytes:
    tab = twips(2 * theme.body.size)
    compat = "".join(
        f'<w:compatSetting w:name="{name}" w:uri="http://schemas.microsoft.com/office/word" w:val="{value}"/>'
        for name, value in _COMPATIBILITY.items()
    )
    return (
        f'{HEAD}<w:settings xmlns:w="{W}"><w:zoom w:percent="100"/><w:defaultTabStop w:val="{tab}"/>'
        '<w:characterSpacingControl w:val="compressPunctuation"/>'
        f"<w:compat><w:doNotExpandShiftReturn/>{compat}</w:compat>"
        '<w:themeFontLang w:val="en-US" w:eastAsia="zh-CN"/>'
        f'<w:clrSchemeMapping {_COLOURS}/><w:decimalSymbol w:val="."/><w:listSeparator w:val=","/></w:settings>'
    ).encode()


# 15 is Word 2013 and later: without it Word opens the file in "compatibility mode" and sets tables 5.4 pt into the margin.
_COMPATIBILITY = {
    "compatibilityMode": 15,
    "overrideTableStyleFontSizeAndJustification": 1,
    "enableOpenTypeFeatures": 1,
    "doNotFlipMirrorIndents": 1,
    "differentiateMultirowTableHeaders": 1,
}
_COLOURS = (
    'w:bg1="light1" w:t1="dark1" w:bg2="light2" w:t2="dark2" w:accent1="accent1" w:accent2="accent2" w:accent3="accent3" '
    'w:accent4="accent4" w:accent5="accent5" w:accent6="accent6" w:hyperlink="hyperlink" w:followedHyperlink="followedHyperlink"'
)


def _font_table(faces: Faces) -> bytes:
    """Charset and family let an application without the font choose a fitting one."""
    fonts = (
        (faces.serif_hanzi, "86", "roman", _OTHER_NAMES.get(faces.serif_hanzi, "")),
        (faces.sans_hanzi, "86", "swiss", _OTHER_NAMES.get(faces.sans_hanzi, "")),
        (faces.serif_latin, "00", "roman", ""),
        (faces.sans_latin, "00", "swiss", ""),
    )
    return f'{HEAD}<w:fonts xmlns:w="{W}">{"".join(_font(*font) for font in fonts)}</w:fonts>'.encode()


_OTHER_NAMES = {"宋体": "SimSun", "黑体": "SimHei", "仿宋": "FangSong", "楷体": "KaiTi"}


def _font(name: str, charset: str, family: str, other: str) -> str:
    alternative = f"<w:altName w:val={quoteattr(other)}/>" if other else ""
    return (
        f'<w:font w:name={quoteattr(name)}>{alternative}<w:charset w:val="{charset}"/>'
        f'<w:family w:val="{family}"/><w:pitch w:val="variable"/></w:font>'
    )


def _theme_part(blob: bytes, faces: Faces) -> bytes:
    """The colour theme with our faces as its major (headings) and minor (text) fonts."""
    root = etree.fromstring(blob)
    for kind, latin, hanzi in (("major", faces.sans_latin, faces.sans_hanzi), ("minor", faces.serif_latin, faces.serif_hanzi)):
        for slot, name in (("latin", latin), ("ea", hanzi)):
            for element in root.iterfind(f".//{{{A}}}{kind}Font/{{{A}}}{slot}"):
                element.set("typeface", name)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)

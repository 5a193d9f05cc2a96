"""An uploaded SVG → a still drawing, written anew from an allow-list: shapes and text, nothing that runs, moves or is fetched.

What drawing programs leave behind (their own elements and attributes, comments, metadata) is dropped without a word; what would change the
picture if it were left out (script, web content, raster images, filters, movement, references to elsewhere) is refused in words.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from lxml import etree

from service.book.svg_cost import MOST, XLINK, cost
from service.book.svg_reading import REMEDY, SVG, read_svg, refused, size_of, view_box
from service.book.svg_style import LOOKS, Forbidden, declarations, plain_value, rules, with_families

XHTML, XML = "http://www.w3.org/1999/xhtml", "http://www.w3.org/XML/1998/namespace"
DEEPEST = 100
_ELEMENTS = (
    "g defs symbol use switch title desc path rect circle ellipse line polyline polygon text tspan textPath "
    "linearGradient radialGradient stop clipPath mask pattern marker style"
)
ELEMENTS = frozenset(_ELEMENTS.split())
DROPPED = frozenset({"metadata"})
_GEOMETRY = (
    "id class x y x1 y1 x2 y2 cx cy r rx ry fx fy fr width height d points transform dx dy rotate textLength lengthAdjust pathLength "
    "startOffset method spacing viewBox preserveAspectRatio offset gradientUnits gradientTransform spreadMethod clipPathUnits maskUnits "
    "maskContentUnits patternUnits patternContentUnits patternTransform markerUnits markerWidth markerHeight refX refY orient"
)
GEOMETRY = frozenset(_GEOMETRY.split())
NAMES = {
    "script": "脚本",
    "foreignobject": "网页内容",
    "image": "嵌入或链接的图片",
    "filter": "滤镜效果（阴影、模糊等）",
    "a": "链接",
    "svg": "嵌套的 SVG",
    "animate": "动画",
    "animatemotion": "动画",
    "animatetransform": "动画",
    "set": "动画",
}


def clean_svg(data: bytes, name: str) -> tuple[bytes, float, float]:
    """(the drawing written anew in UTF-8, its width and height in pixels). InputError, with the line, for what cannot be made clean."""
    source = read_svg(data, name)
    width, height = size_of(source, name)
    made = etree.Element(f"{{{SVG}}}svg", nsmap={None: SVG, "xlink": XLINK})  # type: ignore[dict-item]  # the stubs know no default namespace
    made.set("width", f"{width:g}")
    made.set("height", f"{height:g}")
    made.set("viewBox", " ".join(f"{each:g}" for each in view_box(source) or (0, 0, width, height)))
    made.set("font-family", with_families("sans-serif"))
    _copy_attributes(source, made, name, frozenset({"width", "height", "viewBox", "x", "y"}))
    _copy_children(source, made, name, 1)
    try:
        much = cost(made)
    except RecursionError:
        much = MOST + 1
    if much > MOST:
        raise refused("过于复杂，请简化后重新导出，或另存为 PNG 再上传", name, source, "svg_too_complex")
    return etree.tostring(made, encoding="utf-8"), width, height


def _copy_children(source: etree._Element, made: etree._Element, name: str, depth: int) -> None:
    if depth > DEEPEST:
        raise refused("嵌套太深，请简化后重新导出，或另存为 PNG 再上传", name, source, "svg_too_complex")
    made.text = source.text
    for child in source:
        kept = _copied(child, name, depth)
        if kept is not None:
            made.append(kept)
            kept.tail = child.tail
        elif child.tail and child.tail.strip():
            _append_text(made, child.tail)


def _append_text(made: etree._Element, words: str) -> None:
    if len(made):
        made[-1].tail = (made[-1].tail or "") + words
    else:
        made.text = (made.text or "") + words


def _copied(child: etree._Element, name: str, depth: int) -> etree._Element | None:
    """The element written anew; None for what is dropped."""
    if not isinstance(child.tag, str):
        raise refused(f"含有处理指令或实体，{REMEDY}", name, child)
    tag = etree.QName(child)
    if (tag.namespace == SVG and tag.localname in DROPPED) or tag.namespace not in {SVG, XHTML, None}:
        return None
    if tag.namespace != SVG or tag.localname not in ELEMENTS:
        raise refused(f"含有{_what(tag.localname)}（<{tag.localname[:30]}>），{REMEDY}", name, child)
    made = etree.Element(f"{{{SVG}}}{tag.localname}")
    _copy_attributes(child, made, name, frozenset())
    if tag.localname == "style":
        made.text = _checked(partial(rules, "".join(map(str, child.itertext()))), name, child)
    else:
        _copy_children(child, made, name, depth + 1)
    return made


def _what(tag: str) -> str:
    return NAMES.get(tag.lower()) or (NAMES["filter"] if tag.startswith("fe") else "不能印出的内容")


def _copy_attributes(source: etree._Element, made: etree._Element, name: str, settled: frozenset[str]) -> None:
    """Those of the allow-list but for the `settled` ones; InputError for what runs or leads elsewhere."""
    for key, value in _attributes(source):
        if key.lower().startswith("on"):
            raise refused(f"含有{NAMES['script']}（{key[:30]} 属性），{REMEDY}", name, source)
        if key == "href":
            if not value.strip().startswith("#"):
                raise refused(f"含有对外部内容的引用（{value.strip()[:40]}），{REMEDY}", name, source)
            made.set(f"{{{XLINK}}}href", value.strip())
        elif key == "space":
            made.set(f"{{{XML}}}space", "preserve" if value == "preserve" else "default")
        elif key in _CHECKS and key not in settled:
            made.set(key, _checked(partial(_CHECKS[key], value), name, source))


def _attributes(element: etree._Element) -> Iterator[tuple[str, str]]:
    """Name and value of SVG's own attributes, href and xml:space without their prefix; those of drawing programs are left out."""
    own = {None, XLINK, XML}
    for key, value in element.attrib.items():
        found = etree.QName(str(key))
        wanted = {XLINK: {"href"}, XML: {"space"}}.get(found.namespace or "")
        if found.namespace in own and (wanted is None or found.localname in wanted):
            yield found.localname, str(value)


def _checked(check: Callable[[], str], name: str, element: etree._Element) -> str:
    try:
        return check()
    except Forbidden as fault:
        raise refused(f"含有{fault}，{REMEDY}", name, element) from fault


_CHECKS: dict[str, Callable[[str], str]] = {
    **dict.fromkeys(GEOMETRY, str),
    **dict.fromkeys(LOOKS, plain_value),
    "font-family": with_families,
    "style": declarations,
}
"""Attribute → how its value is checked and written anew."""

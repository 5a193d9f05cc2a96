"""Reading an uploaded SVG: its text, its tree without entities and network, its size; every refusal says where and how to mend."""

from __future__ import annotations

import re

from lxml import etree

from service.errors import InputError, Place

SVG = "http://www.w3.org/2000/svg"
REMEDY = "请在绘图软件中去掉后重新导出，或另存为 PNG 再上传"
PIXELS = {"": 1.0, "px": 1.0, "pt": 96 / 72, "pc": 16.0, "mm": 96 / 25.4, "cm": 96 / 2.54, "in": 96.0}
LARGEST_SIDE = 20_000
"""Pixels."""
FARTHEST = 1e7
"""Units of a view box."""
THINNEST = 100
"""How many times longer than the other one a side may be."""
_NUMBER = r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d{1,3})?"


def refused(words: str, name: str, element: etree._Element | None = None, code: str = "svg_not_clean") -> InputError:
    """The refusal of a file, with the line of the element it is about."""
    line = element.sourceline if element is not None and isinstance(element.sourceline, int) else None
    return InputError(words, code=code, place=Place(name, line))


def read_svg(data: bytes, name: str) -> etree._Element:
    """The root of the drawing; InputError for a file that is no SVG, is broken, or defines entities."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True)
    try:
        root = etree.fromstring(_text_of(data, name).encode(), parser)
    except (etree.XMLSyntaxError, UnicodeEncodeError) as fault:
        line = fault.lineno if isinstance(fault, etree.XMLSyntaxError) else None
        raise InputError("不是完整的 SVG 图片，请重新导出后再上传", code="bad_picture", place=Place(name, line)) from fault
    if root.tag != f"{{{SVG}}}svg":
        raise refused("不是 SVG 图片，请另存为 PNG、JPEG 或 SVG 后再上传", name, root, "not_a_picture")
    return root


def _text_of(data: bytes, name: str) -> str:
    """As the file declares it. A declaration of its type goes; one that defines anything is refused."""
    declared = re.match(rb"""\s*<\?xml[^>]{0,200}?encoding=["']([A-Za-z0-9_-]{1,20})["']""", data.removeprefix(b"\xef\xbb\xbf"))
    encoding = "utf-16" if data[:2] in {b"\xff\xfe", b"\xfe\xff"} else declared[1].decode().lower() if declared else "utf-8"
    try:
        text = data.decode("utf-8-sig" if encoding in {"utf-8", "utf8"} else encoding)
    except (UnicodeError, LookupError) as fault:
        raise refused(f"不能按 {encoding} 编码读出，请以 UTF-8 编码重新导出", name, code="bad_picture") from fault
    if re.search(r"<!ENTITY|<!DOCTYPE[^>]*\[", text, re.IGNORECASE):
        raise refused(f"含有文档类型定义（DTD）或实体，{REMEDY}", name)
    return re.sub(r"\A\s*<\?xml[^>]*\?>|<!DOCTYPE[^>]*>", _lines_kept, text, flags=re.IGNORECASE).lstrip(" \t\r")


def _lines_kept(found: re.Match[str]) -> str:
    """So that a refusal names the line of the file."""
    return "\n" * found[0].count("\n")


def size_of(root: etree._Element, name: str) -> tuple[float, float]:
    """Width and height in pixels, from the attributes or, where they say nothing absolute, from the view box."""
    view = view_box(root)[2:]
    width, height = _pixels(root.get("width", "")), _pixels(root.get("height", ""))
    if view and not (width and height):
        width, height = (width, width * view[1] / view[0]) if width else (height * view[0] / view[1], height) if height else view
    if not width or not height:
        raise refused("没有写明大小（width、height 或 viewBox），请在绘图软件中设定画布大小后重新导出", name, root, "svg_without_size")
    if max(width, height) > LARGEST_SIDE or max(width, height) > THINNEST * min(width, height):
        raise refused(f"画布大小（{width:.0f}×{height:.0f}）不适合印出，请调整后重新导出", name, root, "svg_bad_size")
    return round(width, 2), round(height, 2)


def view_box(root: etree._Element) -> tuple[float, ...]:
    """Left, top, width and height of what is seen; () if it is not said, or nothing that can be seen."""
    box = tuple(float(each) for each in re.findall(_NUMBER, root.get("viewBox", "")))
    return box if len(box) == 4 and min(box[2:]) > 0 and max(map(abs, box)) < FARTHEST else ()


def _pixels(length: str) -> float:
    """0 for a relative length or none."""
    found = re.fullmatch(rf"\s*({_NUMBER})\s*([a-z]*)\s*", length)
    value = float(found[1]) * PIXELS.get(found[2], 0) if found else 0.0
    return value if 0 < value < float("inf") else 0.0

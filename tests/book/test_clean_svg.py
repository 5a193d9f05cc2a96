"""Drawings made clean: what is written anew, what is dropped, what is refused, and with which words."""

from __future__ import annotations

import pytest
from lxml import etree
from pictures import svg

from service.book.clean_picture import clean_picture
from service.book.clean_svg import clean_svg
from service.book.model import Photo
from service.book.photo_vector import is_drawable
from service.book.svg_cost import MOST
from service.book.theme import FORMAL
from service.errors import InputError
from service.settings import settings

NAME = "流程.svg"


def clean(body: str = "", size: str = 'width="120" height="60"', before: str = "") -> str:
    return clean_svg(svg(body, size, before), NAME)[0].decode()


def refusal(data: bytes) -> InputError:
    with pytest.raises(InputError) as caught:
        clean_picture(data, NAME)
    return caught.value


HOSTILE = {
    "script": ("<script>alert(1)</script>", "含有脚本（<script>）"),
    "script in CDATA": ("<script><![CDATA[alert(1)]]></script>", "含有脚本（<script>）"),
    "script by address": ('<script xlink:href="https://evil.example/a.js"/>', "含有脚本（<script>）"),
    "XHTML script": ('<script xmlns="http://www.w3.org/1999/xhtml">alert(1)</script>', "含有脚本（<script>）"),
    "event": ('<rect width="1" height="1" onclick="alert(1)"/>', "含有脚本（onclick 属性）"),
    "event in capitals": ('<rect width="1" height="1" ONLOAD="alert(1)"/>', "含有脚本（ONLOAD 属性）"),
    "foreign object": (
        '<foreignObject><body xmlns="http://www.w3.org/1999/xhtml">x</body></foreignObject>',
        "含有网页内容（<foreignObject>）",
    ),
    "frame": ('<iframe xmlns="http://www.w3.org/1999/xhtml" src="https://evil.example"/>', "含有不能印出的内容（<iframe>）"),
    "picture elsewhere": ('<image href="https://evil.example/a.png"/>', "含有嵌入或链接的图片（<image>）"),
    "picture inside": ('<image href="data:image/png;base64,AAAA"/>', "含有嵌入或链接的图片（<image>）"),
    "link": ('<a xlink:href="javascript:alert(1)"><rect/></a>', "含有链接（<a>）"),
    "use of another file": ('<use href="https://evil.example/a.svg#b"/>', "含有对外部内容的引用（https://evil.example/a.svg#b）"),
    "use of data": ('<use xlink:href="data:image/svg+xml,x#b"/>', "含有对外部内容的引用（data:image/svg+xml,x#b）"),
    "gradient of another file": ('<linearGradient xlink:href="file:///etc/passwd#a"/>', "含有对外部内容的引用（file:///etc/passwd#a）"),
    "paint from elsewhere": ('<rect fill="url(https://evil.example/a#b)"/>', "含有对外部内容的引用（url）"),
    "style from elsewhere": ("<rect style=\"fill:url( 'https://evil.example/a' )\"/>", "含有对外部内容的引用（url）"),
    "escaped style": (r'<rect style="fill:u\72l(https://evil.example)"/>', "含有不能识别的样式"),
    "imported style sheet": ('<style>@import "https://evil.example/a.css";</style>', "含有样式规则 @import"),
    "imported face": ("<style>@font-face{font-family:a;src:url(https://evil.example/a)}</style>", "含有样式规则 @font-face"),
    "style sheet with address": ("<style>rect{fill:url(//evil.example/a)}</style>", "含有对外部内容的引用（url）"),
    "style sheet that breaks out": ("<style>rect{fill:red}}&lt;/style>&lt;script></style>", "含有不能识别的样式"),
    "movement": ('<rect><animate attributeName="href" to="javascript:alert(1)"/></rect>', "含有动画（<animate>）"),
    "set": ('<set attributeName="onload" to="alert(1)"/>', "含有动画（<set>）"),
    "filter": ('<filter id="a"><feImage href="https://evil.example"/></filter>', "含有滤镜效果（阴影、模糊等）（<filter>）"),
    "style sheet by instruction": ('<?xml-stylesheet href="https://evil.example/a.css"?>', "含有处理指令或实体"),
}


@pytest.mark.parametrize("what", HOSTILE)
def test_what_runs_moves_or_is_fetched_is_refused_in_words(what: str) -> None:
    body, words = HOSTILE[what]
    fault = refusal(svg(f"\n\n{body}"))
    assert fault.code == "svg_not_clean"
    assert str(fault) == f"{NAME}:3:{words}，请在绘图软件中去掉后重新导出，或另存为 PNG 再上传"


@pytest.mark.parametrize(
    "before",
    [
        '<!DOCTYPE svg [<!ENTITY a "甲">]>',
        '<!DOCTYPE svg [<!ENTITY a SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE svg [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;"><!ENTITY c "&b;&b;&b;">]>',
        '<!DOCTYPE svg SYSTEM "https://evil.example/a.dtd" [ ]>',
    ],
)
def test_entities_and_definitions_are_refused(before: str) -> None:
    fault = refusal(svg("<text>&a;</text>", before=before))
    assert (fault.code, "含有文档类型定义（DTD）或实体" in str(fault)) == ("svg_not_clean", True)


def test_a_bare_declaration_of_type_is_dropped_and_not_fetched() -> None:
    before = '<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">\n'
    assert "DOCTYPE" not in clean('<rect width="1" height="1"/>', before=before)


def test_shapes_text_and_looks_are_written_anew() -> None:
    made = clean(
        '<g transform="scale(2)"><rect id="a" x="1" width="5" height="5" fill="red"/></g><use xlink:href="#a"/><text x="1">甲<tspan>乙</tspan>丙</text>'
    )
    assert '<g transform="scale(2)"><rect id="a" x="1" width="5" height="5" fill="red"/></g><use xlink:href="#a"/>' in made
    assert '<text x="1">甲<tspan>乙</tspan>丙</text>' in made


def test_what_drawing_programs_leave_is_dropped() -> None:
    body = (
        '<!-- 注 --><metadata><x/></metadata><inkscape:page id="p"/>'
        '<g inkscape:label="层" data-name="层" aria-label="层" role="img"><path d="M0 0"/></g>'
    )
    assert clean(body).endswith('<g><path d="M0 0"/></g></svg>')


def test_style_sheets_are_written_anew() -> None:
    made = clean(
        '<style>/* 注 */ .a, #b > rect{fill:#fff;-inkscape-x:1;behavior:none;stroke:url(#g)}</style><rect class="a" style="fill:red;line-height:2"/>'
    )
    assert "<style>.a, #b &gt; rect{fill:#fff;stroke:url(#g)}</style>" in made
    assert '<rect class="a" style="fill:red"/>' in made


@pytest.mark.parametrize(
    ("size", "width", "height"),
    [
        ('width="120" height="60"', 120, 60),
        ('width="1in" height="2.54cm"', 96, 96),
        ('width="72pt" height="25.4mm"', 96, 96),
        ('viewBox="0 0 300 200"', 300, 200),
        ('width="100%" height="100%" viewBox="-10 -10 300 200"', 300, 200),
        ('width="600" viewBox="0,0,300,200"', 600, 400),
    ],
)
def test_size_is_that_of_the_canvas(size: str, width: float, height: float) -> None:
    _, *found = clean_svg(svg(size=size), NAME)
    assert found == [width, height]
    assert clean(size=size).startswith(
        f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="{width:g}" height="{height:g}" viewBox="'
    )


@pytest.mark.parametrize(
    "size", ["", 'width="0" height="9"', 'width="100%" height="100%"', 'width="abc" height="1e999"', 'viewBox="0 0 0 0"']
)
def test_drawing_without_a_size_is_refused(size: str) -> None:
    assert refusal(svg(size=size)).code == "svg_without_size"


@pytest.mark.parametrize("size", ['width="50000" height="50000"', 'width="5000" height="2"'])
def test_canvas_that_fits_no_page_is_refused(size: str) -> None:
    assert refusal(svg(size=size)).code == "svg_bad_size"


def repeated(times: int) -> str:
    """Ten of ten of ten …: a billion squares after nine."""
    levels = (f'<g id="a{n}">{f"<use href={chr(34)}#a{n - 1}{chr(34)}/>" * 10}</g>' for n in range(1, times))
    return '<g id="a0"><rect width="1" height="1"/></g>' + "".join(levels)


COMPLEX = {
    "repeated over and over": repeated(10),
    "in a circle": '<g id="a"><use href="#a"/></g>',
    "in a circle of two": '<g id="a"><use href="#b"/></g><g id="b"><use href="#a"/></g>',
    "painted with itself": '<pattern id="a" width="1" height="1"><rect fill="url(#a)"/></pattern>',
    "painted with itself by a style sheet": '<style>.a{fill:url(#p)}</style><pattern id="p"><rect style="fill:url(#p)"/></pattern>',
    "many stencils": '<mask id="a"><rect/></mask>' + '<rect mask="url(#a)"/>' * 200,
    "many corners with markers": f'<marker id="a">{"<rect/>" * 100}</marker><path marker-mid="url(#a)" d="M0 0{"L1 1" * 1000}"/>',
    "too many shapes": "<rect/>" * (MOST + 1),
    "too many words": f"<text>{'字' * 3 * MOST}</text>",
    "too deep": "<g>" * 200 + "</g>" * 200,
}


@pytest.mark.parametrize("what", COMPLEX)
def test_drawing_that_takes_too_long_is_refused(what: str) -> None:
    fault = refusal(svg(COMPLEX[what]))
    assert fault.code == "svg_too_complex"
    assert "另存为 PNG 再上传" in str(fault)


@pytest.mark.parametrize(
    "data",
    [
        b"<svg",
        svg("<rect>"),
        svg("&nbsp;"),
        b'<?xml version="1.0" encoding="utf-99"?><svg/>',
        svg().replace(b"rect", b"\xff\xfe"),
    ],
)
def test_broken_drawing_is_refused(data: bytes) -> None:
    assert refusal(data).code == "bad_picture"


@pytest.mark.parametrize("data", [b"<html><body>x</body></html>", b'<svg width="1" height="1"/>', b"<?xml version='1.0'?><a/>"])
def test_other_markup_is_no_picture(data: bytes) -> None:
    assert refusal(data).code == "not_a_picture"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gbk"])
def test_drawing_is_read_in_the_encoding_it_declares(encoding: str) -> None:
    declared = '<?xml version="1.0" encoding="GBK"?>' if encoding == "gbk" else ""
    data = svg("<text>受理</text>", before=declared).decode().encode(encoding)
    assert "<text>受理</text>".encode() in clean_picture(data, NAME).data


FAMILIES = {
    "宋体, serif": "'Noto Serif SC'",
    "Microsoft YaHei": "'Noto Sans SC'",
    "sans-serif": "'Noto Sans SC'",
    "Times New Roman": "'Noto Serif SC'",
}


@pytest.mark.parametrize("families", FAMILIES)
def test_text_is_given_a_face_that_the_book_embeds(families: str) -> None:
    """Without one the PDF shows no text at all."""
    own = FAMILIES[families]
    for body in (
        f'<text font-family="{families}">甲</text>',
        f'<text style="font-family:{families}">甲</text>',
        f'<text style="font:bold 12px/1.5 {families}">甲</text>',
    ):
        [text] = etree.fromstring(clean(body).encode())
        assert own in (text.get("font-family") or text.get("style") or "")
    assert """font-family="sans-serif, 'Noto Sans SC'\"""" in clean("<text>甲</text>")


def test_drawing_that_is_clean_can_be_drawn() -> None:
    assert is_drawable(Photo(clean("<text x='5' y='9'>甲</text>").encode(), "图"), FORMAL, settings().fonts)
    assert not is_drawable(
        Photo(b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9" viewBox="x"><g></svg>', "图"), FORMAL, settings().fonts
    )

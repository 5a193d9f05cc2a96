"""Accepting and rejecting tracked changes by our own reading of the format, and what a reader then sees of the document."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterator
from copy import deepcopy
from typing import Any

from lxml import etree

from book.docx_reading import w

Line = tuple[str, str]
Told = tuple[Any, ...]
Element = Any
"""An element of lxml, whose parents and neighbours are there."""
_TAKES = {"new": (("del", "moveFrom"), ("ins", "moveTo")), "old": (("ins", "moveTo"), ("del", "moveFrom"))}
_RANGES = ("moveFromRangeStart", "moveFromRangeEnd", "moveToRangeStart", "moveToRangeEnd")


def document_of(data: bytes) -> Element:
    """The document, each style by its name: whoever writes a file gives them ids of its own."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts: list[Element] = [etree.fromstring(archive.read(f"word/{name}.xml")) for name in ("document", "styles")]
    document, styles = parts
    names = {style.get(w("styleId")): style.find(w("name")).get(w("val")) for style in styles.iter(w("style"))}
    for each in document.iter(w("pStyle")):
        each.set(w("val"), names[each.get(w("val"))].lower())
    return document


def settled(document: Element, side: str) -> Element:
    """The document with all changes accepted (`new`) or rejected (`old`)."""
    root = deepcopy(document)
    gone, stays = _TAKES[side]
    _settle_rows(root, gone)
    _settle_runs(root, gone, stays)
    _settle_manners(root, side)
    for paragraph in list(root.iter(w("p"))):
        if any(paragraph.find(f"{w('pPr')}/{w('rPr')}/{w(name)}") is not None for name in gone):
            _join_to_the_next(paragraph)
    for name in (*gone, *stays, *_RANGES):
        for element in list(root.iter(w(name))):
            element.getparent().remove(element)
    return root


def _settle_rows(root: Element, gone: tuple[str, ...]) -> None:
    for row in list(root.iter(w("tr"))):
        if any(row.find(f"{w('trPr')}/{w(name)}") is not None for name in gone):
            row.getparent().remove(row)
    for table in list(root.iter(w("tbl"))):
        if table.find(w("tr")) is None:
            table.getparent().remove(table)


def _settle_runs(root: Element, gone: tuple[str, ...], stays: tuple[str, ...]) -> None:
    for name in gone:
        for element in [each for each in root.iter(w(name)) if len(each)]:
            element.getparent().remove(element)
    for name in stays:
        for element in [each for each in root.iter(w(name)) if len(each)]:
            parent = element.getparent()
            place = parent.index(element)
            parent[place : place + 1] = list(element)
    for former, plain in (("delText", "t"), ("delInstrText", "instrText")):
        for element in root.iter(w(former)):
            element.tag = w(plain)


def _settle_manners(root: Element, side: str) -> None:
    for name in ("rPr", "pPr"):
        for change in list(root.iter(w(f"{name}Change"))):
            now = change.getparent()
            now.remove(change)
            if side == "old":
                mark = now.find(w("rPr")) if name == "pPr" else None
                section = now.find(w("sectPr")) if name == "pPr" else None
                now[:] = [*change.find(w(name)), *(each for each in (mark, section) if each is not None)]


def _join_to_the_next(paragraph: Element) -> None:
    """What is left of it goes before the words of the next paragraph; where a table follows, nothing may be left."""
    properties = paragraph.find(w("pPr"))
    left = [each for each in paragraph if each is not properties]
    following = paragraph.getnext()
    while following is not None and following.tag not in (w("p"), w("tbl")):
        following = following.getnext()
    if following is None or following.tag == w("tbl"):
        assert all(next(each.iter(w("r")), None) is None for each in left), "text whose paragraph mark is gone stands before a table"
    else:
        place = 1 if following.find(w("pPr")) is not None else 0
        following[place:place] = left
    paragraph.getparent().remove(paragraph)


def told(document: Element) -> list[Told]:
    """What a reader sees: paragraphs with their style, tables by rows and cells, pictures; without the low lines that only the format wants."""
    body = document.find(w("body"))
    assert body is not None
    return list(_blocks(body))


def _blocks(parent: Element) -> Iterator[Told]:
    for each in parent:
        if each.tag == w("p") and _style(each) not in ("分节", "表后空行"):
            yield ("p", _style(each), words(each))
        elif each.tag == w("tbl"):
            rows: list[list[list[str]]] = [
                [[words(line) for line in cell.iter(w("p"))] for cell in row.iter(w("tc"))] for row in each.iter(w("tr"))
            ]
            if rows:  # nobody sees a table without any
                yield ("table", *(tuple(tuple(cell) for cell in row) for row in rows))


def _style(paragraph: Element) -> str:
    style = paragraph.find(f"{w('pPr')}/{w('pStyle')}")
    return "" if style is None else style.get(w("val"), "")


_SAID: dict[str, Callable[[Element], str]] = {
    w("t"): lambda each: (each.text or "").replace("\n", " "),  # a line ends by w:br only
    w("instrText"): lambda each: f"[{(each.text or '').strip()}]",
    w("tab"): lambda each: "\t" if each.getparent().tag == w("r") else "",
    w("br"): lambda _: "\n",
    w("drawing"): lambda _: "▣",
    w("fldSimple"): lambda each: f"[{each.get(w('instr'), '').strip()}]",
}


def words(paragraph: Element) -> str:
    """The words of a paragraph, with its tabs, breaks, fields and pictures."""
    return "".join(_SAID[each.tag](each) for each in paragraph.iter() if each.tag in _SAID)

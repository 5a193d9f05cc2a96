"""The stamp of a DOCX: in every header that a page may show, out of the text's flow, so that no line moves. By lxml on the package."""

from __future__ import annotations

import io
import posixpath
import zipfile

from lxml import etree

from service.book.docx_writing import REL
from service.book.mark import Stamp, not_ours
from service.book.stamp_header import HEADER, W, stamped_header
from service.book.theme import Theme
from service.kit.zipfile import pack

PACKAGE = "http://schemas.openxmlformats.org/package/2006/"
HEADER_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.header+xml"
OWN, OWN_ID = "headerStamp.xml", "rIdStamp"
"""The header that sections without one get: the part's name and the id of the relationship to it."""
TYPES, ROOT = "[Content_Types].xml", "_rels/.rels"


def stamp_docx(file: bytes, mark: Stamp, theme: Theme) -> bytes:
    """The package with the stamp in the first, even and default headers of all its sections. Text and settings stay as they are."""
    entries = _entries(file)
    try:
        [document] = _targets(entries[ROOT], "", "officeDocument")
        folder, name = posixpath.split(document)
        relations = posixpath.join(folder, "_rels", f"{name}.rels")
        headers = _targets(entries[relations], folder, "header")
        completed = _with_headers(entries[document], _differs(entries, entries[relations], folder))
        if completed is not None:
            entries[document] = completed
            own = posixpath.join(folder, OWN)
            entries[own] = HEADER
            headers.append(own)
            _relate(entries, relations)
            _declare(entries, own)
        for place, header in enumerate(headers, 1):
            entries[header] = stamped_header(entries[header], mark, theme, place)
    except (KeyError, ValueError, etree.XMLSyntaxError) as fault:
        raise not_ours("docx") from fault
    return pack(entries, first=(TYPES, ROOT))


def _entries(file: bytes) -> dict[str, bytes]:
    try:
        with zipfile.ZipFile(io.BytesIO(file)) as archive:
            return {name: archive.read(name) for name in archive.namelist()}
    except zipfile.BadZipFile as fault:
        raise not_ours("docx") from fault


def _targets(relations: bytes, folder: str, kind: str) -> list[str]:
    """The names of the parts that a part in `folder` has this kind of relationship to, each once."""
    found = (row.get("Target", "") for row in etree.fromstring(relations) if row.get("Type") == f"{REL}/{kind}")
    return list(dict.fromkeys(posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/") for target in found))


def _differs(entries: dict[str, bytes], relations: bytes, folder: str) -> bool:
    """Whether even pages have headers of their own."""
    return any(_on(etree.fromstring(entries[name]), "evenAndOddHeaders") for name in _targets(relations, folder, "settings"))


def _on(parent: etree._Element, switch: str) -> bool:
    found = parent.find(f"{{{W}}}{switch}")
    return found is not None and found.get(f"{{{W}}}val", "true") not in ("0", "false", "off")


def _with_headers(document: bytes, even: bool) -> bytes | None:
    """The document whose sections all show a header on every page; None if they do already.

    A section without a header of some kind shows its predecessor's; the first one that has none to show gets ours.
    """
    root = etree.fromstring(document)
    shown: set[str] = set()
    given = 0
    for section in _sections(root):
        shown |= {row.get(f"{{{W}}}type", "default") for row in section.iterfind(f"{{{W}}}headerReference")}
        for kind in ("default", *(("first",) if _on(section, "titlePg") else ()), *(("even",) if even else ())):
            if kind not in shown:
                section.insert(0, etree.Element(f"{{{W}}}headerReference", {f"{{{W}}}type": kind, f"{{{REL}}}id": OWN_ID}))
                shown.add(kind)
                given += 1
    return _written(root) if given else None


def _sections(root: etree._Element) -> list[etree._Element]:
    """The properties of every section in order, without those that a tracked change has replaced; made for a document that has none."""
    found = [each for each in root.iter(f"{{{W}}}sectPr") if next(each.iterancestors()).tag != f"{{{W}}}sectPrChange"]
    return found or [etree.SubElement(root[0], f"{{{W}}}sectPr")]


def _relate(entries: dict[str, bytes], relations: str) -> None:
    root = etree.fromstring(entries[relations])
    etree.SubElement(root, f"{{{PACKAGE}relationships}}Relationship", {"Id": OWN_ID, "Type": f"{REL}/header", "Target": OWN})
    entries[relations] = _written(root)


def _declare(entries: dict[str, bytes], part: str) -> None:
    root = etree.fromstring(entries[TYPES])
    etree.SubElement(root, f"{{{PACKAGE}content-types}}Override", {"PartName": f"/{part}", "ContentType": HEADER_TYPE})
    entries[TYPES] = _written(root)


def _written(root: etree._Element) -> bytes:
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)

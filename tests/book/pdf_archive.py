"""Checks of a PDF against ISO 19005-2 (PDF/A-2b) and of its structure against ISO 32000-1, 14.7 and 14.8. No validator is at hand here:
these are the clauses that a file of ours could break. Each check yields a sentence for each fault.

Not checked: the inside of fonts (6.2.11.4.2 charsets, 6.2.11.5 widths) and of the colour profile beyond its header: typst makes them
with `pdf_standards` a-2b, and joining copies those streams byte by byte.
"""

from __future__ import annotations

import io
import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pikepdf
from lxml import etree
from pikepdf import Array, Dictionary, Name, Pdf, Stream

_NS = {
    "dc": "http://purl.org/dc/elements/1.1/",
    "pdf": "http://ns.adobe.com/pdf/1.3/",
    "pdfaid": "http://www.aiim.org/pdfa/ns/id/",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
}
_STANDARD = frozenset(
    [
        "Document",
        "Part",
        "Sect",
        "Div",
        "BlockQuote",
        "Caption",
        "TOC",
        "TOCI",
        "Index",
        "P",
        "H",
        "H1",
        "H2",
        "H3",
        "H4",
        "H5",
        "H6",
        "L",
        "LI",
        "Lbl",
        "LBody",
        "Table",
        "TR",
        "TH",
        "TD",
        "THead",
        "TBody",
        "TFoot",
        "Span",
        "Quote",
        "Note",
        "Reference",
        "BibEntry",
        "Code",
        "Link",
        "Annot",
        "Figure",
        "Formula",
        "Form",
        "Artifact",
    ]
)
_PAINTS = {"Tj", "TJ", "'", '"', "f", "F", "f*", "S", "s", "B", "B*", "b", "b*", "Do", "sh", "INLINE IMAGE"}


def faults(data: bytes) -> list[str]:
    with Pdf.open(io.BytesIO(data)) as pdf:
        checks = (_file(data, pdf), _metadata(pdf), _colours(pdf), _fonts(pdf), _objects(pdf), _notes(pdf), _tree(pdf), _contents(pdf))
        return [fault for check in checks for fault in check]


def _file(data: bytes, pdf: Pdf) -> Iterator[str]:
    """6.1.2 header, 6.1.3 trailer, 6.1.13 limits; qpdf finds no fault of syntax."""
    if not re.match(rb"%PDF-1\.[0-7]\n%[\x80-\xff]{4}", data):
        yield "6.1.2: header"
    if not data.rstrip(b"\r\n").endswith(b"%%EOF"):
        yield "6.1.3: data after the end"
    if "/Encrypt" in pdf.trailer or "/ID" not in pdf.trailer:
        yield "6.1.3: encrypted, or no identifier"
    if len(pdf.objects) > 8388607:
        yield "6.1.13: too many objects"
    yield from (f"syntax: {fault}" for fault in pdf.check_pdf_syntax())


def _metadata(pdf: Pdf) -> Iterator[str]:
    """6.6.2 XMP packet, 6.6.4 version and conformance; both descriptions of the file agree."""
    packet = pdf.Root.get("/Metadata")
    if packet is None or "/Filter" in packet:
        yield "6.6.2.1: no metadata"
        return
    tree = etree.fromstring(packet.read_bytes())

    def told(path: str) -> str:
        return str(tree.xpath(f"string(//{path})", namespaces=_NS))

    if (told("pdfaid:part"), told("pdfaid:conformance")) != ("2", "B"):
        yield "6.6.4: not marked as PDF/A-2b"
    pairs = {
        "/Title": "dc:title//rdf:li",
        "/Author": "dc:creator//rdf:li",
        "/Subject": "dc:description//rdf:li",
        "/Keywords": "pdf:Keywords",
    }
    for key, path in pairs.items():
        if str(pdf.docinfo.get(key, "")) != told(path):
            yield f"6.6.3: {key} differs: {pdf.docinfo.get(key)!s} / {told(path)}"
    if set(pdf.docinfo.keys()) - set(pairs):
        yield f"6.6.3: only in the information dictionary: {set(pdf.docinfo.keys()) - set(pairs)}"


def _colours(pdf: Pdf) -> Iterator[str]:
    """6.2.3 output intent with a profile; 6.2.4.3 with one for RGB, DeviceRGB and DeviceGray may be used, CMYK not."""
    intents = pdf.Root.get("/OutputIntents", Array())
    if len(intents) != 1 or intents[0].S != "/GTS_PDFA1":
        yield "6.2.3: output intent"
        return
    profile = intents[0].DestOutputProfile
    inside = profile.read_bytes()
    if inside[36:40] != b"acsp" or inside[16:20] != b"RGB " or inside[8] > 4 or int(profile.N) != 3:
        yield "6.2.3: profile of the output intent"
    for each in pdf.objects:
        if isinstance(each, Dictionary | Stream) and each.get("/ColorSpace") == Name.DeviceCMYK:
            yield "6.2.4.3: CMYK without its profile"


def _fonts(pdf: Pdf) -> Iterator[str]:
    """6.2.11.4.1 embedded, 6.2.11.4.2 subsets, 6.2.11.3 composite fonts; and ToUnicode, so that text can be found and copied."""
    for font in pdf.objects:
        if isinstance(font, Dictionary) and font.get("/Type") == "/Font" and font.get("/Subtype") == "/Type0":
            [below] = font.DescendantFonts
            facts = below.FontDescriptor
            if not {"/FontFile2", "/FontFile3"} & set(facts.keys()):
                yield f"6.2.11.4.1: {font.BaseFont} is not embedded"
            if not re.match(r"/[A-Z]{6}\+", str(font.BaseFont)) or font.Encoding not in ("/Identity-H", "/Identity-V"):
                yield f"6.2.11.3: {font.BaseFont}"
            if below.Subtype == "/CIDFontType2" and "/CIDToGIDMap" not in below:
                yield f"6.2.11.3.2: {font.BaseFont} has no map to glyphs"
            if "/ToUnicode" not in font:
                yield f"{font.BaseFont} cannot be read"
        elif isinstance(font, Dictionary) and font.get("/Type") == "/Font" and not str(font.get("/Subtype")).startswith("/CIDFont"):
            yield f"6.2.11: font of another kind: {font.get('/Subtype')}"


def _objects(pdf: Pdf) -> Iterator[str]:
    """What no PDF/A-2b holds: 6.1.7 external streams and LZW, 6.2.8 images, 6.2.9 forms, 6.2.10 blending, 6.5 actions, 6.8 files."""
    for each in pdf.objects:
        if not isinstance(each, Dictionary | Stream):
            continue
        if isinstance(each, Stream) and ("/F" in each or "/LZWDecode" in str(each.get("/Filter", ""))):
            yield "6.1.7: external stream or LZW"
        if (
            bool(each.get("/Interpolate", False))
            or "/Alternates" in each
            or "/OPI" in each
            or "/PS" in each
            or each.get("/Subtype2") == "/PS"
        ):
            yield "6.2.8, 6.2.9: image or form"
        if each.get("/BM", Name.Normal) not in ("/Normal", "/Multiply", "/Screen"):
            yield "6.2.10: blend mode"
        if "/AA" in each or each.get("/S") in ("/JavaScript", "/Launch", "/GoToR", "/SubmitForm", "/ImportData", "/Movie", "/Sound"):
            yield "6.5: action"
        if each.get("/Type") == "/Filespec" or "/EF" in each:
            yield "6.8: embedded file"
    form = pdf.Root.get("/AcroForm", Dictionary())
    if "/XFA" in form or form.get("/NeedAppearances", False):
        yield "6.4: form"
    for key in ("/OpenAction", "/AA", "/OCProperties", "/Requirements"):
        if key in pdf.Root:
            yield f"catalogue: {key}"


def _notes(pdf: Pdf) -> Iterator[str]:
    """6.3.1 kinds, 6.3.2 printed, 6.5.1 actions of annotations; tab order by structure; links lead to names that are there."""
    names = pikepdf.NameTree(pdf.Root.Names.Dests) if "/Names" in pdf.Root and "/Dests" in pdf.Root.Names else {}
    for number, page in enumerate(pdf.pages):
        links = [note for note in page.obj.get("/Annots", Array()) if note.Subtype == "/Link"]
        if links and page.obj.get("/Tabs") != "/S":
            yield f"page {number}: tab order"
        for note in page.obj.get("/Annots", Array()):
            unseen = note.Subtype == "/Widget" and note.FT == "/Sig" and not any(map(float, note.Rect))
            if (note.Subtype != "/Link" and not unseen) or int(note.F) & 0b11 or not int(note.F) & 4:
                yield f"6.3: annotation on page {number}"
        for note in links:
            if "/A" in note and note.A.S != "/URI":
                yield f"6.5.1: action on page {number}"
            if "/A" not in note and str(note.Dest) not in names:
                yield f"page {number}: link to {note.Dest}"


def _tree(pdf: Pdf) -> Iterator[str]:
    """Marked, in Chinese, one document; each element hangs below the one that holds it; pictures are described; names are single."""
    if not pdf.Root.get("/MarkInfo", Dictionary()).get("/Marked") or str(pdf.Root.get("/Lang", "")) != "zh-CN":
        yield "14.8.1: not marked, or without language"
    root = pdf.Root.StructTreeRoot
    elements = list(_elements(root))
    roles = {str(role) for role, _ in root.RoleMap.items()}
    for element, parent in elements:
        kind = str(element.S).removeprefix("/")
        if kind not in _STANDARD and f"/{kind}" not in roles:
            yield f"14.8.4: {kind}"
        if element.P.objgen != parent.objgen:
            yield f"14.7.2: {kind} hangs elsewhere"
        if kind == "Figure" and not str(element.get("/Alt", "")):
            yield "14.9.3: picture without words"
    ids = Counter(str(element.ID) for element, _ in elements if "/ID" in element)
    listed = [str(name) for name in root.IDTree.Names[::2]] if "/IDTree" in root else []
    if set(ids) != set(listed) or listed != sorted(listed) or any(count > 1 for count in ids.values()):
        yield "14.7.2: names of elements"
    keys = [int(key) for key in root.ParentTree.Nums[::2]]
    if keys != sorted(set(keys)) or int(root.ParentTreeNextKey) <= max(keys, default=-1):
        yield "14.7.4.4: keys of the parent tree"


def _elements(root: Any) -> Iterator[tuple[Any, Any]]:
    """Every element with the one that holds it."""
    waiting = [(kid, root) for kid in _kids(root)]
    while waiting:
        element, parent = waiting.pop()
        if isinstance(element, Dictionary) and "/S" in element:
            yield element, parent
            waiting += [(kid, element) for kid in _kids(element)]


def _kids(element: Any) -> list[Any]:
    held = element.get("/K", Array())
    return list(held) if isinstance(held, Array) else [held]


def _contents(pdf: Pdf) -> Iterator[str]:
    """Everything painted is an artifact or belongs to an element that holds it; each link belongs to an element that names it."""
    numbers = pdf.Root.StructTreeRoot.ParentTree.Nums
    parents: dict[int, Any] = dict(zip(map(int, numbers[::2]), numbers[1::2], strict=True))
    for number, page in enumerate(pdf.pages):
        owners = parents.get(int(page.obj.get("/StructParents", -1)), Array())
        marked, loose = _marked(page)
        if loose:
            yield f"page {number}: painted outside of the structure: {loose}"
        if sorted(marked) != list(range(len(owners))):
            yield f"14.7.4.4: page {number}: {len(owners)} owners of {len(marked)} contents"
            continue
        for mark in marked:
            held = [kid for kid in _kids(owners[mark]) if isinstance(kid, int) or (isinstance(kid, Dictionary) and "/MCID" in kid)]
            pages = [owners[mark].Pg if isinstance(kid, int) else kid.get("/Pg", owners[mark].get("/Pg")) for kid in held]
            places = [int(kid) if isinstance(kid, int) else int(kid.MCID) for kid in held]
            if (mark, page.obj.objgen) not in zip(places, [each.objgen for each in pages], strict=True):
                yield f"14.7.4.2: page {number}: the owner of content {mark} does not hold it"
        for note in (each for each in page.obj.get("/Annots", Array()) if each.Subtype == "/Link"):
            owner = parents.get(int(note.get("/StructParent", -1)))
            named = [kid.Obj.objgen for kid in _kids(owner) if isinstance(kid, Dictionary) and "/Obj" in kid] if owner is not None else []
            if note.objgen not in named:
                yield f"14.7.4.3: page {number}: link without owner"


def _marked(page: Any) -> tuple[list[int], list[str]]:
    """Numbers of marked contents, and operators that paint outside of any."""
    depth: list[bool] = []
    found: list[int] = []
    loose: list[str] = []
    for step in pikepdf.parse_content_stream(page):
        operator = str(step.operator)
        if operator in ("BMC", "BDC"):
            facts = step.operands[1] if operator == "BDC" else Dictionary()
            mark = facts.get("/MCID") if isinstance(facts, Dictionary) else None
            if mark is not None:
                found.append(int(mark))
            depth.append(mark is not None or step.operands[0] == "/Artifact")
        elif operator == "EMC":
            depth.pop()
        elif operator in _PAINTS and not any(depth):
            loose.append(operator)
    return found, loose

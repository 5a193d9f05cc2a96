"""The zip package of a DOCX: content types, relationships, properties, the document around its body."""

from __future__ import annotations

from service.book.docx_base import HEAD, base_parts
from service.book.docx_protection import CONTROLS, GLOSSARY, glossary_parts, protected
from service.book.docx_text import attribute, escape
from service.book.docx_writing import REL, Relationship, Writing, relate
from service.book.model import Book
from service.kit.zipfile import pack

_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml."
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/"
_FIXED = "1980-01-01T00:00:00Z"  # as in the zip: a date of its own would make two equal builds differ
_BASE_KINDS = {"styles.xml": "styles", "settings.xml": "settings", "fontTable.xml": "fontTable", "theme/theme1.xml": "theme"}
_NAMESPACES = " ".join(
    f'xmlns:{prefix}="{address}"'
    for prefix, address in {
        "w": "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
        "r": REL,
        "wp": "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing",
        "a": "http://schemas.openxmlformats.org/drawingml/2006/main",
        "pic": "http://schemas.openxmlformats.org/drawingml/2006/picture",
    }.items()
)


def package(book: Book, body: str, writing: Writing) -> bytes:
    """The file: `body` is the content of w:body."""
    base = base_parts(writing.theme)
    controls = CONTROLS if writing.filling else ""
    document = f"{HEAD}<w:document {_NAMESPACES}{controls}><w:body>{body}</w:body></w:document>"
    if writing.filling:
        base = protected(base)
        writing.parts |= glossary_parts(writing.filling.shown, base["styles.xml"])
        relate(writing, "glossaryDocument", GLOSSARY)
    word = {**base, **writing.parts, "document.xml": document.encode(), "_rels/document.xml.rels": _document_relationships(writing)}
    entries = {f"word/{name}": data for name, data in word.items()}
    entries["_rels/.rels"] = _relationships(_ROOT)
    entries["docProps/core.xml"] = _core(book)
    entries["docProps/app.xml"] = _app(book, writing)
    entries["[Content_Types].xml"] = _content_types(entries)
    return pack(entries, first=("[Content_Types].xml", "_rels/.rels"))


_ROOT = (
    f'<Relationship Id="rId1" Type="{REL}/officeDocument" Target="word/document.xml"/>'
    f'<Relationship Id="rId2" Type="{_PACKAGE}relationships/metadata/core-properties" Target="docProps/core.xml"/>'
    f'<Relationship Id="rId3" Type="{REL}/extended-properties" Target="docProps/app.xml"/>'
)


def _document_relationships(writing: Writing) -> bytes:
    base = [Relationship(f"rIdBase{number}", kind, name) for number, (name, kind) in enumerate(_BASE_KINDS.items(), start=1)]
    return _relationships("".join(_relationship(each) for each in (*base, *writing.relationships.values())))


def _relationship(relation: Relationship) -> str:
    mode = ' TargetMode="External"' if relation.external else ""
    return f'<Relationship Id="{relation.id}" Type="{REL}/{relation.kind}" Target="{attribute(relation.target)}"{mode}/>'


def _relationships(content: str) -> bytes:
    return f'{HEAD}<Relationships xmlns="{_PACKAGE}relationships">{content}</Relationships>'.encode()


_DEFAULT_TYPES = {
    "rels": "application/vnd.openxmlformats-package.relationships+xml",
    "xml": "application/xml",
    "png": "image/png",
    "jpeg": "image/jpeg",
    "svg": "image/svg+xml",
}
_TYPES = {
    "word/document": f"{_WORD}document.main+xml",
    "word/styles": f"{_WORD}styles+xml",
    "word/settings": f"{_WORD}settings+xml",
    "word/fontTable": f"{_WORD}fontTable+xml",
    "word/header": f"{_WORD}header+xml",
    "word/footer": f"{_WORD}footer+xml",
    "word/glossary/document": f"{_WORD}document.glossary+xml",
    "word/glossary/styles": f"{_WORD}styles+xml",
    "word/theme/theme": "application/vnd.openxmlformats-officedocument.theme+xml",
    "docProps/core": "application/vnd.openxmlformats-package.core-properties+xml",
    "docProps/app": "application/vnd.openxmlformats-officedocument.extended-properties+xml",
}


def _content_types(entries: dict[str, bytes]) -> bytes:
    defaults = "".join(f'<Default Extension="{extension}" ContentType="{type_}"/>' for extension, type_ in _DEFAULT_TYPES.items())
    overrides = "".join(
        f'<Override PartName="/{name}" ContentType="{_TYPES[name.removesuffix(".xml").rstrip("0123456789")]}"/>'
        for name in sorted(entries)
        if name.endswith(".xml")
    )
    return f'{HEAD}<Types xmlns="{_PACKAGE}content-types">{defaults}{overrides}</Types>'.encode()


def _core(book: Book) -> bytes:
    return (
        f'{HEAD}<cp:coreProperties xmlns:cp="{_PACKAGE}metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/" '
        'xmlns:dcterms="http://purl.org/dc/terms/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        f"<dc:title>{escape(book.title)}</dc:title><dc:subject>{escape(book.subject)}</dc:subject>"
        f"<dc:creator>{escape(book.organisation)}</dc:creator><cp:keywords>{escape('；'.join(book.keywords))}</cp:keywords>"
        f"<cp:lastModifiedBy>{escape(book.organisation)}</cp:lastModifiedBy><cp:revision>1</cp:revision>"
        f'<dcterms:created xsi:type="dcterms:W3CDTF">{_FIXED}</dcterms:created>'
        f'<dcterms:modified xsi:type="dcterms:W3CDTF">{_FIXED}</dcterms:modified><dc:language>zh-CN</dc:language></cp:coreProperties>'
    ).encode()


def _app(book: Book, writing: Writing) -> bytes:
    pages = f"<Pages>{writing.layout.total}</Pages>" if writing.layout else ""
    return (
        f'{HEAD}<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties">'
        f"{pages}<Application>service-manual</Application><Company>{escape(book.organisation)}</Company></Properties>"
    ).encode()

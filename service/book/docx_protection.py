"""The parts of a DOCX that make it a form to fill in: protection of everything but its controls, and the words that empty controls show."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID, uuid5

from service.book.docx_base import HEAD, W
from service.book.docx_fill import PLACEHOLDER, W14
from service.book.docx_text import run
from service.book.docx_writing import REL

GLOSSARY = "glossary/document.xml"
CONTROLS = f' xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" xmlns:w14="{W14}" mc:Ignorable="w14"'
"""What the document's root declares for boxes to tick."""
_STYLE = (
    f'<w:style w:type="character" w:styleId="{PLACEHOLDER}"><w:name w:val="Placeholder Text"/><w:uiPriority w:val="99"/>'
    '<w:semiHidden/><w:rPr><w:color w:val="767676"/></w:rPr></w:style>'
)
_NAMES = UUID("8d7a5b3e-5a0c-4f0b-9a52-5a0e6d2b7c11")  # of a name space of our own: part ids follow from the words


def protected(parts: Mapping[str, bytes]) -> dict[str, bytes]:
    """The base parts with forms protection (no password: who has the form may well change it) and the look of what is not filled in yet."""
    settings = parts["settings.xml"].replace(
        b"<w:defaultTabStop", b'<w:documentProtection w:edit="forms" w:enforcement="1"/><w:defaultTabStop', 1
    )
    styles = parts["styles.xml"].replace(b"</w:styles>", f"{_STYLE}</w:styles>".encode(), 1)
    return {**parts, "settings.xml": settings, "styles.xml": styles}


def glossary_parts(shown: Mapping[str, str], styles: bytes) -> dict[str, bytes]:
    """Where Word finds what an emptied control shows, by words → name; it looks for the styles of these words beside them."""
    parts = "".join(_part(words, name) for words, name in shown.items())
    relations = f'<Relationship Id="rId1" Type="{REL}/styles" Target="styles.xml"/>'
    return {
        GLOSSARY: f'{HEAD}<w:glossaryDocument xmlns:w="{W}"><w:docParts>{parts}</w:docParts></w:glossaryDocument>'.encode(),
        "glossary/_rels/document.xml.rels": (
            f'{HEAD}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{relations}</Relationships>'.encode()
        ),
        "glossary/styles.xml": styles,
    }


def _part(words: str, name: str) -> str:
    number = str(uuid5(_NAMES, words)).upper()
    return (
        f'<w:docPart><w:docPartPr><w:name w:val="{name}"/><w:category><w:name w:val="General"/><w:gallery w:val="placeholder"/></w:category>'
        f'<w:types><w:type w:val="bbPlcHdr"/></w:types><w:behaviors><w:behavior w:val="content"/></w:behaviors><w:guid w:val="{{{number}}}"/>'
        f"</w:docPartPr><w:docPartBody><w:p>{run(words, style=PLACEHOLDER)}</w:p></w:docPartBody></w:docPart>"
    )

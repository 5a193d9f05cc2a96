"""What a PDF says of itself: title, author, subject and keywords, twice and alike, and that it is PDF/A-2b. No date: see `facts`."""

from __future__ import annotations

from xml.sax.saxutils import escape

from service.book.model import Book

_PACKET = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:pdf="http://ns.adobe.com/pdf/1.3/" \
xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/">
<pdfaid:part>2</pdfaid:part><pdfaid:conformance>B</pdfaid:conformance><dc:format>application/pdf</dc:format>
<dc:language><rdf:Bag><rdf:li>zh-CN</rdf:li></rdf:Bag></dc:language>
{properties}
</rdf:Description></rdf:RDF></x:xmpmeta>
<?xpacket end="r"?>"""


def keywords(book: Book) -> str:
    return "，".join(book.keywords)


def facts(book: Book) -> bytes:
    """The information dictionary. No date, so that the same book is the same file on any day (both dates are optional)."""
    entries = {"Title": book.title, "Author": book.organisation, "Subject": book.subject, "Keywords": keywords(book)}
    return b"<<" + b"".join(b"/%s%s" % (key.encode(), words(value)) for key, value in entries.items() if value) + b">>"


def metadata(book: Book) -> bytes:
    """The same in XMP, as ISO 19005-2 wants it: 6.6.2.3 properties of known schemas, 6.6.4 version and conformance."""
    alternative = '<{0}><rdf:Alt><rdf:li xml:lang="x-default">{1}</rdf:li></rdf:Alt></{0}>'
    properties = [
        alternative.format("dc:title", _text(book.title)) if book.title else "",
        f"<dc:creator><rdf:Seq><rdf:li>{_text(book.organisation)}</rdf:li></rdf:Seq></dc:creator>" if book.organisation else "",
        alternative.format("dc:description", _text(book.subject)) if book.subject else "",
        f"<pdf:Keywords>{_text(keywords(book))}</pdf:Keywords>" if book.keywords else "",
    ]
    return _PACKET.replace("{properties}", "".join(properties)).encode()


def words(text: str) -> bytes:
    """A text string in UTF-16, in hex."""
    return b"<FEFF" + _printable(text).encode("utf-16-be").hex().upper().encode() + b">"


def _text(text: str) -> str:
    return escape(_printable(text))


def _printable(text: str) -> str:
    """Without what XML cannot hold: control characters, lone surrogates, and the two that are no characters."""
    return "".join(char for char in text if char >= " " and not "\ud800" <= char <= "\udfff" and char not in "\ufffe\uffff\x7f")

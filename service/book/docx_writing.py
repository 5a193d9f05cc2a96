"""What is remembered while one DOCX is written: bookmarks, relationships, pictures, and the part that is being set.

What depends on the parts before (ids, page numbers) may be left open while a fragment is recorded: see docx_fragment.py.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from service.book.model import Book, Drawing, Heading, Layout, Photo, Toc
from service.book.theme import Theme

REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
END = "_0end"  # the bookmark on the last numbered page, whose number is N in 共 N 页; no anchor can get this name


@dataclass(frozen=True, slots=True)
class Picture:
    """A drawing or an SVG photo ready to be placed: vector for what can show it, PNG for the rest."""

    svg: bytes
    png: bytes


Pictures = Mapping[Drawing | Photo, Picture]


@dataclass(frozen=True, slots=True)
class Relationship:
    id: str
    kind: str  # last word of its type: image, header, hyperlink …
    target: str
    external: bool = False


@dataclass(slots=True)
class Filling:
    """What is remembered of the controls of a fillable form: how many there are, and the words that empty ones show, by the name of each."""

    controls: int = 0
    shown: dict[str, str] = field(default_factory=dict)

    def place(self, words: str) -> str:
        """The name of the part of the glossary that holds these words, for Word to show again when a control is emptied."""
        return self.shown.setdefault(words, f"Fill{len(self.shown) + 1}")


@dataclass(frozen=True, slots=True)
class Bookmark:
    """A slot: start and end of a bookmark. Without `name` that of the outline heading at `place` among those of the fragment."""

    name: str
    place: int = 0


@dataclass(frozen=True, slots=True)
class Relation:
    """A slot: the id of a relationship."""

    kind: str
    target: str
    external: bool


@dataclass(frozen=True, slots=True)
class Image:
    """A slot: the id of the relationship to a picture: bytes, or the SVG or PNG of what stands in `Writing.pictures`."""

    of: bytes | Drawing | Photo
    ending: str


@dataclass(frozen=True, slots=True)
class PictureNumber:
    """A slot: how many pictures have been placed, this one too."""


@dataclass(frozen=True, slots=True)
class PageNumber:
    """A slot: the page that an anchor stands on."""

    target: str


Slot = Bookmark | Relation | Image | PictureNumber | PageNumber


@dataclass(slots=True)
class Recording:
    """What a fragment leaves open, and which anchors it asked for: whether the book has them."""

    slots: list[Slot] = field(default_factory=list)
    asked: dict[str, bool] = field(default_factory=dict)

    def open(self, slot: Slot) -> str:
        """What stands in the text for a slot. No XML may hold a zero byte, so no text looks like it."""
        self.slots.append(slot)
        return f"\0{len(self.slots) - 1}\0"


@dataclass(slots=True)
class Writing:
    """One run of the renderer. `bookmarks` is known from the start, the rest grows in the order of the text, so ids never vary.

    `filling`: the file is to be filled in on a screen; None for one that is printed.
    """

    theme: Theme
    layout: Layout | None
    pictures: Pictures
    headings: tuple[Heading, ...]  # that stand in the outline, in order
    bookmarks: dict[str, str]  # anchor → name
    area: tuple[float, float] = (0, 0)  # text width and height of the part being set, in points
    placed: dict[str, int] = field(default_factory=dict)  # bookmark name → id
    relationships: dict[tuple[str, str], Relationship] = field(default_factory=dict)  # by kind and target
    parts: dict[str, bytes] = field(default_factory=dict)  # names below word/ → bytes
    named: dict[bytes, str] = field(default_factory=dict)  # bytes → name, so that equal parts are stored once
    drawings: int = 0  # pictures placed so far
    headings_written: int = 0  # of those in the outline
    counting: bool = False  # a redline: nobody laid its pages out, the N of 共 N 页 is counted by whoever shows the file
    filling: Filling | None = None
    hanzi: str = ""  # face of the Hanzi that are being set
    recording: Recording | None = None  # a fragment is being recorded

    def page(self, target: str) -> str:
        """The cached page number of an anchor; empty without a layout pass."""
        if self.recording:
            return self.recording.open(PageNumber(target))
        return self.layout.pages.get(target, "") if self.layout else ""

    def mark_of(self, target: str) -> str:
        """The bookmark of an anchor; empty if the book has none such."""
        name = self.bookmarks.get(target, "")
        if self.recording:
            self.recording.asked[target] = bool(name)
        return name


def new_writing(book: Book, theme: Theme, layout: Layout | None, pictures: Pictures) -> Writing:
    """A fresh start for `book`: its outline and the names of all its bookmarks."""
    blocks = [block for part in book.parts for block in part.blocks]
    headings = tuple(block for block in blocks if isinstance(block, Heading))
    anchors = [part.anchor for part in book.parts if part.anchor]
    anchors += [heading.anchor for heading in headings if heading.anchor]
    outline = tuple(heading for heading in headings if heading.outline)
    names = {anchor: bookmark_name(anchor) for anchor in anchors}
    titles = [block for part in book.parts for block in part.blocks if isinstance(block, Heading) and block.anchor == part.anchor != ""]
    names |= {title_of(heading.anchor, heading.text): bookmark_name(f"title.{heading.anchor}") for heading in titles}
    return Writing(theme, layout, pictures, outline, names, hanzi=theme.names_of(theme.body)[1])


def title_of(anchor: str, title: str) -> str:
    """The anchor of a part's title alone, without the number before it: what a text that names the part repeats. No other anchor is like it."""
    return f"{anchor}\t{title}"


def toc_headings(writing: Writing, toc: Toc) -> Iterator[tuple[int, Heading]]:
    """The headings that a table of contents lists, with their place in the outline."""
    return ((place, heading) for place, heading in enumerate(writing.headings) if heading.level <= toc.depth)


def heading_bookmark(writing: Writing, heading: Heading, place: int) -> str:
    """The bookmark of a heading; one without an anchor is named by its place in the outline."""
    return writing.bookmarks[heading.anchor] if heading.anchor else f"_0h{place}"


def bookmark_name(anchor: str) -> str:
    """A name Word accepts: ≤ 40 characters of a-z, 0-9 and _, starting with _ (which hides it in Word's dialog).

    Word takes no notice of case, so anchors with capitals, like all that must be cut or cleaned, end in ten digits of their SHA-256.
    """
    if _PLAIN.fullmatch(anchor):
        return f"_{anchor}"
    digest = hashlib.sha256(anchor.encode()).hexdigest()[:10]
    return f"_{_UNFIT.sub('_', anchor.lower())[:28]}_{digest}"


_PLAIN = re.compile("[a-z][a-z0-9_]{0,38}")
_UNFIT = re.compile("[^a-z0-9]+")


def bookmarked(writing: Writing, name: str, xml: str) -> str:
    """`xml` inside the bookmark `name`; only the first place of a name keeps it."""
    if writing.recording:
        return _between(writing.recording, Bookmark(name), xml)
    start, end = bookmark_ends(writing, name)
    return f"{start}{xml}{end}"


def outlined(writing: Writing, heading: Heading, xml: str) -> str:
    """The text of the next heading that stands in the outline inside its bookmark."""
    place = writing.headings_written
    writing.headings_written += 1
    if writing.recording and not heading.anchor:
        return _between(writing.recording, Bookmark("", place), xml)
    return bookmarked(writing, heading_bookmark(writing, heading, place), xml)


def _between(recording: Recording, slot: Bookmark, xml: str) -> str:
    token = recording.open(slot)
    return f"{token}{xml}{token[:-1]}/\0"


def bookmark_ends(writing: Writing, name: str) -> tuple[str, str]:
    """Start and end of a bookmark; nothing if the name is in use already."""
    if name in writing.placed:
        return "", ""
    number = writing.placed[name] = len(writing.placed) + 1
    return f'<w:bookmarkStart w:id="{number}" w:name="{name}"/>', f'<w:bookmarkEnd w:id="{number}"/>'


def relate(writing: Writing, kind: str, target: str, *, external: bool = False) -> str:
    """The id of the relationship from the document to `target`, made on first need."""
    if writing.recording:
        return writing.recording.open(Relation(kind, target, external))
    key = (kind, target)
    if key not in writing.relationships:
        writing.relationships[key] = Relationship(f"rId{len(writing.relationships) + 1}", kind, target, external)
    return writing.relationships[key].id


def embed(writing: Writing, of: bytes | Drawing | Photo, ending: str) -> str:
    """The id of the relationship to a picture: bytes, or the SVG or PNG of a drawing or SVG photo in `writing.pictures`."""
    if writing.recording:
        return writing.recording.open(Image(of, ending))
    data = of if isinstance(of, bytes) else writing.pictures[of].svg if ending == "svg" else writing.pictures[of].png
    return relate(writing, "image", store(writing, data, f"media/image{{}}.{ending}"))


def picture_number(writing: Writing) -> str:
    """The number of the next picture."""
    if writing.recording:
        return writing.recording.open(PictureNumber())
    writing.drawings += 1
    return str(writing.drawings)


def store(writing: Writing, data: bytes, pattern: str) -> str:
    """The name of a part below word/ that holds `data`; `pattern` has {} for the number of a new one."""
    if data not in writing.named:
        name = pattern.format(len(writing.parts) + 1)
        writing.parts[name] = data
        writing.named[data] = name
    return writing.named[data]

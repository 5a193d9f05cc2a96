"""A manual's source → its Book, in the order of domain.md §2 and, within it, of the source's outline; bound in one volume or in several. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from service.book.from_text import Setting
from service.book.keep import Keep
from service.book.model import Book, Part
from service.book.pdf_shelf import Shelf
from service.book.theme import FORMAL, Theme
from service.kit.fingerprint import file_fingerprint, fingerprint
from service.manuals import body, front, matrix, registers
from service.manuals.outline import Slot, in_slot
from service.manuals.rules import VOLUME_NAMES, Binding, ManualSource, SourceDocument
from service.text import model as text
from service.text.model import Kind

_LETTERS = (text.Part.PROMULGATION_ORDER, text.Part.APPOINTMENT_LETTER)


@dataclass(frozen=True, slots=True)
class Volume:
    """A book with the stem of its file name."""

    stem: str
    book: Book


def assemble(
    source: ManualSource, binding: Binding = Binding.BOUND, theme: Theme = FORMAL, keep: Keep | None = None, shelf: Shelf | None = None
) -> tuple[Volume, ...]:
    """One volume (合订), or manual, procedures and record forms as volumes of their own (分册).

    `keep`: where charts are kept that were laid out. With a `shelf` the parts of unchanged documents are taken from there.
    """
    shared = _shared(source, theme, keep, shelf)
    if binding is Binding.BOUND:
        parts = (*_manual(source, shared), *_procedures(source, shared), *_forms(source, shared), *_appendices(source))
        return (_volume(source, "manual", parts),)
    return (
        _volume(source, "manual-1", (*_manual(source, shared), *_appendices(source))),
        _volume(source, "manual-2", (front.contents(), *_procedures(source, shared))),
        _volume(source, "manual-3", (front.contents(), *_forms(source, shared))),
    )


def _volume(source: ManualSource, stem: str, parts: tuple[Part, ...]) -> Volume:
    name = VOLUME_NAMES.get(stem, "")
    title = f"售后服务管理手册 {name}".strip()
    return Volume(stem, Book(title, source.organisation, f"依据 {source.standard_number} 编制", (front.cover(source, name), *parts)))


def document_book(source: ManualSource, document: SourceDocument, theme: Theme = FORMAL) -> Book:
    """A single document on its own."""
    return Book(
        document.title, source.organisation, f"{document.number} {document.label}", (_part(document, source, _shared(source, theme)),)
    )


@dataclass(frozen=True, slots=True)
class _Shared:
    """What every text of a book may refer to: titles → anchors, sources → pictures; the pages that it is set for; where charts and parts
    are kept. `made_with`: a fingerprint of all that a part is made of beside its document."""

    targets: Mapping[str, str]
    images: Mapping[str, bytes]
    theme: Theme
    keep: Keep | None
    shelf: Shelf | None
    made_with: str


def _shared(source: ManualSource, theme: Theme, keep: Keep | None = None, shelf: Shelf | None = None) -> _Shared:
    targets = {document.title: document.anchor for document in source.documents}
    pictures = {name: file_fingerprint(data) for name, data in source.images.items()}
    made_with = fingerprint((targets, pictures, theme, source.organisation, source.chart)) if shelf is not None else ""
    return _Shared(targets, source.images, theme, keep, shelf, made_with)


def _setting(document: SourceDocument, shared: _Shared) -> Setting:
    name = f"{document.number} {document.title}"
    return Setting(document.anchor, shared.targets, images=shared.images, theme=shared.theme, keep=shared.keep, name=name)


def _made(
    write: Callable[[SourceDocument, ManualSource, Setting], Part], document: SourceDocument, source: ManualSource, by: _Shared
) -> Part:
    """The part that `write` makes of a document; the very same object as before, if nothing that it is made of has changed."""
    if by.shelf is None:
        return write(document, source, _setting(document, by))
    key = ("part", write, by.made_with, document)
    return by.shelf.take(key, lambda: write(document, source, _setting(document, by)), lambda _: 64, lambda part: (part,))


def _manual(source: ManualSource, shared: _Shared) -> Iterator[Part]:
    for document in in_slot(source, Slot.FRONT):
        yield front.letter(document, source.organisation, _setting(document, shared))
    yield front.change_record(source)
    yield front.contents()
    opening = in_slot(source, Slot.OPENING)
    for document in opening:
        yield _made(body.chapter, document, source, shared)
    if not any(document.procedure.front.part is text.Part.ORGANISATION for document in opening):
        yield body.organisation_part(source, Setting("organisation-chart", theme=shared.theme, keep=shared.keep, name="组织机构图"))
    yield matrix.responsibility_matrix(source)
    for document in in_slot(source, Slot.CHAPTERS):
        yield _made(body.chapter, document, source, shared)


def _procedures(source: ManualSource, shared: _Shared) -> Iterator[Part]:
    for document in in_slot(source, Slot.PROCEDURES):
        yield _made(body.procedure, document, source, shared)


def _forms(source: ManualSource, shared: _Shared) -> Iterator[Part]:
    yield registers.record_list(source)
    for document in in_slot(source, Slot.FORMS):
        yield _made(body.form, document, source, shared)


def _appendices(source: ManualSource) -> Iterator[Part]:
    yield registers.master_list(source)
    yield registers.external_list(source)
    yield matrix.indicator_table(source)


def _part(document: SourceDocument, source: ManualSource, shared: _Shared) -> Part:
    setting = _setting(document, shared)
    if document.kind is Kind.RECORD_FORM:
        return body.form(document, source, setting)
    if document.procedure.front.part in _LETTERS:
        return front.letter(document, source.organisation, setting)
    return body.chapter(document, source, setting) if document.kind is Kind.MANUAL else body.procedure(document, source, setting)

"""A manual's source → its Book, in the order of domain.md §2 and, within it, of the source's outline; bound in one volume or in several. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from service.book.from_text import Setting
from service.book.model import Book, Part
from service.book.theme import FORMAL, Theme
from service.manuals import body, front, matrix, registers
from service.manuals.outline import Slot, in_slot
from service.manuals.rules import Binding, ManualSource, SourceDocument
from service.text import model as text
from service.text.model import Kind

_LETTERS = (text.Part.PROMULGATION_ORDER, text.Part.APPOINTMENT_LETTER)


@dataclass(frozen=True, slots=True)
class Volume:
    """A book with the stem of its file name."""

    stem: str
    book: Book


def assemble(source: ManualSource, binding: Binding = Binding.BOUND, theme: Theme = FORMAL) -> tuple[Volume, ...]:
    """One volume (合订), or manual, procedures and record forms as volumes of their own (分册)."""
    if binding is Binding.BOUND:
        parts = (*_manual(source, theme), *_procedures(source, theme), *_forms(source, theme), *_appendices(source))
        return (_volume(source, "manual", "", parts),)
    return (
        _volume(source, "manual-1", "第一分册 管理手册", (*_manual(source, theme), *_appendices(source))),
        _volume(source, "manual-2", "第二分册 程序文件与管理制度", (front.contents(), *_procedures(source, theme))),
        _volume(source, "manual-3", "第三分册 记录表单", (front.contents(), *_forms(source, theme))),
    )


def _volume(source: ManualSource, stem: str, name: str, parts: tuple[Part, ...]) -> Volume:
    title = f"售后服务管理手册 {name}".strip()
    return Volume(stem, Book(title, source.organisation, f"依据 {source.standard_number} 编制", (front.cover(source, name), *parts)))


def document_book(source: ManualSource, document: SourceDocument, theme: Theme = FORMAL) -> Book:
    """A single document on its own."""
    return Book(
        document.title, source.organisation, f"{document.number} {document.label}", (_part(document, source, _shared(source, theme)),)
    )


@dataclass(frozen=True, slots=True)
class _Shared:
    """What every text of a book may refer to: titles → anchors, sources → pictures; and the pages that it is set for."""

    targets: Mapping[str, str]
    images: Mapping[str, bytes]
    theme: Theme


def _shared(source: ManualSource, theme: Theme) -> _Shared:
    return _Shared({document.title: document.anchor for document in source.documents}, source.images, theme)


def _setting(document: SourceDocument, shared: _Shared) -> Setting:
    return Setting(document.anchor, shared.targets, images=shared.images, theme=shared.theme)


def _manual(source: ManualSource, theme: Theme) -> Iterator[Part]:
    shared = _shared(source, theme)
    for document in in_slot(source, Slot.FRONT):
        yield front.letter(document, source.organisation, _setting(document, shared))
    yield front.change_record(source)
    yield front.contents()
    opening = in_slot(source, Slot.OPENING)
    for document in opening:
        yield body.chapter(document, source, _setting(document, shared))
    if not any(document.procedure.front.part is text.Part.ORGANISATION for document in opening):
        yield body.organisation_part(source, theme)
    yield matrix.responsibility_matrix(source)
    for document in in_slot(source, Slot.CHAPTERS):
        yield body.chapter(document, source, _setting(document, shared))


def _procedures(source: ManualSource, theme: Theme) -> Iterator[Part]:
    shared = _shared(source, theme)
    for document in in_slot(source, Slot.PROCEDURES):
        yield body.procedure(document, source, _setting(document, shared))


def _forms(source: ManualSource, theme: Theme) -> Iterator[Part]:
    shared = _shared(source, theme)
    yield registers.record_list(source)
    for document in in_slot(source, Slot.FORMS):
        yield body.form(document, source, _setting(document, shared))


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

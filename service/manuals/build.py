"""From source to files: assemble, lay out once, render every format asked for. Same source, same bytes."""

from __future__ import annotations

from collections.abc import Collection
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache, partial
from importlib import metadata
from pathlib import Path

from service.book import elk
from service.book.drawing_svg import to_svg
from service.book.fitting import fitted
from service.book.fonts import fonts_fingerprint
from service.book.keep import Keep
from service.book.links import without_dangling
from service.book.model import Book, Layout
from service.book.pdf import layout_of, set_book
from service.book.pdf_shelf import Shelf
from service.book.pictured import drawings, pictures
from service.book.remarks import Remark
from service.book.theme import Theme
from service.book.typesetter import release
from service.errors import InputError
from service.kit.fingerprint import file_fingerprint, fingerprint
from service.manuals.assemble import Volume, assemble, document_book
from service.manuals.printable import printable
from service.manuals.rules import Binding, ManualSource, SourceDocument
from service.manuals.steps import Step, Tell, untold
from service.text.model import FrontMatter, Kind, Procedure

SOURCES = (".py", ".js")


SHELF = Shelf()
"""What this process has set: a document or preview that is asked for again is not set again. Changes no byte of any file."""


@lru_cache
def renderer_fingerprint() -> str:
    """Over the sources of everything that turns a source into files: after any change of them a build is made anew."""
    home = Path(__file__).resolve().parent.parent
    files = sorted(file for folder in ("book", "manuals", "text") for file in (home / folder).iterdir() if file.suffix in SOURCES)
    used = (version("typst"), version("pikepdf"), version("python-docx"), elk.version())
    return fingerprint(([file_fingerprint(file.read_bytes()) for file in files], *used))


@lru_cache
def version(name: str) -> str:
    """Of an installed package; finding and reading its facts takes some milliseconds."""
    return metadata.version(name)


def renderer_versions() -> str:
    """Which versions of other people's programs print."""
    return "、".join((*(f"{name} {version(name)}" for name in ("typst", "pikepdf", "python-docx")), f"elkjs {elk.version()}"))


class Format(StrEnum):
    DOCX = "docx"
    PDF = "pdf"
    HTML = "html"


@dataclass(frozen=True, slots=True)
class BuiltFile:
    """A file of a volume, and the remarks on that volume."""

    name: str
    data: bytes
    pages: int
    remarks: tuple[Remark, ...] = ()

    @property
    def sha256(self) -> str:
        return file_fingerprint(self.data)


def source_fingerprint(source: ManualSource, binding: Binding, theme: Theme, fonts: Path) -> str:
    """What the build is made of: texts, pictures, sign-offs, labels, coverage, chart, theme, fonts and the renderers' version.

    A text counts by its own fingerprint: taking the parsed texts again would cost as much as printing them.
    """
    documents = [replace(document, procedure=_NO_TEXT) for document in source.documents]
    everything = replace(source, documents=tuple(documents))
    return fingerprint((everything, binding, theme, fonts_fingerprint(fonts), renderer_fingerprint()))


_NO_TEXT = Procedure(FrontMatter("", "", Kind.MANUAL, ""), (), ())


def build(
    source: ManualSource,
    formats: Collection[Format],
    binding: Binding,
    theme: Theme,
    fonts: Path,
    tell: Tell = untold,
    *,
    shelf: Shelf | None = None,
    keep: Keep | None = None,
) -> list[BuiltFile]:
    """Every volume in every format asked for, in the order of volumes and formats. With a `shelf` whatever did not change since is taken
    from there; `keep`: where layouts, set pieces and pictures are kept. Neither changes a byte."""
    tell(Step.LAY_OUT)
    volumes = assemble(printable(source, theme, fonts), binding, theme, keep, shelf)
    elk.release()
    return [file for volume in volumes for file in render(volume, formats, theme, fonts, tell, shelf, keep)]


def render(
    volume: Volume,
    formats: Collection[Format],
    theme: Theme,
    fonts: Path,
    tell: Tell = untold,
    shelf: Shelf | None = None,
    keep: Keep | None = None,
) -> list[BuiltFile]:
    """One book in several formats. The book is always laid out: the DOCX takes its page numbers from that.

    With a `shelf` the DOCX is written while typst sets the PDF, as if everything stood where it stood the last time; if something does not,
    it is written again.
    """
    tell(Step.PDF)
    book, remarks = fitted(without_dangling(volume.book, shelf), theme, fonts, shelf)
    same = (volume.stem, book.organisation, theme.name)
    guess = shelf.last_layout(same) if shelf is not None and {Format.DOCX, Format.PDF} <= set(formats) else None
    docx = partial(_docx, book, theme, fonts, shelf, keep)
    made: dict[Format, bytes] = {}
    with ThreadPoolExecutor(2) as beside:
        early = None if guess is None else beside.submit(docx, guess)
        layout, pdf = _laid_out(book, formats, theme, fonts, shelf, keep, beside)
        if shelf is None:  # a command: what was set need not stay in memory
            release(fonts)
        else:
            shelf.remember(same, layout)
        if Format.DOCX in formats:
            tell(Step.DOCX)
            made[Format.DOCX] = early.result() if early is not None and layout == guess else docx(layout)
        if Format.HTML in formats:
            tell(Step.HTML)
            made[Format.HTML] = _html(book, theme, layout)
        if pdf is not None:
            made[Format.PDF] = pdf.result()
    return [BuiltFile(f"{volume.stem}.{format_.value}", made[format_], layout.total, remarks) for format_ in Format if format_ in formats]


def _laid_out(
    book: Book, formats: Collection[Format], theme: Theme, fonts: Path, shelf: Shelf | None, keep: Keep | None, beside: ThreadPoolExecutor
) -> tuple[Layout, Future[bytes] | None]:
    """The layout, and the PDF to come, if it is asked for: joining it is mostly compressing, which runs beside Python."""
    if Format.PDF not in formats:
        return layout_of(book, theme, fonts, shelf, keep), None
    layout, joined = set_book(book, theme, fonts, shelf, keep)
    waiting = beside.submit(joined)
    if shelf is None:  # a command: what was set need not stay in memory
        wait([waiting])
    return layout, waiting


# A renderer is loaded when it is asked for: a command starts sooner.


def _docx(book: Book, theme: Theme, fonts: Path, shelf: Shelf | None, keep: Keep | None, layout: Layout) -> bytes:
    from service.book.docx import render_docx

    return render_docx(book, theme, layout, pictures(book, theme, fonts, shelf, keep), shelf=shelf)


def _html(book: Book, theme: Theme, layout: Layout) -> bytes:
    from service.book.html import render_html

    return render_html(book, theme, {drawing: to_svg(drawing, theme) for drawing in drawings(book)}, layout)


FILLABLE = "fillable"


def fillable_form(source: ManualSource, document: SourceDocument, theme: Theme, fonts: Path) -> dict[str, bytes]:
    """A record form as a DOCX to fill in on a screen, laid out as the printed one; its name tells it from that."""
    if document.kind is not Kind.RECORD_FORM:
        raise InputError(f"{document.number} 不是记录表单，只有记录表单可以填写", code="not_a_form")
    from service.book.docx import render_docx

    book, _ = fitted(without_dangling(document_book(printable(source, theme, fonts), document, theme)), theme, fonts)
    data = render_docx(book, theme, layout_of(book, theme, fonts, SHELF), pictures(book, theme, fonts), fillable=True)
    return {f"{document.number.replace('/', '-')}-fillable.docx": data}


def export_document(
    source: ManualSource, document: SourceDocument, text: str, formats: Collection[str], theme: Theme, fonts: Path
) -> dict[str, bytes]:
    """One document as files named by its number: `md` is the frozen text, `fillable` a form to fill in, the others are rendered."""
    stem = document.number.replace("/", "-")
    unknown = set(formats) - {"md", FILLABLE, *Format}
    if unknown:
        known = "、".join(("md", *Format, FILLABLE))
        raise InputError(f"没有这种格式：{'、'.join(sorted(unknown))}，可用：{known}", code="unknown_format")
    files = {f"{stem}.md": text.encode()} if "md" in formats else {}
    if FILLABLE in formats:
        files |= fillable_form(source, document, theme, fonts)
    wanted = [Format(name) for name in formats if name in set(Format)]
    if not wanted:
        return files
    volume = Volume(stem, document_book(printable(source, theme, fonts), document, theme))
    return files | {file.name: file.data for file in render(volume, wanted, theme, fonts, shelf=SHELF)}

"""The typst compiler with our fonts only, so that every machine sets the same pages."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path

import typst

from service.book.coverage import legible
from service.book.fonts import font_folders
from service.kit.memory import give_back_now


def compiler_fonts(root: Path) -> typst.Fonts:
    """The needed fonts below `root`, read once per process; neither the system's fonts nor those inside typst."""
    return _fonts(tuple(font_folders(root)))


MAIN = "main.typ"  # a file, not bytes: only then can the compiler be queried


REMEMBERED = 10


@lru_cache(maxsize=4)
def _fonts(folders: tuple[Path, ...]) -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=list(folders))


@contextmanager
def typesetter(source: str, fonts: Path, files: Mapping[str, bytes] | None = None) -> Iterator[typst.Compiler]:
    """A compiler of `source` that can read `files` (name → bytes, as "/name") and no other file of this machine.
    What no font holds is printed as 〓.

    A compiler costs 2 ms and shares typst's own cache, so it need not be kept; only the fonts are (35 ms).
    """
    loaded = compiler_fonts(fonts)
    with tempfile.TemporaryDirectory(prefix="service-manual-") as folder:
        for name, data in {**(files or {}), MAIN: legible(source, fonts).encode()}.items():
            (Path(folder) / name).write_bytes(data)
        yield typst.Compiler(input=str(Path(folder) / MAIN), root=folder, font_paths=loaded, ignore_system_fonts=True)


def grow_old(fonts: Path, years: int) -> None:
    """Let typst count so many compilations more: it remembers what was used in the last REMEMBERED, about 250 pages of a book. A query
    counts as none."""
    with typesetter("", fonts) as compiler:
        for _ in range(years):
            compiler.compile(format="svg")


def release(fonts: Path) -> None:
    """Let typst forget all that it has set, if it has set anything: what comes next needs the memory, hundreds of megabytes after a long
    book."""
    if _fonts.cache_info().currsize:
        grow_old(fonts, REMEMBERED)
        give_back_now()


def drawn(compiler: typst.Compiler, *, tagged: bool = True) -> bytes:
    """The source's PDF, as PDF/A-2b; `tagged` with its structure. The day is one that PDF/A must have; no file of ours tells it."""
    data = compiler.compile(format="pdf", pdf_standards=["a-2b"], pdf_tags=tagged, timestamp=0)
    return data if isinstance(data, bytes) else b""

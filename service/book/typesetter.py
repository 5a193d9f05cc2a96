"""The typst compiler with our fonts only, so that every machine sets the same pages."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path

import typst

from service.book.fonts import font_folders


def compiler_fonts(root: Path) -> typst.Fonts:
    """The needed fonts below `root`, read once per process; neither the system's fonts nor those inside typst."""
    return _fonts(tuple(font_folders(root)))


GENERATIONS = 12
MAIN = "main.typ"  # a file, not bytes: only then can the compiler be queried


@lru_cache(maxsize=4)
def _fonts(folders: tuple[Path, ...]) -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=list(folders))


@contextmanager
def typesetter(source: str, fonts: Path, files: Mapping[str, bytes] | None = None) -> Iterator[typst.Compiler]:
    """A compiler of `source` that can read `files` (name → bytes, as "/name") and no other file of this machine.

    A compiler costs 2 ms and shares typst's own cache, so it need not be kept; only the fonts are (35 ms).
    """
    loaded = compiler_fonts(fonts)
    with tempfile.TemporaryDirectory(prefix="service-manual-") as folder:
        for name, data in {**(files or {}), MAIN: source.encode()}.items():
            (Path(folder) / name).write_bytes(data)
        yield typst.Compiler(input=str(Path(folder) / MAIN), root=folder, font_paths=loaded, ignore_system_fonts=True)


def forget(fonts: Path) -> None:
    """Make typst drop what it remembers of earlier sources: it keeps results until they went unused for ten compilations."""
    with typesetter("", fonts) as compiler:
        for _ in range(GENERATIONS):
            compiler.compile(format="svg")


def drawn(compiler: typst.Compiler) -> bytes:
    """The source's PDF."""
    data = compiler.compile(format="pdf")
    return data if isinstance(data, bytes) else b""

"""The fonts that printed files embed: which files are needed, where they lie, and what identifies them."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from service.errors import InputError
from service.kit.fingerprint import file_fingerprint, fingerprint

NEEDED: tuple[tuple[str, str, str], ...] = (
    ("noto-serif-sc/400Regular", "NotoSerifSC_400Regular.ttf", "思源宋体（Noto Serif SC）"),
    ("noto-serif-sc/700Bold", "NotoSerifSC_700Bold.ttf", "思源宋体粗体（Noto Serif SC Bold）"),
    ("noto-sans-sc/400Regular", "NotoSansSC_400Regular.ttf", "思源黑体（Noto Sans SC）"),
    ("noto-sans-sc/700Bold", "NotoSansSC_700Bold.ttf", "思源黑体粗体（Noto Sans SC Bold）"),
    ("tinos/400Regular", "Tinos_400Regular.ttf", "Tinos"),
    ("tinos/400Regular_Italic", "Tinos_400Regular_Italic.ttf", "Tinos Italic"),
    ("tinos/700Bold", "Tinos_700Bold.ttf", "Tinos Bold"),
    ("tinos/700Bold_Italic", "Tinos_700Bold_Italic.ttf", "Tinos Bold Italic"),
    ("arimo/400Regular", "Arimo_400Regular.ttf", "Arimo"),
    ("arimo/700Bold", "Arimo_700Bold.ttf", "Arimo Bold"),
)


def font_folders(root: Path) -> list[Path]:
    """The folders with the needed fonts and nothing else, in a fixed order. Errors as for `font_files`."""
    return [file.parent for file in font_files(root)]


def font_files(root: Path) -> list[Path]:
    """The files of the needed fonts, in a fixed order.

    `root` is the folder of the font packages (node_modules/@expo-google-fonts). A font that is not there raises
    InputError(code="missing_font"): a book set with another font would break its pages elsewhere.
    """
    for folder, file, name in NEEDED:
        if not (root / folder / file).is_file():
            raise InputError(f"缺少字体{name}的文件“{file}”，请在项目目录运行 make 安装字体后重试。", code="missing_font")
    return [root / folder / file for folder, file, _ in NEEDED]


def fonts_fingerprint(root: Path) -> str:
    """64 hex digits over the bytes of all needed fonts: part of what identifies a build."""
    return fingerprint([sha256 for _, sha256 in font_fingerprints(root)])


def font_fingerprints(root: Path) -> list[tuple[str, str]]:
    """The name and the SHA-256 of every needed font."""
    files = tuple(font_files(root))
    found = _over(files, tuple((found.st_mtime_ns, found.st_size) for found in map(Path.stat, files)))
    return [(name, sha256) for (_, _, name), sha256 in zip(NEEDED, found, strict=True)]


@lru_cache(maxsize=4)
def _over(files: tuple[Path, ...], _changed: tuple[tuple[int, int], ...]) -> tuple[str, ...]:
    """Read once, and again when a file has another size or time: fifty megabytes."""
    return tuple(file_fingerprint(file.read_bytes()) for file in files)

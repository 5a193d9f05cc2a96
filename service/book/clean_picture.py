"""An uploaded picture → one that every form of a document can print: judged by its content, bounded, without what it carries along."""

from __future__ import annotations

from dataclasses import dataclass

from service.errors import InputError, Place, TooLarge, UnknownMedia

LARGEST = 5 * 2**20
"""Bytes of an uploaded picture."""
PNG, JPEG, SVG = "image/png", "image/jpeg", "image/svg+xml"
ENDINGS = {PNG: "png", JPEG: "jpg", SVG: "svg"}
"""Media type → ending of a file's name."""


@dataclass(frozen=True, slots=True)
class CleanPicture:
    """A picture ready to be kept: its media type, and its size in pixels (of an SVG: 96 to the inch)."""

    data: bytes
    media: str
    width: int
    height: int


def clean_picture(data: bytes, name: str) -> CleanPicture:
    """What of an uploaded file is printed; `name` is only for the words of a refusal, the content decides.

    TooLarge over 5 MB; UnknownMedia for what is neither PNG, JPEG nor SVG; InputError for a picture that is broken, has too many pixels,
    or is an SVG with anything beyond still shapes and text.
    """
    from service.book.clean_raster import clean_raster  # where no picture comes in, no image library is needed
    from service.book.clean_svg import clean_svg

    if len(data) > LARGEST:
        raise TooLarge(f"图片超过 {LARGEST // 2**20} MB，请缩小后再上传", code="picture_too_large", place=Place(name))
    if not data:
        raise InputError("文件是空的，请重新选择图片", code="picture_empty", place=Place(name))
    for start, media in ((b"\x89PNG\r\n\x1a\n", PNG), (b"\xff\xd8\xff", JPEG)):
        if data.startswith(start):
            return CleanPicture(*clean_raster(data, name, media.removeprefix("image/").upper()))
    if _looks_like_markup(data):
        clean, width, height = clean_svg(data, name)
        return CleanPicture(clean, SVG, round(width) or 1, round(height) or 1)
    kind = next((words for start, words in _OTHERS if data.startswith(start)), "") or _by_brand(data)
    found = f"文件内容是 {kind}，" if kind else "文件内容不是图片，"
    raise UnknownMedia(f"{found}只能使用 PNG、JPEG 或 SVG 图片，请另存为其中一种后再上传", code="not_a_picture", place=Place(name))


def _looks_like_markup(data: bytes) -> bool:
    """UTF-8 or UTF-16, with or without its mark."""
    start = data[:64].replace(b"\0", b"").removeprefix(b"\xef\xbb\xbf").removeprefix(b"\xff\xfe").removeprefix(b"\xfe\xff")
    return start.lstrip()[:1] == b"<"


_OTHERS = (
    (b"GIF8", "GIF 图片"),
    (b"BM", "BMP 图片"),
    (b"II*\0", "TIFF 图片"),
    (b"MM\0*", "TIFF 图片"),
    (b"\x1f\x8b", "压缩文件"),
    (b"PK\x03\x04", "压缩文件或 Office 文件"),
    (b"%PDF", "PDF 文件"),
    (b"\xd7\xcd\xc6\x9a", "WMF 图片"),
    (b"\x01\0\0\0", "EMF 图片"),
)


def _by_brand(data: bytes) -> str:
    """Formats that are named inside their first bytes."""
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "WebP 图片"
    if data[4:8] == b"ftyp":
        return "HEIC 或 AVIF 图片" if data[8:12] in {b"heic", b"heix", b"mif1", b"msf1", b"avif", b"hevc"} else "视频"
    return ""

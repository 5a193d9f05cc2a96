"""A photo or screenshot as uploaded → the same picture drawn anew: upright, in sRGB, no larger than print needs, nothing carried along."""

from __future__ import annotations

import io
import struct
import warnings
from collections.abc import Callable
from typing import TypeVar

from PIL import Image, ImageCms

from service.errors import InputError, Place, TooLarge

Made = TypeVar("Made")
MOST_PIXELS = 25_000_000
"""Asked of the header, before anything is decoded: a file of a few kilobytes may claim gigabytes."""
LONGEST_SIDE = 2400
"""Pixels: 300 and more to the inch over the whole width of a page's text."""
QUALITY = 90  # of JPEG
HEAVY = 3 * 2**20
"""Bytes: a PNG above this is a photo, which a JPEG holds in a tenth of them."""


def clean_raster(data: bytes, name: str, kind: str) -> tuple[bytes, str, int, int]:
    """(bytes, media type, width, height) of a picture whose content is of this kind: PNG or JPEG. InputError for one that is broken.

    Orientation is applied; EXIF with place and time, comments, profiles, further frames and thumbnails stay behind.
    """
    return _safely(lambda image: _drawn(image, kind), data, name, kind)


def check_raster(data: bytes, name: str, kind: str) -> None:
    """InputError and TooLarge as above: every pixel is decoded, nothing is drawn anew."""
    _safely(lambda image: image.load(), data, name, kind)


def _safely(use: Callable[[Image.Image], Made], data: bytes, name: str, kind: str) -> Made:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of the library: about damage that it raises anyway, and of sizes, which are ours to judge
            return use(_opened(data, name, kind))
    except (OSError, SyntaxError, ValueError, EOFError, struct.error) as fault:
        words = f"不是完整的 {kind} 图片，可能已经损坏，请重新导出后再上传"
        raise InputError(words, code="bad_picture", place=Place(name)) from fault


def _opened(data: bytes, name: str, kind: str) -> Image.Image:
    """Only the header is read; a JPEG much larger than needed will be decoded at a fraction of its size."""
    try:
        image = Image.open(io.BytesIO(data), formats=[kind])
    except Image.DecompressionBombError as fault:
        raise _too_many_pixels("", name) from fault
    if image.width * image.height > MOST_PIXELS:
        raise _too_many_pixels(f"（{image.width}×{image.height}）", name)
    image.draft(None, (LONGEST_SIDE, LONGEST_SIDE))
    return image


def _too_many_pixels(size: str, name: str) -> TooLarge:
    words = f"图片{size}超过 {MOST_PIXELS // 1_000_000} 百万像素，请缩小后再上传"
    return TooLarge(words, code="picture_too_many_pixels", place=Place(name))


def _drawn(image: Image.Image, kind: str) -> tuple[bytes, str, int, int]:
    turn = _TURNS.get(_orientation(image))
    small = _in_usual_mode(image, kind)
    small.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS)  # first of all: the rest costs by the pixel
    upright = small.transpose(turn) if turn is not None else small
    seen = _without_full_alpha(_in_srgb(upright, image.info.get("icc_profile")))
    plain = Image.frombytes(seen.mode, seen.size, seen.tobytes())  # the pixels and nothing else
    made = _written(plain, kind)
    if kind == "PNG" and len(made) > HEAVY and not plain.mode.endswith("A"):
        kind, made = "JPEG", _written(plain, "JPEG")
    return made, f"image/{kind.lower()}", plain.width, plain.height


def _written(image: Image.Image, kind: str) -> bytes:
    made = io.BytesIO()
    if kind == "PNG":
        image.save(made, "PNG", optimize=True)
    else:
        image.save(made, "JPEG", quality=QUALITY, optimize=True)
    return made.getvalue()


_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
"""EXIF's orientation (tag 0x0112) → what brings the picture upright."""


def _orientation(image: Image.Image) -> int:
    """1, upright, also where the camera's notes are damaged: they are left behind anyway."""
    try:
        found = image.getexif().get(0x0112)
    except (OSError, SyntaxError, ValueError, TypeError, KeyError, struct.error):
        return 1
    return found if isinstance(found, int) else 1


def _in_usual_mode(image: Image.Image, kind: str) -> Image.Image:
    """Grey or colours of eight bits, with transparency only where there may be some; CMYK stays until its profile is known."""
    grey = image.mode in {"1", "L", "LA"} or image.mode.startswith("I")
    if image.mode.startswith("I"):  # 16 bits: the library cuts off what is above 255 instead of scaling it
        return image.convert("I").point(lambda value: value * (1 / 256)).convert("L")
    if kind == "PNG" and image.has_transparency_data:
        return _converted(image, "LA" if grey else "RGBA")
    return _converted(image, "L" if grey else "CMYK" if image.mode == "CMYK" else "RGB")


def _converted(image: Image.Image, mode: str) -> Image.Image:
    """Without a second copy of a picture that has the mode already."""
    return image if image.mode == mode else image.convert(mode)


def _in_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    """A telephone's colours are wider than a screen's; a profile that does not fit its picture is left out."""
    if profile is None or image.mode not in {"RGB", "CMYK"}:
        return _converted(image, "RGB") if image.mode == "CMYK" else image
    try:
        own = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        made = ImageCms.profileToProfile(image, own, ImageCms.createProfile("sRGB"), outputMode="RGB")
    except (ImageCms.PyCMSError, OSError, ValueError):
        return _converted(image, "RGB")
    return made or _converted(image, "RGB")


def _without_full_alpha(image: Image.Image) -> Image.Image:
    """A screenshot often has transparency and uses none of it."""
    if not image.mode.endswith("A"):
        return image
    lowest, _ = image.getchannel("A").getextrema()
    return image.convert(image.mode.removesuffix("A")) if lowest == 255 else image

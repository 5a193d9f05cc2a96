"""The kind and size of a picture, read from its own first bytes: PNG, JPEG, or an SVG that was made clean (see clean_svg)."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING

from service.book.geometry import fit
from service.book.model import Photo
from service.errors import InputError

if TYPE_CHECKING:
    from docx.image.image import Image

EXTENSIONS = {"image/png": "png", "image/jpeg": "jpeg"}
MEDIA = {"png": "image/png", "jpeg": "image/jpeg", "svg": "image/svg+xml"}
PIXEL = 0.75  # points of a pixel at 96 dpi
_CLEAN_SVG = re.compile(rb'<svg xmlns="http://www\.w3\.org/2000/svg"[^>]*? width="(\d+\.?\d*)" height="(\d+\.?\d*)"')


def photo_extension(photo: Photo) -> str:
    """png, jpeg or svg; raises InputError(code="bad_image") for anything else."""
    return "svg" if is_vector(photo) else EXTENSIONS[_image(photo).content_type]


def is_vector(photo: Photo) -> bool:
    return _CLEAN_SVG.match(photo.data) is not None


def photo_pixels(photo: Photo) -> tuple[float, float]:
    """Width and height in pixels, of an SVG at 96 to the inch; InputError as above."""
    vector = _CLEAN_SVG.match(photo.data)
    if vector:
        return float(vector[1]), float(vector[2])
    image = _image(photo)
    return image.px_width, image.px_height


def photo_size(photo: Photo, most: tuple[float, float]) -> tuple[float, float]:
    """Width and height in points as printed, scaled down to `most` if need be."""
    wide, high = photo_pixels(photo)
    width = photo.width or wide * PIXEL
    return fit(width, width * high / wide, most)


def _image(photo: Photo) -> Image:
    from docx.image.exceptions import InvalidImageStreamError, UnexpectedEndOfFileError, UnrecognizedImageError
    from docx.image.image import Image  # a book without photos needs no python-docx for its PDF

    try:
        image: Image = Image.from_file(io.BytesIO(photo.data))
    except (InvalidImageStreamError, UnexpectedEndOfFileError, UnrecognizedImageError) as fault:
        raise InputError("图片不是可用的 PNG、JPEG 或 SVG 文件。", code="bad_image") from fault
    if image.content_type not in EXTENSIONS or not image.px_width or not image.px_height:
        raise InputError("图片不是可用的 PNG、JPEG 或 SVG 文件。", code="bad_image")
    return image

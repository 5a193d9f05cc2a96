"""The size of a raster image, read from its own first bytes; only PNG and JPEG are taken."""

from __future__ import annotations

import io

from docx.image.exceptions import InvalidImageStreamError, UnexpectedEndOfFileError, UnrecognizedImageError
from docx.image.image import Image

from service.book.geometry import fit
from service.book.model import Photo
from service.errors import InputError

EXTENSIONS = {"image/png": "png", "image/jpeg": "jpeg"}
PIXEL = 0.75  # points of a pixel at 96 dpi


def photo_extension(photo: Photo) -> str:
    """png or jpeg; raises InputError(code="bad_image") for anything else."""
    return EXTENSIONS[_image(photo).content_type]


def photo_size(photo: Photo, most: tuple[float, float]) -> tuple[float, float]:
    """Width and height in points as printed, scaled down to `most` if need be."""
    image = _image(photo)
    width = photo.width or image.px_width * PIXEL
    return fit(width, width * image.px_height / image.px_width, most)


def _image(photo: Photo) -> Image:
    try:
        image: Image = Image.from_file(io.BytesIO(photo.data))
    except (InvalidImageStreamError, UnexpectedEndOfFileError, UnrecognizedImageError) as fault:
        raise InputError("图片不是可用的 PNG 或 JPEG 文件。", code="bad_image") from fault
    if image.content_type not in EXTENSIONS or not image.px_width or not image.px_height:
        raise InputError("图片不是可用的 PNG 或 JPEG 文件。", code="bad_image")
    return image

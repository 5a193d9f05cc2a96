"""Photos and screenshots made clean: what is kept, what stays behind, what is refused before anything is decoded."""

from __future__ import annotations

import io
import tracemalloc

import pytest
from pictures import camera_notes, claiming, photo, svg
from PIL import Image, ImageCms

from service.book.clean_picture import LARGEST, CleanPicture, clean_picture
from service.errors import InputError, TooLarge, UnknownMedia


def opened(clean: CleanPicture) -> Image.Image:
    return Image.open(io.BytesIO(clean.data))


def refusal(data: bytes, name: str = "现场.png") -> InputError:
    with pytest.raises(InputError) as caught:
        clean_picture(data, name)
    return caught.value


def test_photo_keeps_its_kind_and_size() -> None:
    clean = clean_picture(photo(), "现场.jpg")
    assert (clean.media, clean.width, clean.height) == ("image/jpeg", 40, 30)
    assert opened(clean).size == (40, 30)


@pytest.mark.parametrize(("kind", "media"), [("JPEG", "image/jpeg"), ("PNG", "image/png")])
def test_content_decides_not_the_name(kind: str, media: str) -> None:
    assert clean_picture(photo(kind=kind), "现场.svg").media == media


def test_what_the_camera_noted_stays_behind() -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    taken = photo(exif=camera_notes(), icc_profile=profile, comment=b"SECRETCOMMENT")
    assert b"SECRETMAKER" in taken
    assert b"SECRETCOMMENT" in taken
    clean = clean_picture(taken, "现场.jpg")
    assert not any(words in clean.data for words in (b"SECRET", b"Exif", b"ICC_PROFILE"))
    assert not opened(clean).getexif()


def test_what_a_program_wrote_into_a_png_stays_behind() -> None:
    from PIL.PngImagePlugin import PngInfo

    notes = PngInfo()
    notes.add_text("Author", "SECRETAUTHOR")
    notes.add_itxt("XML:com.adobe.xmp", "SECRETPLACE")
    taken = photo(kind="PNG", pnginfo=notes, exif=camera_notes(), dpi=(300, 300))
    assert b"SECRETAUTHOR" in taken
    clean = clean_picture(taken, "屏幕.png")
    assert not any(words in clean.data for words in (b"SECRET", b"tEXt", b"iTXt", b"eXIf", b"pHYs"))


def test_what_hides_behind_the_end_of_a_picture_is_gone() -> None:
    assert b"PK\x03\x04" not in clean_picture(photo(kind="PNG") + b"PK\x03\x04 hidden", "屏幕.png").data


@pytest.mark.parametrize(
    ("orientation", "size", "red"), [(1, (40, 30), (2, 2)), (3, (40, 30), (38, 2)), (6, (30, 40), (2, 2)), (8, (30, 40), (2, 38))]
)
def test_picture_is_brought_upright(orientation: int, size: tuple[int, int], red: tuple[int, int]) -> None:
    clean = clean_picture(photo(exif=camera_notes(orientation)), "现场.jpg")
    pixel = opened(clean).convert("RGB").getpixel(red)
    assert (clean.width, clean.height) == size
    assert isinstance(pixel, tuple)
    assert pixel[0] > 200 > 60 > pixel[1]


def test_damaged_camera_notes_do_not_matter() -> None:
    taken = photo(exif=camera_notes(6))
    assert clean_picture(taken.replace(b"II*\0", b"II*\xff"), "现场.jpg").media == "image/jpeg"


@pytest.mark.parametrize(("given", "kept"), [((4800, 1200), (2400, 600)), ((1200, 4800), (600, 2400)), ((2400, 2400), (2400, 2400))])
def test_picture_larger_than_print_needs_is_scaled_down(given: tuple[int, int], kept: tuple[int, int]) -> None:
    clean = clean_picture(photo(*given, kind="PNG"), "大图.png")
    assert (clean.width, clean.height) == kept


def test_photo_that_came_as_png_becomes_a_jpeg() -> None:
    """A screenshot as large stays a PNG: its letters stay sharp."""
    made = io.BytesIO()
    Image.merge("RGB", [Image.effect_noise((1300, 1200), 90 + shade) for shade in range(3)]).quantize(256).save(made, "PNG")
    assert clean_picture(made.getvalue(), "现场.png").media == "image/jpeg"
    assert clean_picture(photo(1300, 1200, "PNG"), "屏幕.png").media == "image/png"


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_every_kind_of_png_becomes_one_that_is_printed(mode: str) -> None:
    clean = clean_picture(photo(kind="PNG", mode=mode), "图.png")
    assert opened(clean).mode in {"L", "LA", "RGB", "RGBA"}


def test_ink_colours_become_screen_colours() -> None:
    assert opened(clean_picture(photo(mode="CMYK"), "图.jpg")).mode == "RGB"


def test_transparency_is_kept_where_there_is_some() -> None:
    made = io.BytesIO()
    Image.new("RGBA", (9, 9), (255, 0, 0, 90)).save(made, "PNG")
    assert opened(clean_picture(made.getvalue(), "图.png")).mode == "RGBA"
    assert opened(clean_picture(photo(kind="PNG", mode="RGBA"), "图.png")).mode == "RGB"


def test_grey_of_sixteen_bits_keeps_its_shades() -> None:
    made = io.BytesIO()
    Image.new("I;16", (9, 9), 0x8000).save(made, "PNG")
    assert opened(clean_picture(made.getvalue(), "图.png")).getpixel((1, 1)) == 128


@pytest.mark.parametrize("size", [(10_000, 5_000), (200_000, 200_000), (25_000_001, 1)])
def test_too_many_pixels_are_refused_by_the_header(size: tuple[int, int]) -> None:
    tracemalloc.start()
    fault = refusal(claiming(*size))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert (type(fault), fault.code) == (TooLarge, "picture_too_many_pixels")
    assert "超过 25 百万像素，请缩小后再上传" in str(fault)
    assert peak < 5 * 2**20


def test_too_large_a_file_is_refused() -> None:
    fault = refusal(photo() + bytes(LARGEST))
    assert (type(fault), fault.code, str(fault)) == (TooLarge, "picture_too_large", "现场.png:图片超过 5 MB，请缩小后再上传")


@pytest.mark.parametrize("data", [photo()[:300], photo(kind="PNG")[:60], claiming(40, 30), b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff"])
def test_incomplete_picture_is_refused(data: bytes) -> None:
    fault = refusal(data)
    assert fault.code == "bad_picture"
    assert "不是完整的" in str(fault)
    assert "请重新导出后再上传" in str(fault)


@pytest.mark.parametrize(
    ("data", "found"),
    [
        ("这是一段文字。".encode(), "文件内容不是图片"),
        (b"\0" * 50, "文件内容不是图片"),
        (b"GIF89a" + bytes(40), "文件内容是 GIF 图片"),
        (b"RIFF\0\0\0\0WEBPVP8 ", "文件内容是 WebP 图片"),
        (b"\0\0\0\x18ftypheic", "文件内容是 HEIC 或 AVIF 图片"),
        (b"%PDF-1.7", "文件内容是 PDF 文件"),
        (b"PK\x03\x04" + bytes(40), "文件内容是 压缩文件或 Office 文件"),
    ],
)
def test_what_is_no_picture_is_refused_by_its_content(data: bytes, found: str) -> None:
    fault = refusal(data)
    assert (type(fault), fault.code) == (UnknownMedia, "not_a_picture")
    assert str(fault) == f"现场.png:{found}，只能使用 PNG、JPEG 或 SVG 图片，请另存为其中一种后再上传"


def test_empty_file_is_refused() -> None:
    assert refusal(b"").code == "picture_empty"


@pytest.mark.parametrize("data", [photo(), photo(kind="PNG", mode="P"), svg()])
def test_clean_picture_made_clean_again_is_of_the_same_size(data: bytes) -> None:
    first = clean_picture(data, "图")
    again = clean_picture(first.data, "图")
    assert (again.media, again.width, again.height) == (first.media, first.width, first.height)

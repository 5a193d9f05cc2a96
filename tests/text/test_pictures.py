"""How a text names an uploaded picture, where pictures stand, and their numbers."""

from __future__ import annotations

import pytest

from service.text.model import Picture
from service.text.parse import parse_procedure
from service.text.pictures import numbered_pictures, picture_sha256, picture_source, placed_pictures
from service.text.write import to_markdown
from text.samples import FRONT

SHA256 = "0123456789abcdef" * 4
TEXT = f"""{FRONT}
![](<picture:{SHA256}>)

## 机构 {{#chart}}
![机构图](<picture:{SHA256}>)

### 现场 {{#site}}
如下图。

![图 7 现场](images/a.png)
"""


def test_source_of_an_uploaded_picture_is_read_back() -> None:
    assert picture_sha256(picture_source(SHA256)) == SHA256


@pytest.mark.parametrize(
    "source", ["images/a.png", "picture:", f"picture:{SHA256[:-1]}", f"picture:{SHA256}0", f"PICTURE:{SHA256}", f"picture:{'G' * 64}"]
)
def test_other_sources_name_no_uploaded_picture(source: str) -> None:
    assert picture_sha256(source) == ""


def test_pictures_are_found_with_their_sections() -> None:
    placed = [(section.anchor if section else "", picture.alt) for section, picture in placed_pictures(parse_procedure(TEXT))]
    assert placed == [("", ""), ("chart", "机构图"), ("site", "图 7 现场")]


def test_pictures_with_a_title_are_numbered_through_the_text() -> None:
    numbered = [picture.alt for _, picture in placed_pictures(numbered_pictures(parse_procedure(TEXT)))]
    assert numbered == ["", "图 1 机构图", "图 2 现场"]


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("现场", "图 1 现场"),
        ("图1现场", "图 1 现场"),
        ("图 3：现场", "图 1 现场"),
        ("图2-1 现场", "图 1 现场"),
        ("图 9", "图 1"),
        ("图3D打印", "图 1 图3D打印"),
        ("机构图 2", "图 1 机构图 2"),
    ],
)
def test_number_that_somebody_typed_gives_way(typed: str, printed: str) -> None:
    text = parse_procedure(f"{FRONT}![{typed}](<picture:{SHA256}>)\n")
    assert [picture.alt for _, picture in placed_pictures(numbered_pictures(text))] == [printed]


def test_picture_survives_writing_and_reading() -> None:
    text = parse_procedure(f"{FRONT}![维修 [现场] *1*](<picture:{SHA256}>)\n")
    assert parse_procedure(to_markdown(text)) == text
    assert isinstance(text.preamble[0], Picture)
    assert text.preamble[0].source == picture_source(SHA256)

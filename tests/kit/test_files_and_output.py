"""The file store, folders of results and reproducible zip files: whole, unchangeable, the same bytes."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.errors import InputError, NotFound
from service.kit.files import get, put
from service.kit.fingerprint import file_fingerprint
from service.kit.output import write_all
from service.kit.zipfile import FIXED_DATE, pack

FILES = {"manual.docx": b"one", "manual.pdf": b"two"}


def there(folder: Path) -> dict[str, bytes]:
    """Every file below a folder, hidden ones too."""
    return {file.relative_to(folder).as_posix(): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


@pytest.mark.parametrize("data", [b"", b"manual", bytes(range(256)) * 4096])
def test_file_is_found_under_its_sha256(tmp_path: Path, data: bytes) -> None:
    name = put(tmp_path, data)
    assert name == file_fingerprint(data)
    assert get(tmp_path, name) == data


def test_putting_the_same_bytes_again_writes_nothing(tmp_path: Path) -> None:
    name = put(tmp_path, b"manual")
    [file] = [file for file in tmp_path.rglob("*") if file.is_file()]
    before = file.stat()
    assert put(tmp_path, b"manual") == name
    after = file.stat()
    assert (after.st_mtime_ns, after.st_ino) == (before.st_mtime_ns, before.st_ino)
    assert list(there(tmp_path)) == [f"files/{name[:2]}/{name}"]


@pytest.mark.parametrize("name", ["0" * 64, "", "../../../etc/passwd", "A" * 64, "a" * 63, "a" * 64 + "\n", "/etc/passwd"])
def test_what_is_not_in_the_store_is_not_found_whatever_its_name(tmp_path: Path, name: str) -> None:
    put(tmp_path, b"manual")
    with pytest.raises(NotFound) as caught:
        get(tmp_path, name)
    assert caught.value.code == "file_not_found"


def test_results_are_written_into_a_new_folder(tmp_path: Path) -> None:
    folder = tmp_path / "build" / "demo"
    assert write_all(folder, FILES) == [folder / "manual.docx", folder / "manual.pdf"]
    assert there(folder) == FILES


def test_results_replace_those_of_the_same_name_and_leave_others_alone(tmp_path: Path) -> None:
    write_all(tmp_path, {"manual.docx": b"old", "notes.txt": b"mine"})
    write_all(tmp_path, FILES)
    assert there(tmp_path) == {**FILES, "notes.txt": b"mine"}


@pytest.mark.parametrize("name", ["manual.pdf", "manual.docx"])
def test_result_that_cannot_be_put_in_its_place_leaves_all_others_as_they_were(tmp_path: Path, name: str) -> None:
    write_all(tmp_path, {"old.txt": b"old"})
    (tmp_path / name).mkdir()
    with pytest.raises(InputError) as caught:
        write_all(tmp_path, FILES)
    assert caught.value.code == "output_not_writable"
    assert there(tmp_path) == {"old.txt": b"old"}


def test_folder_that_cannot_be_made_is_refused_in_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "build").write_bytes(b"a file, not a folder")
    with pytest.raises(InputError, match="无法写入文件夹") as caught:
        write_all(tmp_path / "build" / "demo", FILES)
    assert caught.value.code == "output_not_writable"


entries = st.dictionaries(st.text("abcdefghij/.", min_size=1, max_size=12), st.binary(max_size=64), max_size=6)


@given(entries)
def test_zip_holds_what_was_packed_in_order_of_names(packed: dict[str, bytes]) -> None:
    with zipfile.ZipFile(io.BytesIO(pack(packed))) as archive:
        assert {info.filename: archive.read(info) for info in archive.infolist()} == packed
        assert archive.namelist() == sorted(packed)
        assert {info.date_time for info in archive.infolist()} <= {FIXED_DATE}


@given(entries)
def test_same_content_in_any_order_gives_the_same_bytes(packed: dict[str, bytes]) -> None:
    assert pack(dict(reversed(packed.items()))) == pack(packed)


def test_names_that_must_come_first_do() -> None:
    data = pack({"b": b"2", "a": b"1", "[Content_Types].xml": b"0"}, first=("[Content_Types].xml", "missing"))
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.namelist() == ["[Content_Types].xml", "a", "b"]

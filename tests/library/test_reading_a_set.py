"""Reading a set from its folder: the order of numbers, and one sentence with file and line for what is broken."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from small_firm import TEXTS, form

from service.errors import InputError, NotFound
from service.library.loading import load_set, set_keys
from service.library.rules import Need

META = """\
key: small
name: 小套
standard: xy
for: 小企业
departments: {service: 服务部}
posts: {service_manager: 服务部经理, web_officer: {name: 网站运维专员, when: choices.sells_online}}
documents: [complaint, repair]
"""
FILES = {
    "set.yml": META,
    "repair.md": TEXTS[0],
    "complaint.md": TEXTS[1],
    "forms/order.md": TEXTS[2],
    "forms/visit.md": TEXTS[3],
    "forms/award.md": form("award", "评优表"),
}


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    """Writes the set with some files replaced (text or bytes) or left out (None); returns the folder of sets."""

    def write(**changes: str | bytes | None) -> Path:
        files = {**FILES, **{name.replace("__", "/").replace("_md", ".md").replace("_yml", ".yml"): text for name, text in changes.items()}}
        for name, text in files.items():
            file = tmp_path / "small" / name
            file.parent.mkdir(parents=True, exist_ok=True)
            if text is not None:
                file.write_bytes(text if isinstance(text, bytes) else text.encode())
        return tmp_path

    return write


def test_documents_come_as_listed_then_forms_as_they_are_named(write: Callable[..., Path]) -> None:
    templates = load_set(write(), "small")
    assert [template.front.key for template in templates.templates] == ["complaint", "repair", "visit", "order", "award"]
    assert templates.by_key["visit"].file == "small/forms/visit.md"
    assert (templates.key, templates.name, templates.standard, templates.purpose) == ("small", "小套", "xy", "小企业")
    assert templates.departments == (Need("service", "服务部"),)
    assert templates.posts == (Need("service_manager", "服务部经理"), Need("web_officer", "网站运维专员", "choices.sells_online"))


def test_changed_file_is_read_again(write: Callable[..., Path]) -> None:
    folder = write()
    assert load_set(folder, "small") is load_set(folder, "small")
    write(set_yml=META.replace("小套", "另一套"))
    assert load_set(folder, "small").name == "另一套"


def test_sets_are_listed_by_their_folders(write: Callable[..., Path]) -> None:
    folder = write()
    (folder / "empty").mkdir()
    assert set_keys(folder) == ["small"]
    with pytest.raises(NotFound, match="现有：small") as caught:
        load_set(folder, "other")
    assert caught.value.code == "set_not_found"


@pytest.mark.parametrize(
    ("changes", "code", "place", "words"),
    [
        ({"set_yml": META.replace("standard: xy\n", "")}, "broken_set", "small/set.yml", "standard"),
        ({"set_yml": META.replace("[complaint, repair]", "complaint")}, "broken_set", "small/set.yml", "documents"),
        ({"set_yml": META.replace("{service: 服务部}", "[服务部]")}, "broken_set", "small/set.yml", "departments"),
        ({"set_yml": META.replace("{name: 网站运维专员, ", "{")}, "broken_set", "small/set.yml", "posts"),
        ({"set_yml": "- 甲\n"}, "broken_set", "small/set.yml", "name"),
        ({"set_yml": "name: ["}, "broken_set", "small/set.yml", "无法读取"),
        ({"set_yml": b"name: \xff"}, "broken_set", "small/set.yml", "无法读取"),
        ({"set_yml": META.replace("repair]", "repair, recall]")}, "set_incomplete", "small/set.yml", "列出而没有文件：recall"),
        ({"set_yml": META.replace(", repair]", "]")}, "set_incomplete", "small/set.yml", "有文件而未列出：repair"),
        ({"repair_md": TEXTS[0].replace("key: repair", "key: mending")}, "key_differs", "small/repair.md:2", "mending"),
        ({"visit_md": TEXTS[3]}, "key_twice", "small/visit.md:2", "已用于 small/forms/visit.md"),
        ({"repair_md": "没有文件头"}, "no_front_matter", "small/repair.md:1", "front matter"),
        ({"repair_md": TEXTS[0].replace("kind: procedure", "kind: memo")}, "unknown_kind", "small/repair.md:4", "memo"),
        ({"repair_md": TEXTS[0].encode("gb18030")}, "not_utf8", "small/repair.md", "UTF-8"),
    ],
)
def test_broken_set_is_refused_with_file_and_line(
    write: Callable[..., Path], changes: dict[str, str | bytes], code: str, place: str, words: str
) -> None:
    with pytest.raises(InputError, match=words) as caught:
        load_set(write(**changes), "small")
    assert (caught.value.code, str(caught.value.place)) == (code, place)

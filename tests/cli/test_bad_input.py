"""Bad input: each fault ends with one sentence that names file and line, exit 1, and nothing half written."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from house import command, done, people, refused, rows_in
from small_manual import LONG_AGO

from service.settings import settings

AT = ("--organisation", "JC")
CLONE = ("library", "clone", "small", *AT, "--by", "bing")
SUBMIT = ("document", "submit", "JC/SH-CX-01", *AT, "--by", "ding")


@dataclass(frozen=True, slots=True)
class Change:
    """In file `file`, `old` is replaced once by `new`."""

    file: str
    old: str
    new: str

    def make(self, home: Path) -> None:
        file = home / "templates" / "docs" / "small" / self.file
        source = file.read_text("utf-8")
        assert self.old in source
        file.write_text(source.replace(self.old, self.new, 1), "utf-8")


def everything(home: Path) -> dict[str, bytes]:
    """Every file on the desk and in the file store, by its path."""
    folders = (home / "desk", home / "data" / "files")
    return {str(file.relative_to(home)): file.read_bytes() for folder in folders for file in folder.rglob("*") if file.is_file()}


def refused_whole(home: Path, code: str, *words: str) -> str:
    """The sentence of a refusal that has changed no row, and no file but for those it had."""
    rows, files = rows_in(home), everything(home)
    sentence = refused(code, *words)
    assert (rows_in(home), everything(home)) == (rows, files)
    return sentence


@pytest.fixture
def founded(home: Path) -> Path:
    (home / "jc.yml").write_text(LONG_AGO, "utf-8")
    done("migrate")
    done("organisation", "create", str(home / "jc.yml"))
    people(home)
    return home


PROFILES = {
    "broken YAML": ("company: {", "company: {{", "bad_yaml", "jc.yml:5:"),
    "unknown variable": ("hotline: ", "hotlines: ", "bad_profile", "jc.yml:4:不认识的参数“company.hotlines”，是否应为“hotline”"),
    "unknown indicator": ("5.2.2.2", "5.9.9.9", "unknown_indicator", "jc.yml:25:"),
    "duplicate key": ("key: service\n", "key: management\n", "bad_profile", "jc.yml:15:部门键“management”重复出现"),
    "duplicate log-in": ("login: yi", "login: jia", "bad_profile", "jc.yml:21:登录名“jia”重复出现"),
    "numbers that would repeat": ("{serial:02}", "01", "bad_profile", "jc.yml:3:编号规则须恰有一个 {serial}（顺序号）"),
    "cyclic department tree": (
        "  - key: management\n    name: 公司管理层\n    posts:",
        "  - key: a\n    name: 甲部\n    parent: b\n  - key: b\n    name: 乙部\n    parent: a\n  - key: management\n    name: 公司管理层\n    posts:",
        "bad_profile",
        "jc.yml:11:部门的上下级关系成环：a → b → a",
    ),
    "department below itself": ("    name: 服务部\n", "    name: 服务部\n    parent: service\n", "bad_profile", "jc.yml:17:"),
    "control character": ("示范甲公司", "示范\x07甲公司", "bad_yaml", "jc.yml:4:"),
    "escaped control character": (
        "示范甲公司",
        '"示范\\x07甲公司"',
        "bad_profile",
        "jc.yml:4:参数“company.legal_name”（企业全称）含有控制字符",
    ),
    "text that runs backwards": ("示范甲公司", "示范\u202e甲公司", "bad_profile", "jc.yml:4:"),
    "impossible day": ("valid_from: 2020-01-01", "valid_from: 2020-02-30", "bad_profile", "jc.yml:2:"),
}


@pytest.mark.parametrize("fault", PROFILES)
def test_fault_of_a_profile(home: Path, fault: str) -> None:
    old, new, code, tells = PROFILES[fault]
    assert old in LONG_AGO
    (home / "jc.yml").write_text(LONG_AGO.replace(old, new, 1), "utf-8")
    done("migrate")
    assert tells in refused_whole(home, code, "organisation", "create", str(home / "jc.yml"))


def test_all_faults_of_a_profile_are_told_at_once_each_with_its_line(home: Path) -> None:
    (home / "jc.yml").write_text(LONG_AGO.replace("hotline: ", "hotlines: ").replace("targets: ", "goals: "), "utf-8")
    done("migrate")
    lines = command("organisation", "create", str(home / "jc.yml")).err.splitlines()
    assert [line.split(":")[1] for line in lines[1:]] == ["4", "5"]


SETS = {
    "broken front matter": (Change("repair.md", "claims:", "claims"), "bad_yaml", "small/repair.md:7:文件头不是正确的 YAML"),
    "no front matter": (Change("repair.md", "---\nkey", "key"), "no_front_matter", "small/repair.md:1:"),
    "field missing": (Change("repair.md", "department: service\n", ""), "missing_field", "small/repair.md:1:文件头缺少 department"),
    "field twice": (Change("repair.md", "title:", "title: 甲\ntitle:"), "duplicate_field", "small/repair.md:4:title 写了两次"),
    "unknown kind": (Change("repair.md", "kind: procedure", "kind: procedures"), "unknown_kind", "small/repair.md:4:"),
    "duplicate key": (Change("rules.md", "key: rules", "key: repair"), "key_differs", "small/rules.md:2:文件名与 key“repair”不一致"),
    "document that has no file": (Change("set.yml", "documents: [", "documents: [other, "), "set_incomplete", "small/set.yml"),
    "department that nobody has": (Change("set.yml", "service: 服务部", "quality: 质量部"), "chart_incomplete", "质量部"),
}


@pytest.mark.parametrize("fault", SETS)
def test_fault_of_a_template_set(founded: Path, fault: str) -> None:
    change, code, tells = SETS[fault]
    change.make(founded)
    assert tells in refused_whole(founded, code, *CLONE)


def test_the_same_key_in_two_files_of_a_set(founded: Path) -> None:
    home = founded / "templates" / "docs" / "small"
    (home / "forms").mkdir()
    (home / "forms" / "rules.md").write_text((home / "rules.md").read_text("utf-8"), "utf-8")
    sentence = refused_whole(founded, "key_twice", *CLONE)
    assert sentence.startswith(("small/rules.md:2:", "small/forms/rules.md:2:"))


PURPOSE = "使每一件报修都有人管。"
TEXTS = {
    "unknown variable": (
        Change("repair.md", "company.hotline", "company.hotlines"),
        "unknown_variable",
        ":27:没有变量 company.hotlines，是不是 company.hotline？",
    ),
    "blank variable": (
        Change("repair.md", "{{ company.hotline }}", "{{ company.wechat }}"),
        "blank_variable",
        ":27:变量 company.wechat 还没有填写",
    ),
    "unknown indicator": (Change("repair.md", "5.2.4.1", "5.9.9.9"), "unknown_indicator", ":7:对应了不存在的指标 5.9.9.9"),
    "unknown element": (Change("repair.md", "[1, 2, 3]", "[1, 2, 9]"), "unknown_element", ":7:"),
    "unknown section": (Change("repair.md", "section: accept", "section: accepts"), "unknown_section", ":7:"),
    "anchor twice": (Change("repair.md", "{#visit}", "{#accept}"), "duplicate_anchor", ":29:锚点 accept 用了两次"),
    "control character": (Change("repair.md", "有人管", "有人\x07管"), "control_character", ":13:文中有不可见的控制字符 U+0007"),
    "text that runs backwards": (Change("repair.md", "有人管", "有人\u202e管"), "control_character", ":13:文中有不可见的控制字符 U+202E"),
    "table with a row too short": (Change("repair.md", "| 登记报修，派工，回访 |", ""), "ragged_table", ":19:"),
    **{
        f"escape by {escape}": (Change("repair.md", PURPOSE, escape), code, ":13:")
        for escape, code in (
            ("{{ company.__class__ }}", "unknown_variable"),
            ("{{ ''.__class__.__mro__[1].__subclasses__() }}", "bad_template"),
            ("{{ company['__class__'] }}", "unknown_variable"),
            ("{{ company|attr('__class__') }}", "bad_template"),
            ("{{ lipsum.__globals__ }}", "unknown_variable"),
            ("{{ self._TemplateReference__context }}", "unknown_variable"),
            ("{% include '/etc/hostname' %}", "bad_template"),
            ("{% import 'os' as os %}", "bad_template"),
            ("{% extends 'base' %}", "bad_template"),
            ("{% set x = 1 %}", "bad_template"),
            ("{% macro x() %}{% endmacro %}", "bad_template"),
            ("{% for x in range(1000000000) %}a{% endfor %}", "bad_template"),
            ("{{ 9**9**9 }}", "bad_template"),
            ("{{ 'a' * 1000000000 }}", "bad_template"),
            ("{{ company.hotline.format() }}", "bad_template"),
            ("{{ _budget }}", "bad_template"),
            ("{% if %}", "bad_template"),
            ("{{ company.hotline", "bad_template"),
        )
    },
}


@pytest.mark.parametrize("fault", TEXTS)
def test_fault_of_a_text_is_found_when_it_is_submitted(founded: Path, fault: str) -> None:
    change, code, tells = TEXTS[fault]
    change.make(founded)
    done(*CLONE)
    sentence = refused_whole(founded, code, *SUBMIT)
    assert sentence.startswith("维修服务程序" + tells)
    shown = done("document", "show", "JC/SH-CX-01", *AT, "--json").json
    assert [(row["status"], row["fingerprint"]) for row in shown["revisions"]] == [("draft", "")]


def test_fault_of_a_form_stops_the_procedure_that_names_it(founded: Path) -> None:
    Change("visit.md", "顾客: _", "{{ company.nothing }}: _").make(founded)
    done(*CLONE)
    assert refused_whole(founded, "unknown_variable", *SUBMIT).startswith("上门服务记录:10:")


def no_font(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Fonts of which one is missing."""
    fonts = home / "fonts"
    for folder in settings().fonts.iterdir():
        (fonts / folder.name).mkdir(parents=True)
        for each in folder.iterdir():
            if each.name != "700Bold" or folder.name != "noto-sans-sc":
                (fonts / folder.name / each.name).symlink_to(each)
    monkeypatch.setenv("SERVICE_MANUAL_FONTS", str(fonts))


@pytest.mark.parametrize(
    "words",
    [("manual", "build", *AT, "--as-of", "2026-03-01"), ("document", "export", "JC/SH-CX-01", *AT, "--format", "md,pdf")],
    ids=lambda words: " ".join(words[:2]),
)
def test_missing_font_is_named(firms: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...]) -> None:
    no_font(firms, monkeypatch)
    sentence = refused_whole(firms, "missing_font", *words, "--output", "out")
    assert "思源黑体粗体（Noto Sans SC Bold）" in sentence
    assert not Path("out").exists()


def file_in_the_way(home: Path) -> str:
    Path("out").write_text("a file, not a folder", "utf-8")
    return "out"


def file_above(home: Path) -> str:
    Path("out").write_text("a file, not a folder", "utf-8")
    return "out/below"


def folder_in_place_of_a_file(home: Path) -> str:
    for name in ("manual.pdf", "JC-SH-CX-01.pdf"):
        (Path("out") / name).mkdir(parents=True)
    return "out"


@pytest.mark.parametrize("block", [file_in_the_way, file_above, folder_in_place_of_a_file], ids=lambda each: each.__name__)
@pytest.mark.parametrize(
    "words",
    [("manual", "build", *AT, "--as-of", "2026-03-01"), ("document", "export", "JC/SH-CX-01", *AT, "--format", "md,pdf")],
    ids=lambda words: " ".join(words[:2]),
)
def test_unwritable_output_folder(firms: Path, words: tuple[str, ...], block: Callable[[Path], str]) -> None:
    folder = block(firms)
    rows, desk = rows_in(firms), sorted(Path().rglob("*"))
    assert f"无法写入文件夹 {folder}：" in refused("output_not_writable", *words, "--output", folder)
    assert (rows_in(firms), sorted(Path().rglob("*"))) == (rows, desk)


def test_unwritable_file_of_a_report(firms: Path) -> None:
    Path("out").write_text("a file, not a folder", "utf-8")
    refused_whole(firms, "output_not_writable", "coverage", *AT, "--format", "xlsx", "--output", "out/coverage.xlsx")


def test_data_folder_that_cannot_be_used(home: Path) -> None:
    (home / "data").write_text("a file, not a folder", "utf-8")
    assert str(home / "data") in refused("data_not_usable", "migrate")
    refused("not_migrated", "organisation", "list")


@pytest.mark.parametrize("address", ["nonsense", "sqlite:////dev/null/x/y.sqlite", "postgresql://127.0.0.1:1/none", "oracle://x"])
def test_database_that_cannot_be_opened(home: Path, address: str) -> None:
    sentence = refused("data_not_usable" if "null" in address else "database_not_usable", "--database", address, "migrate")
    assert "--database" in sentence or "数据文件夹" in sentence


def test_file_that_is_no_database(home: Path) -> None:
    (home / "notes.sqlite").write_text("这不是数据库" * 100, "utf-8")
    refused("database_not_usable", "--database", f"sqlite:///{home / 'notes.sqlite'}", "migrate")
    assert (home / "notes.sqlite").read_text("utf-8") == "这不是数据库" * 100


@pytest.mark.parametrize(("data", "tells"), [(None, "路径不存在"), (b"code: \xff\xfe", "UTF-8")])
def test_profile_that_cannot_be_read(home: Path, data: bytes | None, tells: str) -> None:
    done("migrate")
    if data is not None:
        (home / "desk" / "jc.yml").write_bytes(data)
    assert tells in refused_whole(home, "profile_not_readable", "organisation", "create", "jc.yml")

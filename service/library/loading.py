"""Reading template sets from templates/docs/."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from service.errors import InputError, NotFound, Place
from service.library.rules import Need, Template, TemplateSet
from service.text.frontmatter import read_front
from service.text.model import Kind


def set_keys(folder: Path) -> list[str]:
    """The keys of all sets below `folder` (each a folder with a set.yml)."""
    return sorted(file.parent.name for file in folder.glob("*/set.yml"))


def load_set(folder: Path, key: str) -> TemplateSet:
    """The whole set with every text's front matter read; InputError with file and line for what cannot be read."""
    home = folder / key
    if not (home / "set.yml").is_file():
        raise NotFound(f"没有名为 {key} 的文件模板，现有：{'、'.join(set_keys(folder)) or '无'}", code="set_not_found")
    return _load(home, max(file.stat().st_mtime_ns for file in home.rglob("*") if file.is_file()))


@lru_cache(maxsize=8)
def _load(home: Path, _changed: int) -> TemplateSet:
    meta = _read_meta(home / "set.yml")
    templates: dict[str, Template] = {}
    for template in map(_read(home), _files(home)):
        if template.front.key in templates:
            raise InputError(
                f"key“{template.front.key}”已用于 {templates[template.front.key].file}", code="key_twice", place=Place(template.file, 2)
            )
        templates[template.front.key] = template
    return TemplateSet(
        key=home.name,
        name=str(meta["name"]),
        standard=str(meta["standard"]),
        purpose=str(meta.get("for", "")),
        departments=_needs(meta["departments"]),
        posts=_needs(meta["posts"]),
        templates=tuple(_ordered(templates, meta["documents"], home.name)),
    )


def _read_meta(file: Path) -> dict[str, Any]:
    place = Place(f"{file.parent.name}/{file.name}")
    try:
        meta = yaml.safe_load(file.read_text("utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as fault:
        raise InputError(f"文件模板的说明无法读取：{fault}", code="broken_set", place=place) from fault
    wrong = [name for name, fits in _META.items() if not isinstance(meta, dict) or not fits(meta.get(name))]
    if wrong:
        raise InputError(f"文件模板的说明缺少 {'、'.join(wrong)}，或写法不对", code="broken_set", place=place)
    return dict(meta)


def _is_text(value: object) -> bool:
    return isinstance(value, str) and bool(value)


def _is_needs(value: object) -> bool:
    """{key: name} or {key: {name: …, when: …}}."""
    entries = value.values() if isinstance(value, dict) else [None]
    return all(_is_text(entry) or (isinstance(entry, dict) and _is_text(entry.get("name"))) for entry in entries)


def _is_keys(value: object) -> bool:
    return isinstance(value, list) and all(map(_is_text, value))


_META = {"name": _is_text, "standard": _is_text, "departments": _is_needs, "posts": _is_needs, "documents": _is_keys}


def _files(home: Path) -> list[Path]:
    return sorted([*home.glob("*.md"), *home.glob("forms/*.md")])


def _read(home: Path) -> Callable[[Path], Template]:
    def read(file: Path) -> Template:
        name = f"{home.name}/{file.relative_to(home).as_posix()}"
        try:
            source = file.read_text("utf-8")
        except UnicodeDecodeError as fault:
            raise InputError("文件不是 UTF-8 编码的文本", code="not_utf8", place=Place(name)) from fault
        front = read_front(source, name)
        if front.key != file.stem:
            raise InputError(f"文件名与 key“{front.key}”不一致", code="key_differs", place=Place(name, 2))
        return Template(name, source, front)

    return read


def _needs(entries: dict[str, Any]) -> tuple[Need, ...]:
    return tuple(
        Need(key, value["name"], value.get("when", "")) if isinstance(value, dict) else Need(key, str(value))
        for key, value in entries.items()
    )


def _ordered(templates: dict[str, Template], order: list[str], home: str) -> Iterable[Template]:
    """Documents as listed, then forms as the documents name them. A file that is listed or named nowhere is a fault."""
    forms = {key for key, template in templates.items() if template.front.kind is Kind.RECORD_FORM}
    missing = [key for key in order if key not in templates]
    unlisted = sorted(set(templates) - forms - set(order))
    if missing or unlisted:
        words = [f"列出而没有文件：{'、'.join(missing)}"] * bool(missing) + [f"有文件而未列出：{'、'.join(unlisted)}"] * bool(unlisted)
        raise InputError(f"文件模板的 documents 与文件夹不符（{';'.join(words)}）", code="set_incomplete", place=Place(f"{home}/set.yml"))
    documents = [templates[key] for key in order]
    named = list(dict.fromkeys(key for template in documents for key in template.front.records if key in forms))
    return [*documents, *(templates[key] for key in named), *(templates[key] for key in sorted(forms - set(named)))]

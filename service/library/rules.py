"""What a template set is, and what must hold inside it. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from service.errors import Place
from service.text.model import FrontMatter


@dataclass(frozen=True, slots=True)
class Template:
    """One file of a set. `file` is relative to the set's folder; `source` is the whole file."""

    file: str
    source: str
    front: FrontMatter


@dataclass(frozen=True, slots=True)
class Need:
    """A department or post that the texts of a set speak of; `when` limits it to organisations with that choice."""

    key: str
    name: str
    when: str = ""


@dataclass(frozen=True, slots=True)
class TemplateSet:
    """文件模板: templates in the order of their numbers, documents first, record forms in the order they are named."""

    key: str
    name: str
    standard: str
    purpose: str
    departments: tuple[Need, ...]
    posts: tuple[Need, ...]
    templates: tuple[Template, ...]

    @property
    def by_key(self) -> Mapping[str, Template]:
        return {template.front.key: template for template in self.templates}


@dataclass(frozen=True, slots=True)
class Fault:
    """Something wrong in a set: stable code, file and line, one Chinese sentence."""

    code: str
    place: Place
    message: str

    def __str__(self) -> str:
        return f"{self.place}:{self.message}"


Faults = Iterator[Fault]

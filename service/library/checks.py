"""A set's own check: every name a template uses exists, with file and line. Yields faults; repairs nothing."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from difflib import get_close_matches
from itertools import product

from service.errors import InputError, Place
from service.library.rules import Fault, Faults, Need, Template, TemplateSet
from service.standards.rules import Standard
from service.text.fill import fill, holds, variables_in
from service.text.frontmatter import claim_line
from service.text.model import SIX_SECTIONS, Kind, Procedure
from service.text.parse import parse_procedure
from service.text.references import nearest, references


def check_set(templates: TemplateSet, catalogue: Mapping[str, object], standard: Standard, laws: Collection[str]) -> list[Fault]:
    """Every fault of the set. `catalogue`: known variable names; `laws`: titles that the register of references knows."""
    return sorted(
        {fault for template in templates.templates for fault in _check(template, templates, catalogue, standard, laws)},
        key=lambda fault: (fault.place.file, fault.place.line or 0, fault.code, fault.message),
    )


def _check(
    template: Template, templates: TemplateSet, catalogue: Mapping[str, object], standard: Standard, laws: Collection[str]
) -> Iterator[Fault]:
    yield from _front(template, templates, standard)
    try:
        unknown = list(_names(template, templates, catalogue))
        yield from unknown or _texts(template, templates, catalogue, laws)
    except InputError as fault:
        yield Fault(fault.code, fault.place or Place(template.file), fault.message)


def _texts(template: Template, templates: TemplateSet, catalogue: Mapping[str, object], laws: Collection[str]) -> Faults:
    """The text as each kind of organisation would have it."""
    for values in sample_values(template, templates, catalogue):
        if not template.front.when or holds(template.front.when, values):
            procedure = parse_procedure(fill(template.source, values, file=template.file), file=template.file)
            yield from _text(template, procedure, templates, values, laws)


def _line(template: Template, words: str) -> int:
    """The first line of the file that holds these words, not as part of a longer name; 1 if none does."""
    whole = re.compile(rf"(?<![a-z0-9_.-]){re.escape(words)}(?![a-z0-9_.-])")
    return next((position for position, line in enumerate(template.source.split("\n"), 1) if whole.search(line)), 1)


def _names(template: Template, templates: TemplateSet, catalogue: Mapping[str, object]) -> Faults:
    """Variables, posts and departments that nobody has."""
    known = set(catalogue) | {f"posts.{need.key}" for need in templates.posts} | {f"persons.{need.key}" for need in templates.posts}
    known |= {f"departments.{need.key}" for need in templates.departments} | {"outlets"}
    for name in sorted(variables_in(template.source, file=template.file)):
        if name not in known and not name.startswith("outlets."):
            hint = get_close_matches(name, known, 1, 0.6)
            mend = f"，是否为 {hint[0]}" if hint else ""
            yield Fault("unknown_variable", Place(template.file, _line(template, name)), f"没有名为 {name} 的企业参数{mend}")


def _front(template: Template, templates: TemplateSet, standard: Standard) -> Faults:
    """Keys of the front matter that name nothing: documents, records, department, indicator, element."""
    front = template.front
    yield from _keys(
        template, front.refers, {key for key, other in templates.by_key.items() if other.front.kind is not Kind.RECORD_FORM}, "文件"
    )
    yield from _keys(
        template, front.records, {key for key, other in templates.by_key.items() if other.front.kind is Kind.RECORD_FORM}, "记录表单"
    )
    yield from _keys(template, [front.department], {need.key for need in templates.departments}, "部门")
    leaves = {leaf.code: leaf for leaf in standard.leaves}
    for index, claim in enumerate(front.claims):
        place = Place(template.file, claim_line(template.source, index))
        if claim.indicator not in leaves:
            yield Fault("unknown_indicator", place, f"{standard.number} 没有指标 {claim.indicator}")
        elif not all(1 <= element <= len(leaves[claim.indicator].elements) for element in claim.elements):
            yield Fault("unknown_element", place, f"指标 {claim.indicator} 只有 {len(leaves[claim.indicator].elements)} 项要素")


def _keys(template: Template, used: Iterable[str], known: Collection[str], what: str) -> Faults:
    for key in used:
        if key not in known:
            hint = get_close_matches(key, known, 1, 0.6)
            mend = f"，是否为 {hint[0]}" if hint else ""
            yield Fault("unknown_key", Place(template.file, _line(template, key)), f"模板中没有 key 为 {key} 的{what}{mend}")


def _text(template: Template, procedure: Procedure, templates: TemplateSet, values: Mapping[str, object], laws: Collection[str]) -> Faults:
    """The filled text: six sections, 《…》 that resolve and are listed in the front matter. Parsing has found claims on no section."""
    front = template.front
    titles = {other.front.title: other for other in templates.templates if not other.front.when or holds(other.front.when, values)}
    if front.kind is Kind.PROCEDURE and tuple(section.title for section in procedure.sections if section.level == 1) != SIX_SECTIONS:
        yield Fault("six_sections", Place(template.file, 1), f"程序文件应依次有 {'、'.join(SIX_SECTIONS)} 六个章节")
    if front.claims and not procedure.sections:
        yield Fault("unknown_section", Place(template.file, claim_line(template.source, 0)), "没有章节的文件不能对应指标")
    listed = {*front.refers, *front.records, front.key}
    for found in references(procedure):
        line = Place(template.file, _line(template, f"《{found.title}》"))
        if found.title in titles:
            if titles[found.title].front.key not in listed:
                yield Fault("unlisted_reference", line, f"《{found.title}》未列入 refers 或 records")
        elif found.title not in laws:
            hint = nearest(found.title, list(titles))
            yield Fault(
                "dangling_reference",
                line,
                f"《{found.title}》不是本模板的文件、记录或已登记的法规标准" + (f",是否为《{hint}》" if hint else ""),
            )


def sample_values(template: Template, templates: TemplateSet, catalogue: Mapping[str, object]) -> Iterator[dict[str, object]]:
    """Values to try a text with: every choice it speaks of true, every one false, and each alone the other way round."""
    choices = [name.removeprefix("choices.") for name in catalogue if name.startswith("choices.")]
    used = [choice for choice in choices if f"choices.{choice}" in template.source]
    patterns = [dict.fromkeys(choices, True), dict.fromkeys(choices, False)][: 2 if used else 1]
    patterns += [{**dict.fromkeys(choices, base), choice: not base} for base, choice in product((True, False), used)]
    for pattern in patterns:
        yield _values(templates, catalogue, pattern)


_SAMPLES: Mapping[str, object] = {"number": 7, "text": "示例", "date": "2026年1月1日", "list": ["甲", "乙"]}


def _values(templates: TemplateSet, catalogue: Mapping[str, object], choices: Mapping[str, bool]) -> dict[str, object]:
    values: dict[str, dict[str, object]] = {}
    for name, spec in catalogue.items():
        group, key = name.split(".", 1)
        values.setdefault(group, {})[key] = _SAMPLES.get(getattr(spec, "type", "text"))
    values["choices"] = dict(choices)
    outlet = {"name": "示例站", "area": "示例区", "address": "示例路", "phone": "0000", "manager": "示例", "own": True}
    here = {"choices": choices}
    return {
        **values,
        "posts": _present(templates.posts, here),
        "persons": _present(templates.posts, here),
        "departments": _present(templates.departments, here),
        "outlets": [outlet, {**outlet, "own": False}],
    }


def _present(needs: Iterable[Need], values: Mapping[str, object]) -> dict[str, object]:
    return {need.key: need.name for need in needs if not need.when or holds(need.when, values)}

"""A house style as plain JSON values and back; the logo's bytes lie elsewhere. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from service.book.house_reading import House
from service.book.house_styles import Found
from service.book.theme import Logo, Rules


def to_json(house: House) -> dict[str, Any]:
    logo = {"ending": house.logo.ending, "width": house.logo.width, "height": house.logo.height} if house.logo else None
    return {
        "types": {block: asdict(found) for block, found in house.types.items()},
        "page": dict(house.page),
        "head_rule": house.head_rule,
        "table_style": house.table_style,
        "registers": asdict(house.registers) if house.registers else None,
        "shade": house.shade,
        "notes": list(house.notes),
        "logo": logo,
    }


def from_json(data: Mapping[str, Any], logo: bytes = b"") -> House:
    """What `to_json` wrote, with the logo's bytes; without them there is no logo."""
    facts = data["logo"]
    return House(
        {block: Found(**found) for block, found in data["types"].items()},
        dict(data["page"]),
        data["head_rule"],
        data["table_style"],
        Rules(**data["registers"]) if data["registers"] else None,
        data["shade"],
        tuple(data["notes"]),
        Logo(logo, **facts) if facts and logo else None,
    )

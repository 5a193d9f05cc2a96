"""Which addresses outside the book a printed file may link to."""

from __future__ import annotations

from urllib.parse import urlsplit

SCHEMES = frozenset({"http", "https", "mailto", "tel"})


def is_address(href: str) -> bool:
    """Whether `href` may be a link: a known scheme written out, so that no text runs a script or opens a file."""
    try:
        return urlsplit(href).scheme.lower() in SCHEMES and not any(char.isspace() for char in href)
    except ValueError:
        return False

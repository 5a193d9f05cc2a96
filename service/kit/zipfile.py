"""Reproducible zip files: sorted entries, one fixed date, same bytes for the same content."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

LEVEL = 3
"""Half the time of the usual one; a manual, which is mostly pictures, grows by a fortieth."""
FIXED_DATE = (1980, 1, 1, 0, 0, 0)
COMPRESSED = (".png", ".jpeg")  # kinds that are compressed in themselves: a second time costs more than all the text and gains nothing


def pack(entries: Mapping[str, bytes], first: tuple[str, ...] = ()) -> bytes:
    """A zip of `entries` (name → bytes); the names in `first` come first, the others in order of their names."""
    names = [name for name in first if name in entries] + sorted(name for name in entries if name not in first)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=LEVEL) as archive:
        for name in names:
            info = zipfile.ZipInfo(name, FIXED_DATE)
            info.compress_type = zipfile.ZIP_STORED if name.endswith(COMPRESSED) else zipfile.ZIP_DEFLATED
            info.external_attr = 0o600 << 16
            info.create_system = 3
            archive.writestr(info, entries[name])
    return buffer.getvalue()

"""A theme: sizes (points), pitches and faces that every renderer uses, so that PDF and DOCX break pages alike."""

from __future__ import annotations

from dataclasses import dataclass

from service.book.model import Style

MM = 72 / 25.4


@dataclass(frozen=True, slots=True)
class Faces:
    """Names written into DOCX, and the families of the installed fonts that PDF embeds."""

    serif_hanzi: str = "宋体"
    serif_latin: str = "Times New Roman"
    sans_hanzi: str = "黑体"
    sans_latin: str = "Arial"
    serif_families: tuple[str, str] = ("Tinos", "Noto Serif SC")
    sans_families: tuple[str, str] = ("Arimo", "Noto Sans SC")


@dataclass(frozen=True, slots=True)
class Type:
    """How a paragraph is set: size and exact line pitch in points, space above and below in points, sans or serif, bold."""

    size: float
    pitch: float
    sans: bool = False
    bold: bool = False
    above: float = 0
    below: float = 0


@dataclass(frozen=True, slots=True)
class Theme:
    name: str
    page_width: float = 210 * MM
    page_height: float = 297 * MM
    margin_top: float = 30 * MM
    margin_bottom: float = 25 * MM
    margin_left: float = 28 * MM
    margin_right: float = 26 * MM
    header_at: float = 17 * MM
    footer_at: float = 15 * MM
    faces: Faces = Faces()
    body: Type = Type(12, 22)
    note: Type = Type(10.5, 18)
    table: Type = Type(10.5, 17)
    table_small: Type = Type(9, 14)
    caption: Type = Type(10.5, 20, sans=True)
    running: Type = Type(9, 12)
    headings: tuple[Type, ...] = (
        Type(18, 30, sans=True, bold=True, above=6, below=12),
        Type(14, 26, sans=True, bold=True, above=8, below=2),
        Type(12, 24, sans=True, bold=True, above=4),
        Type(12, 22, sans=True),
    )
    cell_padding: float = 5.4
    accent: str = "000000"
    shade: str = "F2F2F2"
    rule: float = 0.5

    @property
    def text_width(self) -> float:
        return self.page_width - self.margin_left - self.margin_right

    @property
    def text_height(self) -> float:
        return self.page_height - self.margin_top - self.margin_bottom

    def type_of(self, style: Style) -> Type:
        return (
            _STYLES.get(style, self.body) if style not in (Style.BODY, Style.FLUSH, Style.CENTER, Style.RIGHT, Style.SPACER) else self.body
        )


_STYLES = {
    Style.NOTE: Type(10.5, 18),
    Style.FINE: Type(9, 12),
    Style.CAPTION: Type(10.5, 20, sans=True),
    Style.PART_TITLE: Type(18, 30, sans=True, bold=True, above=6, below=12),
    Style.COVER_COMPANY: Type(20, 32, sans=True, bold=True),
    Style.COVER_TITLE: Type(36, 54, sans=True, bold=True),
    Style.COVER_SUBTITLE: Type(16, 28),
    Style.COVER_LINE: Type(14, 28),
}

FORMAL = Theme("formal")

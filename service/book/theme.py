"""A theme: sizes (points), pitches, faces, colours and rules that every renderer uses, so that PDF and DOCX break pages alike."""

from __future__ import annotations

from dataclasses import dataclass

from service.book.model import Grid, Style

MM = 72 / 25.4
BLACK = "000000"


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
    """How a paragraph is set: size and exact line pitch in points, space above and below in points, sans or serif, bold.

    `colour` is RRGGBB. `align` (left, center, right) is empty where the block stands as it usually does. `hanzi` and `latin` name faces
    other than the theme's: DOCX and HTML ask for them, PDF embeds the family that `sans` chooses.
    """

    size: float
    pitch: float
    sans: bool = False
    bold: bool = False
    above: float = 0
    below: float = 0
    colour: str = BLACK
    align: str = ""
    hanzi: str = ""
    latin: str = ""


@dataclass(frozen=True, slots=True)
class Rules:
    """Colours of a table's lines, empty for no line: top and bottom, left and right, between rows, between columns, below the head rows.

    All are equally thick, or rows would be higher in one renderer than in another.
    """

    edge: str = BLACK
    side: str = BLACK
    across: str = BLACK
    down: str = BLACK
    head: str = BLACK


@dataclass(frozen=True, slots=True)
class Logo:
    """A picture for page headers and the cover: bytes of a PNG or JPEG, its ending (png, jpeg), its size in pixels."""

    data: bytes
    ending: str
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Theme:
    """`name` stands in build records. `styles` are the types of all manners of paragraph but those that are set like the body."""

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
    indent: int = 2  # of a paragraph's first line, in characters
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
    styles: tuple[tuple[Style, Type], ...] = (
        (Style.NOTE, Type(10.5, 18)),
        (Style.FINE, Type(9, 12)),
        (Style.CAPTION, Type(10.5, 20, sans=True)),
        (Style.PART_TITLE, Type(18, 30, sans=True, bold=True, above=6, below=12)),
        (Style.COVER_COMPANY, Type(20, 32, sans=True, bold=True)),
        (Style.COVER_TITLE, Type(36, 54, sans=True, bold=True)),
        (Style.COVER_SUBTITLE, Type(16, 28)),
        (Style.COVER_LINE, Type(14, 28)),
    )
    cell_padding: float = 5.4
    cell_air: float = 1.5  # points above and below the text of a cell
    accent: str = BLACK
    shade: str = "F2F2F2"
    rule: float = 0.5
    head_rule: str = BLACK  # colour of the line below page headers, empty for none
    registers: Rules = Rules()  # of tables with a head
    forms: Rules = Rules()  # of tables to be filled in
    cover_band: float = 0  # width of a band in the accent colour at the left edge of the cover, in points
    logo: Logo | None = None

    @property
    def text_width(self) -> float:
        return self.page_width - self.margin_left - self.margin_right

    @property
    def text_height(self) -> float:
        return self.page_height - self.margin_top - self.margin_bottom

    def type_of(self, style: Style) -> Type:
        """The type of a paragraph in this manner; the body's for all that differ from it in place only."""
        return next((type_ for each, type_ in self.styles if each is style), self.body)

    def names_of(self, type_: Type) -> tuple[str, str]:
        """The Latin and the Hanzi face that a file asks for."""
        faces = self.faces
        latin, hanzi = (faces.sans_latin, faces.sans_hanzi) if type_.sans else (faces.serif_latin, faces.serif_hanzi)
        return type_.latin or latin, type_.hanzi or hanzi

    def rules_of(self, grid: Grid) -> Rules:
        """The lines of this table."""
        return self.registers if grid.head else self.forms


FORMAL = Theme("formal")
"""正式: the restraint of GB/T 9704, black on white, every cell ruled."""

_INK, _BLUE, _GREY, _LINE, _PALE = "1F2A37", "12507B", "566373", "C9D3DC", "EDF3F8"

MODERN = Theme(
    "modern",
    margin_top=29 * MM,
    margin_left=26 * MM,
    margin_right=26 * MM,
    faces=Faces(sans_hanzi="微软雅黑"),
    body=Type(11, 20, colour=_INK),
    note=Type(9.5, 16, colour=_GREY),
    table=Type(10, 16, sans=True, colour=_INK),
    table_small=Type(9, 14, sans=True, colour=_INK),
    caption=Type(10, 20, sans=True, bold=True, colour=_GREY),
    running=Type(8.5, 12, sans=True, colour=_GREY),
    headings=(
        Type(20, 32, sans=True, bold=True, above=4, below=14, colour=_BLUE, align="left"),
        Type(14, 26, sans=True, bold=True, above=10, below=2, colour=_BLUE),
        Type(11.5, 24, sans=True, bold=True, above=4, colour=_INK),
        Type(11, 22, sans=True, colour=_INK),
    ),
    styles=(
        (Style.NOTE, Type(9.5, 16, colour=_GREY)),
        (Style.FINE, Type(8.5, 12, colour=_GREY)),
        (Style.CAPTION, Type(10, 20, sans=True, bold=True, colour=_GREY)),
        (Style.PART_TITLE, Type(20, 32, sans=True, bold=True, above=4, below=14, colour=_BLUE, align="left")),
        (Style.COVER_COMPANY, Type(16, 30, sans=True, colour=_GREY, align="left")),
        (Style.COVER_TITLE, Type(38, 58, sans=True, bold=True, colour=_BLUE, align="left")),
        (Style.COVER_SUBTITLE, Type(13, 26, sans=True, colour=_GREY, align="left")),
        (Style.COVER_LINE, Type(12, 26, sans=True, colour=_INK, align="left")),
    ),
    cell_padding=6,
    cell_air=2.5,
    accent=_BLUE,
    shade=_PALE,
    head_rule=_LINE,
    registers=Rules(edge=_BLUE, side="", across=_LINE, down="", head=_BLUE),
    forms=Rules(edge=_LINE, side=_LINE, across=_LINE, down=_LINE, head=_LINE),
    cover_band=10 * MM,
)
"""现代: headings and tables without serifs, one quiet blue, light rules across and none down, text on the left."""

THEMES = {theme.name: theme for theme in (FORMAL, MODERN)}
THEME_NAMES = {"formal": "正式", "modern": "现代"}

"""图纸: the drawing paper under posters and boards. Lengths, also of letters, are millimetres of an A4 sheet;
on A3 all of it is larger by the square root of two."""

import io
from math import sqrt
from pathlib import Path
from typing import Final, Self

import segno
from fpdf import FPDF
from fpdf.enums import TextMode
from fpdf.fonts import TTFFont

from app.core.terms import LabelledEnum

WIDTH, HEIGHT = 210.0, 297.0
_POINTS_PER_MM: Final = 72 / 25.4
_FAMILY: Final = "zh"
# The stroke that makes letters bold, as a share of their size: the usual fonts bring no bold face.
_BOLD: Final = 0.035
_CLOSING: Final = "，。、；：？！”）》"

Colour = tuple[int, int, int]
BLACK: Final[Colour] = (0, 0, 0)
WHITE: Final[Colour] = (255, 255, 255)
# tokens.css, as print has it: --red, --green and the cream of a couplet.
RED: Final[Colour] = (176, 46, 28)
GREEN: Final[Colour] = (29, 107, 69)
CREAM: Final[Colour] = (255, 232, 184)


class PaperSize(LabelledEnum):
    """纸张: what the office's printer takes."""

    A4 = "A4", "A4"
    A3 = "A3", "A3"


class Sheet:
    """One document of A4 or A3 pages with a Chinese font inside. `with Sheet(...) as sheet:`"""

    def __init__(self, font: Path, size: PaperSize = PaperSize.A4) -> None:
        self._scale = sqrt(2) if size is PaperSize.A3 else 1.0
        self._pdf = FPDF(unit=_POINTS_PER_MM * self._scale, format=(WIDTH, HEIGHT))
        self._pdf.set_auto_page_break(False)
        self._pdf.set_margin(0)
        self._pdf.set_title("送岗")
        self._pdf.add_font(_FAMILY, fname=font)
        self._pdf.set_font(_FAMILY)

    @property
    def _face(self) -> TTFFont:
        face = self._pdf.fonts[_FAMILY]
        if not isinstance(face, TTFFont):
            raise TypeError(_FAMILY)
        return face

    @property
    def pages(self) -> int:
        return self._pdf.page

    def new_page(self) -> None:
        self._pdf.add_page()

    def write(self, path: Path) -> None:
        """Writes the document. Raises OSError."""
        path.write_bytes(self.as_bytes())

    def as_bytes(self) -> bytes:
        """The finished document; nothing can be drawn after it."""
        return bytes(self._pdf.output())

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        # The font's file stays open while letters are looked up in it.
        self._face.ttfont.close()

    def width_of(self, text: str, size: float) -> float:
        self._set_size(size)
        return float(self._pdf.get_string_width(text))

    def text(
        self,
        x: float,
        y: float,
        text: str,
        size: float,
        *,
        colour: Colour = BLACK,
        bold: bool = False,
        align: str = "left",
        room: float | None = None,
    ) -> float:
        """Writes `text` with its letters `size` high, `y` being the middle of the line; smaller letters where
        it is wider than `room`, and cut with an ellipsis where it still is. Returns the width taken."""
        text = self._known(text)
        width = self.width_of(text, size)
        if room is not None and width > room:
            size = max(size * room / width, size * 0.7)
            while self.width_of(text, size) > room and len(text) > 2:
                text = text[:-2] + "…"
        width = self.width_of(text, size)
        left = x - {"left": 0.0, "centre": width / 2, "right": width}[align]
        self._pdf.set_text_color(*colour)
        self._pdf.set_draw_color(*colour)
        mode = TextMode.FILL_STROKE if bold else TextMode.FILL
        with self._pdf.local_context(text_mode=mode, line_width=size * _BOLD if bold else 0.2):
            self._pdf.text(left, y + size * 0.36, text)
        return width

    def paragraph(
        self, x: float, y: float, text: str, size: float, room: float, *, step: float | None = None
    ) -> float:
        """Writes `text` in lines no wider than `room`, the first centred on `y`; no line begins with a mark
        that belongs to the one before. Returns the middle of the line that would come next."""
        step = step or size * 1.7
        for line in self._lines(self._known(text), size, room):
            self.text(x, y, line, size)
            y += step
        return y

    def _lines(self, text: str, size: float, room: float) -> list[str]:
        lines, line = [], ""
        for letter in text:
            if line and self.width_of(line + letter, size) > room and letter not in _CLOSING:
                lines.append(line)
                line = ""
            line += letter
        return [*lines, line] if line else lines

    def dashes(self, x: float, y: float, to_x: float, to_y: float) -> None:
        """A line to cut or fold along."""
        self._pdf.set_draw_color(*BLACK)
        self._pdf.set_line_width(0.2)
        self._pdf.set_dash_pattern(dash=2, gap=2)
        self._pdf.line(x, y, to_x, to_y)
        self._pdf.set_dash_pattern()

    def column(self, x: float, y: float, step: float, text: str, size: float, colour: Colour) -> None:
        """Writes one letter under the other, centred on `x`, the first in the middle of `y`."""
        for at, letter in enumerate(text):
            self.text(x, y + at * step, letter, size, colour=colour, bold=True, align="centre")

    def block(self, x: float, y: float, w: float, h: float, colour: Colour, *, corner: float = 0) -> None:
        self._pdf.set_fill_color(*colour)
        self._pdf.rect(x, y, w, h, style="F", round_corners=corner > 0, corner_radius=corner)

    def frame(
        self, x: float, y: float, w: float, h: float, colour: Colour, line: float, *, corner: float = 0
    ) -> None:
        self._pdf.set_draw_color(*colour)
        self._pdf.set_line_width(line)
        self._pdf.rect(x, y, w, h, style="D", round_corners=corner > 0, corner_radius=corner)

    def line(self, x: float, y: float, to_x: float, line: float = 0.3, colour: Colour = BLACK) -> None:
        self._pdf.set_draw_color(*colour)
        self._pdf.set_line_width(line)
        self._pdf.line(x, y, to_x, y)

    def disc(self, x: float, y: float, radius: float, colour: Colour) -> None:
        self._pdf.set_fill_color(*colour)
        self._pdf.circle(x, y, radius, style="F")

    def code(self, x: float, y: float, side: float, url: str) -> None:
        """Draws the QR picture of an address, `side` wide without its quiet zone: level Q, a quarter of it
        may be dirty."""
        rows = list(segno.make(url, error="q", micro=False, boost_error=False).matrix)
        module = side / len(rows)
        self._pdf.set_fill_color(*BLACK)
        for down, row in enumerate(rows):
            run = 0
            for across, dark in enumerate([*row, 0]):
                if dark:
                    run += 1
                elif run:
                    # One bar for neighbours: no white hairlines between them on paper.
                    left = x + (across - run) * module
                    self._pdf.rect(left, y + down * module, run * module, module * 1.01, style="F")
                    run = 0

    def picture(self, x: float, y: float, side: float, symbol: str) -> None:
        """Draws a symbol of icons.svg."""
        inner = symbol[symbol.index(">") + 1 : symbol.rindex("</symbol>")]
        drawing = (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"><g fill="none" stroke="#000000" '
            f'stroke-width="1.8" stroke-linecap="round" stroke-linejoin="round">{inner}</g></svg>'
        )
        self._pdf.image(io.BytesIO(drawing.encode()), x=x, y=y, w=side, h=side)

    def _set_size(self, size: float) -> None:
        self._pdf.set_font_size(size * _POINTS_PER_MM * self._scale)

    def _known(self, text: str) -> str:
        """`text` without letters that the font has no picture for (emoji in a firm's title)."""
        return "".join(letter for letter in text if ord(letter) in self._face.cmap)

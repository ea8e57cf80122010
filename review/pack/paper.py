"""Sheets of a PDF in Chinese and English: text broken by the rules of both, every character from an embedded font.

Text is only ever drawn, never interpreted: nothing in it can become a link, a script or an action of the document.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

import pylopdf_fonts_zh_cn
from fpdf import FPDF
from fpdf.enums import TextMode

from review.plain import plain

Colour = tuple[int, int, int]
INK: Colour = (27, 36, 48)
QUIET: Colour = (86, 98, 115)
ALARM: Colour = (163, 42, 28)
LINK: Colour = (28, 93, 153)
LINE: Colour = (221, 226, 232)
MARGIN = 18.0  # mm
LEADING = 1.5  # of the type's size
MILLIMETRE = 25.4 / 72  # of a point
MISSING = "□"
_FAMILY = "NotoSansSC"
_WIDE = r"[\u2e80-\u9fff\uf900-\ufaff\uff00-\uff60\uffe0-\uffe6\U00020000-\U0003ffff]"
_SHUT = "，。、；：？！）》」』】〕”’…—%％"  # never begins a line (GB/T 15834, 5.1)
_TOKENS = re.compile(rf"\s+|[（《「『【〔“‘]*{_WIDE}[{_SHUT}]*|(?:(?!{_WIDE})\S)+[{_SHUT}]*", re.DOTALL)

logging.getLogger("fontTools").setLevel(logging.ERROR)  # it reports each table that it drops


@dataclass(frozen=True, slots=True)
class Cell:
    """A piece of a row: width in mm, text, size in points."""

    width: float
    text: str
    size: float = 9.5
    colour: Colour = INK
    strong: bool = False


class Paper(FPDF):
    """A4 sheets that are written from top to bottom."""

    def __init__(self, title: str, foot: str, language: str, at: datetime) -> None:
        super().__init__(format="A4")
        self._foot = plain(foot)
        self._widths: dict[str, float] = {}
        self.set_margins(MARGIN, MARGIN, MARGIN)
        self.set_auto_page_break(False)
        self.add_font(_FAMILY, "", str(pylopdf_fonts_zh_cn.sans_path()))
        self._known = self.fonts[_FAMILY.lower()].cmap  # type: ignore[union-attr]
        self.set_font(_FAMILY, size=10)
        self.set_title(self.drawable(title))
        self.set_creator("callqa")
        self.set_producer("callqa")
        self.set_lang("en" if language == "en" else "zh-CN")
        self.set_creation_date(at)
        self.add_page()

    def footer(self) -> None:
        self.set_font(_FAMILY, size=7.5)
        self.set_text_color(*QUIET)
        self.set_xy(MARGIN, -12)
        self.cell(self.epw - 20, 5, self._fitting(self.drawable(self._foot), self.epw - 22, 7.5))
        self.cell(20, 5, f"{self.page_no()} / {{nb}}", align="R")

    def heading(self, text: str, *, top: bool = False) -> None:
        """A heading with a line under it; a page of its own begins where little room is left."""
        self.room(26)
        self.ln(0 if top else 5)
        self.row([Cell(self.epw, text, 17 if top else 13, strong=True)])
        self.set_draw_color(*LINE)
        self.set_line_width(0.3)
        self.line(MARGIN, self.get_y() + 0.8, MARGIN + self.epw, self.get_y() + 0.8)
        self.ln(2.5)

    def paragraph(self, text: str, size: float = 9.5, colour: Colour = INK, *, strong: bool = False) -> None:
        """Text over the whole width."""
        self.row([Cell(self.epw, text, size, colour, strong)])

    def facts(self, pairs: Sequence[tuple[str, str]], label: float = 34.0) -> None:
        """Labels and values, one pair below the other; what has no value is left out."""
        for name, value in pairs:
            if value:
                self.row([Cell(label, name, 9, QUIET), Cell(self.epw - label, value, 9)])

    def row(self, cells: Sequence[Cell], *, gap: float = 2.0, ruled: bool = False) -> None:
        """Cells side by side; one that is longer than the page goes on on the next."""
        columns = [list(self.lines(c.text, c.width - gap, c.size)) for c in cells]
        height = max(c.size for c in cells) * LEADING * MILLIMETRE
        for number in range(max(map(len, columns))):
            self.room(height)
            x, y = MARGIN, self.get_y()
            for cell, lines in zip(cells, columns, strict=True):
                if number < len(lines) and lines[number]:
                    self._draw(x, y, cell, lines[number], height)
                x += cell.width
            self.set_xy(MARGIN, y + height)
        if ruled:
            self.set_draw_color(*LINE)
            self.set_line_width(0.15)
            self.line(MARGIN, self.get_y() + 0.4, MARGIN + self.epw, self.get_y() + 0.4)
            self.ln(1.0)

    def room(self, height: float) -> None:
        """A new page where less than `height` mm are left on this one."""
        if self.get_y() + height > self.h - MARGIN:
            self.add_page()
            self.set_xy(MARGIN, MARGIN)

    def lines(self, text: str, width: float, size: float) -> Iterator[str]:
        """The text in lines of at most `width` mm: broken between Chinese characters and between words, inside a word
        only where it is longer than a line."""
        for paragraph in self.drawable(text, keep="\n").split("\n"):
            line, taken = "", 0.0
            for token in _TOKENS.findall(paragraph):
                wide = self.wide(token, size)
                if taken + wide > width and line:
                    yield line.rstrip()
                    line, taken = "", 0.0
                    if token.isspace():
                        continue
                while wide > width:
                    fitting = self._fitting(token, width, size)
                    yield fitting
                    token = token[len(fitting) :]
                    wide = self.wide(token, size)
                line, taken = line + token, taken + wide
            yield line.rstrip()

    def wide(self, text: str, size: float) -> float:
        """How wide the text is in mm."""
        return sum(map(self._width, text)) * size

    def drawable(self, text: str, keep: str = "") -> str:
        """The text as the font can show it: no control or direction characters; a box for what it has no shape of."""
        parts = [str(plain(part)) for part in (text.split(keep) if keep else [text])]
        return keep.join("".join(c if ord(c) in self._known else MISSING for c in part) for part in parts)

    def _width(self, character: str) -> float:
        if character not in self._widths:
            self.set_font(_FAMILY, size=100)
            self._widths[character] = self.get_string_width(character) / 100
        return self._widths[character]

    def _fitting(self, text: str, width: float, size: float) -> str:
        """As much of the text as fits, one character at least."""
        taken = 0.0
        for at, character in enumerate(text):
            taken += self._width(character) * size
            if taken > width:
                return text[: max(1, at)]
        return text

    def _draw(self, x: float, y: float, cell: Cell, line: str, height: float) -> None:
        self.set_font(_FAMILY, size=cell.size)
        self.set_text_color(*cell.colour)
        self.set_xy(x, y)
        if cell.strong:  # the font has one weight: its outlines are drawn with a pen
            with self.local_context(text_mode=TextMode.FILL_STROKE, line_width=cell.size / 110, draw_color=cell.colour):
                self.cell(cell.width, height, line)
        else:
            self.cell(cell.width, height, line)

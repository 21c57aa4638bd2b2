"""Blocks of Markdown laid out for the width that they get: points hang, code is folded, tables keep their columns."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from textual.content import Content
from textual.css.styles import RulesMap
from textual.strip import Strip
from textual.style import Style
from textual.visual import RenderOptions, Visual

from tui import prose
from tui.blocks import Block, Form
from tui.glyphs import Glyphs
from tui.prose import Mark

_NARROWEST = 8
"""Cells that words get at least, however deep they are nested."""
_COLUMN = 3
"""Cells below which a table's column is not read any more: such a table is written cell below cell."""
_RULE = 40
"""Cells of a line across, at most."""


class Laid(Visual):
    """What stands in one group of blocks, with its marks."""

    def __init__(self, text: str, blocks: Sequence[Block], marks: Sequence[Mark], glyphs: Glyphs) -> None:
        self._text = text
        self._blocks = blocks
        self._marks = tuple(marks)
        self._glyphs = glyphs
        self._made: tuple[int, list[Content]] | None = None
        """A width, and the lines for it."""
        self._drawn: dict[int, tuple[Content, Strip]] = {}
        """Lines, by their number: a strip knows its place, which marking with the mouse goes by."""
        self._drawn_so: tuple[int, Style] | None = None
        """The width and the style in which those are drawn."""

    def follow(self, earlier: Laid) -> None:
        """Take over what was drawn of an earlier state: where a reply streams in, all of a long paragraph but its end."""
        self._drawn, self._drawn_so = earlier._drawn, earlier._drawn_so

    def forget(self) -> None:
        """Draw everything anew: the theme has other colours."""
        self._drawn_so = None

    def __str__(self) -> str:
        return self.content(10_000).plain

    def render_strips(self, width: int, height: int | None, style: Style, options: RenderOptions) -> list[Strip]:
        if not width:
            return []
        if options.selection is not None:
            return self.content(width).render_strips(width, height, style, options)
        kept = self._drawn if self._drawn_so == (width, style) else {}
        self._drawn, self._drawn_so = {}, (width, style)
        for number, line in enumerate(self._rows(width)[:height]):
            known = kept.get(number)
            if known is None or not known[0].is_same(line):
                strip = next(iter(line.render_strips(width, 1, style, options)), Strip([], 0))
                known = line, strip.apply_offsets(0, number)
            self._drawn[number] = known
        return [strip for _, strip in self._drawn.values()]

    def get_optimal_width(self, rules: RulesMap, container_width: int) -> int:
        return self.content(container_width).get_optimal_width(rules, container_width)

    def get_height(self, rules: RulesMap, width: int) -> int:  # noqa: ARG002 (Textual calls it so)
        return self.lines(width) if width else 0

    def lines(self, width: int) -> int:
        """How many there are at a width in cells."""
        return max(1, len(self._rows(width)))

    def content(self, width: int) -> Content:
        """The lines for a width in cells, as one."""
        return Content("\n").join(self._rows(width))

    def _rows(self, width: int) -> list[Content]:
        if self._made is None or self._made[0] != width:
            self._made = width, [line for block in self._blocks for line in self._lines(block, width)]
        return self._made[1]

    def _lines(self, block: Block, width: int) -> Iterator[Content]:
        bar = f"{self._glyphs.bar} " * block.quoted
        lead = f"{self._glyphs.bullet if block.lead == '-' else block.lead} " if block.lead else ""
        indent = "  " * (block.depth - bool(lead))
        room = max(0, width - _NARROWEST - len(bar))
        first = Content.assemble((bar, "$faint"), indent[: max(0, room - len(lead))], (lead, "$accent"))
        rest = Content.assemble((bar, "$faint"), " " * (first.cell_length - len(bar)))
        for number, line in enumerate(self._body(block, max(_NARROWEST, width - first.cell_length))):
            yield (rest if number else first) + line

    def _body(self, block: Block, width: int) -> Iterator[Content]:
        match block.form:
            case Form.RULE:
                yield Content.styled(self._glyphs.rule * min(width, _RULE), "$line")
            case Form.CODE:
                for line in self._cell(block, 0).expand_tabs(4).split(allow_blank=True):
                    for part in line.fold(width):
                        yield part.pad_right(max(0, min(width, 200) - part.cell_length)).stylize_before("on $panel")
            case Form.TABLE:
                yield from self._table(block, width)
            case Form.HEADING:
                yield from self._cell(block, 0).stylize_before("bold $primary").wrap(width)
            case Form.TEXT:
                yield from self._cell(block, 0).wrap(width)

    def _cell(self, block: Block, number: int) -> Content:
        cell = block.cells[number]
        if not cell:
            return Content("")
        start, end = cell[0][0], cell[-1][1]
        over = [mark for mark in (*block.styles, *self._marks) if mark.span[0] < end and mark.span[1] > start]
        return prose.marked(self._text, cell, over)

    def _table(self, block: Block, width: int) -> Iterator[Content]:
        cells = [self._cell(block, number).expand_tabs(4) for number in range(len(block.cells))]
        rows = [cells[at : at + block.columns] for at in range(0, len(cells), block.columns)]
        between = f" {self._glyphs.bar} "
        widths = _shared([max(cell.cell_length for cell in column) for column in zip(*rows, strict=True)], width, len(between))
        rows[0] = [cell.stylize_before("bold") for cell in rows[0]]
        for number, row in enumerate(rows):
            if not widths:  # no room for columns
                yield from (line for cell in row for line in cell.wrap(width))
                yield Content.styled(self._glyphs.rule * min(width, _RULE), "$line")
                continue
            wrapped = [cell.wrap(room) for cell, room in zip(row, widths, strict=True)]
            for level in range(max(map(len, wrapped))):
                parts = [lines[level] if level < len(lines) else Content("") for lines in wrapped]
                padded = (part.pad_right(room - part.cell_length) for part, room in zip(parts, widths, strict=True))
                yield Content.styled(between, "$line").join(padded).rstrip()
            if number == 0:
                yield Content.styled(
                    f"{self._glyphs.rule}{self._glyphs.cross}{self._glyphs.rule}".join(
                        self._glyphs.rule * room for room in widths
                    ),
                    "$line",
                )


def _shared(wanted: Sequence[int], width: int, between: int) -> list[int]:
    """How many cells each column gets of `width`: what it wants, or, of what the small ones leave, an equal share; nothing
    where a share is too small to read."""
    left = width - between * (len(wanted) - 1)
    widths = [0] * len(wanted)
    for number, (want, column) in enumerate(sorted((max(1, want), at) for at, want in enumerate(wanted))):
        share = left // (len(wanted) - number)
        if share < min(want, _COLUMN):
            return []
        widths[column] = min(want, share)
        left -= widths[column]
    return widths

"""Where the labels go: a numbered chip beside each finding, never over another chip, and over another finding only at need.

A chip is tried above its box, on the box's top edge, below it and inside it; first with the label, then with the number
alone. The number is the row of the findings table, so even a crowded picture can be read.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from rich.cells import cell_len, set_cell_size

from backend.export.palette import ink_on
from backend.sanitise import one_line
from tui.preview.canvas import Canvas, packed, unpacked
from tui.preview.geometry import CellBox, Fit

_LONGEST = 28
"""Cells a label may take in the picture; the table has the whole of it."""


@dataclass(frozen=True, slots=True)
class Chip:
    """What is written beside one finding."""

    number: int | str
    """Its row's in the table."""
    label: str
    place: CellBox
    colour: int | None
    selected: bool = False


@dataclass(frozen=True, slots=True)
class PlacedChip:
    """A chip and the cells it takes: `text` from (column, row) to the right."""

    chip: Chip
    text: str
    column: int
    row: int

    @property
    def cells(self) -> frozenset[tuple[int, int]]:
        return frozenset((self.column + across, self.row) for across in range(cell_len(self.text)))


def place_chips(fit: Fit, chips: tuple[Chip, ...], *, colour: bool) -> tuple[PlacedChip, ...]:
    """A place for every chip; the selected ones choose first, so that they get the best."""
    taken: set[tuple[int, int]] = set()
    placed: list[PlacedChip] = []
    for chip in sorted(chips, key=lambda chip: not chip.selected):
        best = _place(chip, fit, taken, chips, colour=colour)
        if best is not None:
            taken |= best.cells
            placed.append(best)
    return tuple(placed)


def draw_chips(canvas: Canvas, chips: tuple[PlacedChip, ...], *, selected: bool) -> None:
    """Paint those that are selected, or those that are not."""
    for placed in chips:
        if placed.chip.selected is selected:
            colour = placed.chip.colour
            ink = None if colour is None else packed(ink_on(unpacked(colour)))
            canvas.write(placed.column, placed.row, placed.text, ink, colour, bold=True)


def _place(chip: Chip, fit: Fit, taken: set[tuple[int, int]], chips: tuple[Chip, ...], *, colour: bool) -> PlacedChip | None:
    """The first place that is free; one that covers another finding only where there is no other."""
    second_best: PlacedChip | None = None
    for text in _texts(chip, fit, colour=colour):
        size = cell_len(text)
        for column, row in _places(chip.place, size):
            placed = PlacedChip(chip, text, min(max(column, fit.left), max(fit.left, fit.left + fit.columns - size)), row)
            if not (fit.holds(placed.column, row) and size <= fit.columns and placed.cells.isdisjoint(taken)):
                continue
            if chip.selected or not any(other is not chip and _covers(placed, size, other.place) for other in chips):
                return placed
            second_best = second_best or placed
    return second_best


def _covers(placed: PlacedChip, size: int, box: CellBox) -> bool:
    """Whether a chip hides a part of another finding. A box that is nearly the whole row's width may be written on."""
    apart = placed.column > box.right or placed.column + size <= box.left
    return not apart and box.top <= placed.row <= box.bottom and box.width < 4 * size


def _texts(chip: Chip, fit: Fit, *, colour: bool) -> Iterator[str]:
    """The label whole or shortened, then the number alone; in brackets where no colour sets the chip off."""
    before, after = (" ", " ") if colour else ("[", "]")
    label = one_line(chip.label)
    if label:
        room = min(_LONGEST, fit.columns - len(f"{chip.number}") - 3)
        if cell_len(label) > room > 4:
            label = set_cell_size(label, room - 1).rstrip() + ("…" if colour else "~")
        if cell_len(label) <= room:
            yield f"{before}{chip.number} {label}{after}"
    yield f"{before}{chip.number}{after}"
    yield f"{chip.number}"


def _places(box: CellBox, size: int) -> Iterator[tuple[int, int]]:
    yield box.left, box.top - 1
    if box.width >= size + 2:
        yield box.left + 1, box.top
    yield box.left, box.bottom + 1
    yield box.left, box.top
    yield box.right - size + 1, box.top - 1
    yield box.right - size + 1, box.bottom + 1
    for row in range(box.top + 1, box.bottom + 1):
        yield box.left + 1, row

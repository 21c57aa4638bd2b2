"""What was found and claimed, a row each. The row under the cursor lights up in the picture while the table has the focus."""

from __future__ import annotations

from dataclasses import dataclass, replace

from rich.cells import cell_len, set_cell_size
from rich.text import Text
from textual import events, on
from textual.message import Message
from textual.widgets import DataTable

from backend.sanitise import one_line
from backend.scene import Claim, Finding
from tui import wording
from tui.actions import Where, bindings
from tui.glyphs import Glyphs

_WHERE = 17
_SURE = 4
_NUMBER = 4
_MOST_LINES = 8
_TWO_LINES_BELOW = 40
"""Cells; in a narrower table the place is written below the name."""


class FindingsTable(DataTable[Text]):
    """Findings by number, then claims with their verdicts."""

    BINDINGS = bindings(Where.FINDINGS)

    @dataclass
    class Lit(Message):
        """These findings (by index) should stand out in the picture; none where the set is empty."""

        findings: frozenset[int]

    def __init__(self, glyphs: Glyphs) -> None:
        super().__init__(
            id="findings",
            cursor_type="row",
            cell_padding=0,
            show_header=False,
            cursor_foreground_priority="renderable",
            cursor_background_priority="renderable",  # the numbers keep their colours
        )
        self._glyphs = glyphs
        self._findings: list[Finding] = []
        self._claims: list[Claim] = []
        self._rows: list[frozenset[int]] = []
        self._wide = True

    def show(self, findings: list[Finding], claims: list[Claim]) -> None:
        """Replace the rows; the cursor stays where it is."""
        self._findings, self._claims = list(findings), list(claims)
        self._fill()

    def on_resize(self, event: events.Resize) -> None:
        if event.size.width:
            self._fill()

    def watch_has_focus(self, has_focus: bool) -> None:
        super().watch_has_focus(has_focus)
        if has_focus:
            self._light()
        else:
            self.post_message(self.Lit(frozenset()))

    @on(DataTable.RowHighlighted)
    def _moved(self, message: DataTable.RowHighlighted) -> None:
        message.stop()
        self._light()

    def _light(self) -> None:
        if self.has_focus and self.cursor_row < len(self._rows):
            self.post_message(self.Lit(self._rows[self.cursor_row]))

    def _fill(self) -> None:
        at = self.cursor_row
        room = self.size.width - 1
        self.clear(columns=True)
        self._rows = []
        self.display = bool(self._findings or self._claims)
        if not self.display:
            return
        self._wide = room >= _TWO_LINES_BELOW
        places = _WHERE if self._wide else 0
        label = max(6, room - _NUMBER - places - _SURE)
        for key, width in (("number", _NUMBER), ("label", label), ("where", places), ("sure", _SURE)):
            if width:
                self.add_column(key, key=key, width=width)
        for index, finding in enumerate(self._findings):
            self._add_finding(index, finding, label)
        for claim in self._claims:
            self._add_claim(claim, label)
        self.styles.height = min(self.row_count * (1 if self._wide else 2), _MOST_LINES)
        self.move_cursor(row=min(at, self.row_count - 1), animate=False)

    def _add_finding(self, index: int, finding: Finding, width: int) -> None:
        number = Text(f"{index + 1:>2} ", style=wording.chip_style(index))
        self._rows.append(frozenset((index,)))
        label = one_line(finding.label) or "unnamed"
        self._add(number, label, wording.where(finding), wording.sureness(finding.confidence), width)

    def _add_claim(self, claim: Claim, width: int) -> None:
        """The claim in the numbers of its findings (1 left of 2), in words where it has none."""
        sign, colour = wording.ruling(claim, self._glyphs)
        ids = {finding.id: index for index, finding in enumerate(self._findings)}
        sides = [ids.get(claim.subject_id), ids.get(claim.object_id)]
        self._rows.append(frozenset(index for index in sides if index is not None))
        numbered = [
            name if index is None else str(index + 1) for name, index in zip((claim.subject, claim.object), sides, strict=True)
        ]
        verdict = claim.verdict.ruling.value if claim.verdict else "not checked"
        said = wording.relation(replace(claim, subject=numbered[0], object=numbered[1]))
        style = f"bold {self.app.theme_variables.get(colour, '')}"
        self._add(Text(f" {sign} ", style=style), said, verdict, "", width)

    def _add(self, number: Text, label: str, place: str, sure: str, width: int) -> None:
        """One row: the place beside the label where there is room, else on a line of its own below it."""
        cut = Text(set_cell_size(label, width - 1).rstrip() + self._glyphs.ellipsis if cell_len(label) > width else label)
        right = Text(sure, justify="right")
        if self._wide:
            self.add_row(number, cut, Text(f" {place}"), right)
        else:
            self.add_row(number, cut.append(f"\n{place}", style="dim"), right, height=2)

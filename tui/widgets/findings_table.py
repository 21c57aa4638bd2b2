"""What was found, claimed and checked, a row each. The row under the cursor lights up in the picture, and a claim's words
in the text, while the table has the focus."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from rich.cells import cell_len, set_cell_size
from rich.text import Text
from textual import events, on
from textual.coordinate import Coordinate
from textual.message import Message
from textual.widgets import DataTable

from backend.export.palette import ink_on
from backend.language import _
from backend.sanitise import one_line
from backend.scene import Box3D, Check, Claim, Finding, Verdict
from backend.scene.phrasing import checked, ruling, statement
from backend.spatial.depth import FindingDepth
from tui import evidence, wording
from tui.actions import Where, bindings
from tui.clipboard import AnswerWanted, copy
from tui.glyphs import Glyphs
from tui.preview.canvas import packed
from tui.studies.study import Row

_WHERE = 17
_SURE = 4
_NUMBER = 4
_MOST_LINES = 8
_TWO_LINES_BELOW = 40
"""Cells; in a narrower table the place is written below the name."""
_SENTENCES_BELOW = 80
"""The same where the rows are sentences."""


class FindingsTable(DataTable[Text]):
    """Findings by number, then claims with their verdicts."""

    BINDINGS = bindings(Where.FINDINGS)

    @dataclass
    class Told(Message):
        """The cursor is on this row of those that were told in place of findings; on none where the table is left."""

        row: Row | None

    @dataclass
    class Lit(Message):
        """These findings (by index) should stand out in the picture; none where the set is empty."""

        findings: frozenset[int]
        claim: int | None = None
        """The claim that the row is about, by its place: its words should stand out."""

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
        self._checks: list[Check] = []
        self._depths: Mapping[str, FindingDepth] | None = None
        """By finding, where depth is shown."""
        self._told: Sequence[Row] | None = None
        """What is shown in place of the findings."""
        self._several = False
        self._rows: list[FindingsTable.Lit] = []
        """What each row lights up."""
        self._wide = True
        self._label = 0
        """Cells of the column of labels."""

    def show(
        self,
        findings: Sequence[Finding],
        claims: Sequence[Claim],
        checks: Sequence[Check] = (),
        depths: Mapping[str, FindingDepth] | None = None,
        pictures: int = 1,
    ) -> None:
        """Replace the rows; the cursor stays where it is. `depths`: told in place of where the findings are.
        `pictures`: that were asked about; of several, each finding says in which it is."""
        self._several = pictures > 1
        before = self._findings
        plain = not (claims or checks or depths or self._claims or self._checks or self._depths)
        grows = bool(self._rows) and plain and list(findings[: len(before)]) == before
        self._findings, self._claims, self._checks = list(findings), list(claims), list(checks)
        self._depths = depths
        if self._told is not None:  # they come back when those are told no more
            return
        if grows:  # while an answer streams: a table of thousands is not made anew for each
            self._add_findings(len(before))
        else:
            self._fill()

    @property
    def tells(self) -> bool:
        """Whether rows are told in place of the findings."""
        return self._told is not None

    @property
    def heights(self) -> list[int]:
        """Lines of each row."""
        return [row.height for row in self.ordered_rows]

    def point_at(self, findings: frozenset[int], claim: int | None = None) -> None:
        """Have the rows stand out that words elsewhere speak of: those of these findings, and that of the claim."""
        if self._told is not None:
            return
        for number, row in enumerate(self._rows):
            one = next(iter(row.findings), None) if len(row.findings) == 1 and row.claim is None else None
            pointed = one in findings or (claim is not None and row.claim == claim)
            cell = self.get_cell_at(Coordinate(number, 1))
            if ("reverse" in str(cell.style)) != pointed:
                shown = cell.copy()
                shown.style = "reverse" if pointed else ""
                self.update_cell_at(Coordinate(number, 1), shown)

    def tell(self, rows: Sequence[Row] | None) -> None:
        """Show these rows in place of the findings; None brings those back."""
        if rows is not self._told:
            self._told = rows
            self._fill()

    def say_again(self) -> None:
        if self.size.width:
            self._fill()

    def action_copy_row(self) -> None:
        if self.cursor_row < self.row_count:
            cells = (str(cell).strip() for cell in self.get_row_at(self.cursor_row))
            copy(self, "  ".join(cell for cell in cells if cell), _("the row"))

    def action_copy_json(self) -> None:
        self.post_message(AnswerWanted())

    def on_resize(self, event: events.Resize) -> None:
        if event.size.width:
            self._fill()

    def watch_has_focus(self, has_focus: bool) -> None:
        super().watch_has_focus(has_focus)
        if has_focus:
            self._light()
        else:
            self.post_message(self.Told(None) if self._told is not None else self.Lit(frozenset()))

    @on(DataTable.RowHighlighted)
    def _moved(self, message: DataTable.RowHighlighted) -> None:
        message.stop()
        self._light()

    def _light(self) -> None:
        if not self.has_focus:
            return
        if self._told is not None:
            if self.cursor_row < len(self._told):
                self.post_message(self.Told(self._told[self.cursor_row]))
        elif self.cursor_row < len(self._rows):
            row = self._rows[self.cursor_row]
            self.post_message(self.Lit(row.findings, row.claim))  # anew: a message is posted once

    def _fill(self) -> None:
        at = self.cursor_row
        room = self.size.width - 1
        self.clear(columns=True)
        self._rows = []
        self.display = bool(self._findings or self._claims if self._told is None else self._told)
        if not self.display:
            return
        self._wide = room >= (_TWO_LINES_BELOW if self._told is None else _SENTENCES_BELOW)
        places = _WHERE if self._wide else 0
        self._label = label = max(6, room - _NUMBER - places - _SURE)
        for key, width in (("number", _NUMBER), ("label", label), ("where", places), ("sure", _SURE)):
            if width:
                self.add_column(key, key=key, width=width)
        if self._told is not None:
            self._add_told(self._told)
        else:
            self._add_rows()
        self._stretch()
        self.move_cursor(row=min(at, self.row_count - 1), animate=False)

    def _add_rows(self) -> None:
        """Findings, then claims and checks."""
        label = self._label
        self._add_findings(0)
        for place, claim in enumerate(self._claims):
            self._add_claim(place, claim, label)
        for check in self._checks:
            self._add_check(check, label)

    def _add_told(self, rows: Sequence[Row]) -> None:
        for row in rows:
            style = "" if row.colour is None else f"bold #{packed(ink_on(row.colour)):06x} on #{packed(row.colour):06x}"
            number = Text(f"{row.sign:>2} ", style=style)
            if self._wide:
                self._add(number, row.words, row.where, "", self._label)
            else:
                first, rest = _parted(f"{row.where}  {row.words}" if row.where else row.words, self._label)
                self.add_row(
                    number, self._cut(first, self._label).append("\n").append(self._cut(rest, self._label)), Text(), height=2
                )

    def _stretch(self) -> None:
        """As high as its rows, up to a limit."""
        self.styles.height = min(self.row_count * (1 if self._wide else 2), _MOST_LINES)

    def _add_findings(self, start: int) -> None:
        """The rows of the findings from that one on."""
        for index, finding in enumerate(self._findings[start:], start):
            self._add_finding(index, finding, self._label)
        self._stretch()

    def _add_finding(self, index: int, finding: Finding, width: int) -> None:
        number = Text(f"{index + 1:>2} ", style=wording.chip_style(index, finding))
        self._rows.append(self.Lit(frozenset((index,))))
        label = one_line(finding.label) or "unnamed"
        if self._several:
            label = f"{finding.picture + 1}: {label}"
        place = wording.where(finding)
        if self._depths is not None and not isinstance(finding, Box3D):
            place = wording.depth(self._depths.get(finding.id), unicode=self._glyphs.ellipsis == "…")
        self._add(number, label, place, wording.sureness(finding.confidence), width)

    def _add_claim(self, place: int, claim: Claim, width: int) -> None:
        """The claim in the numbers of its findings (1 left of 2), in words where it has none."""
        sides = self._places(claim.subject_id, claim.object_id, claim.other_id)
        self._rows.append(self.Lit(frozenset(index for index in sides if index is not None), place))
        names = (claim.subject, claim.object, claim.other)
        subject, object_, other = (name if index is None else str(index + 1) for name, index in zip(names, sides, strict=True))
        self._add_ruling(statement(replace(claim, subject=subject, object=object_, other=other)), claim.verdict, width)

    def _add_check(self, check: Check, width: int) -> None:
        sides = self._places(check.finding_id, check.against_id)
        self._rows.append(self.Lit(frozenset(index for index in sides if index is not None)))
        ids = (check.finding_id, check.against_id)
        named, against = (id_ if index is None else str(index + 1) for id_, index in zip(ids, sides, strict=True))
        self._add_ruling(checked(check, named, against), check.verdict, width)

    def _places(self, *ids: str) -> list[int | None]:
        """Which of the findings these are."""
        places = {finding.id: index for index, finding in enumerate(self._findings) if finding.id}
        return [places.get(id_) for id_ in ids]

    def _add_ruling(self, what: str, verdict: Verdict | None, width: int) -> None:
        sign, colour = evidence.sign_of(verdict, self._glyphs)
        style = f"bold {self.app.theme_variables.get(colour, '')}"
        said, sure = (ruling(verdict), verdict.confidence) if verdict else (_("not checked"), None)
        self._add(Text(f" {sign} ", style=style), one_line(what), said, wording.sureness(sure), width)

    def _add(self, number: Text, label: str, place: str, sure: str, width: int) -> None:
        """One row: the place beside the label where there is room, else on a line of its own below it."""
        cut = self._cut(label, width)
        right = Text(sure, justify="right")
        if self._wide:
            self.add_row(number, cut, Text(f" {place}"), right)
        else:
            self.add_row(number, cut.append(f"\n{place}"), right, height=2)

    def _cut(self, text: str, width: int) -> Text:
        return Text(set_cell_size(text, width - 1).rstrip() + self._glyphs.ellipsis if cell_len(text) > width else text)


def _parted(text: str, width: int) -> tuple[str, str]:
    """As many words as fit into the width, one at least, and the rest."""
    words = text.split(" ")
    fitting = 1
    while fitting < len(words) and cell_len(" ".join(words[: fitting + 1])) <= width:
        fitting += 1
    return " ".join(words[:fitting]), " ".join(words[fitting:]).lstrip()

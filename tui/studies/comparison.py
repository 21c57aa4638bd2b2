"""What became of things between two marked pictures, as `sightline compare` tells it: everything is located in each alone, and
geometry says what changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from backend.answer import Answer
from backend.ask import Asker
from backend.errors import SightlineError
from backend.events import AskEvent, Done, Encoding
from backend.language import _, ngettext
from backend.published import as_answer
from backend.sanitise import one_line
from backend.scene import ChangeKind
from backend.scene.phrasing import happened
from tui.preview.changes import KINDS, ChangesDrawn
from tui.preview.gallery import Gallery
from tui.preview.views import View
from tui.studies.study import Row
from tui.studies.studying import Say


@dataclass(frozen=True, slots=True, eq=False)
class Comparison:
    """Both pictures held against each other."""

    before: Path
    after: Path
    answer: Answer
    known: str = ""
    """What the model's card warns of anyway."""

    @property
    def view(self) -> View:
        return View.CHANGES

    @property
    def pictures(self) -> tuple[Path, ...]:
        return self.before, self.after

    @property
    def said(self) -> str:
        count = sum(change.kind is not ChangeKind.UNCHANGED for change in self.answer.changes)
        changes = ngettext("{count} change", "{count} changes", count).format(count=count)
        motion = "".join(f"; {one_line(motion.reason)}" for motion in self.answer.motions)
        return f"{changes}{motion}"

    @property
    def notes(self) -> Sequence[str]:
        return [one_line(warning) for warning in self.answer.warnings if warning != self.known]

    @property
    def rows(self) -> Sequence[Row]:
        """What changed first, then what did not; each lights its box, in the picture that shows the thing."""
        order = sorted(enumerate(self.answer.changes), key=lambda numbered: numbered[1].kind is ChangeKind.UNCHANGED)
        return [
            Row(
                f"{at + 1}",
                f"{one_line(change.label, 40) or _('something')}: {one_line(change.reason)}",
                happened(change.kind),
                KINDS[change.kind],
                frozenset((at,)),
                picture=self.after if change.after_id else self.before,
            )
            for at, change in order
        ]

    @property
    def happened(self) -> Sequence[tuple[float, int]]:
        return ()

    def shown_on(self, picture: Path, /) -> Path:
        """Either of the two: drawn on the earlier one, what is no more is crossed out."""
        return picture if picture in self.pictures else self.after

    def drawn(self, picture: Path, _time: float, /) -> ChangesDrawn:
        boxes = {box.id: box for box in self.answer.boxes}
        motion = self.answer.motions[0] if self.answer.motions else None
        return ChangesDrawn(self.answer.changes, boxes, motion, later=self.shown_on(picture) == self.after)

    @property
    def kept(self) -> Mapping[str, Any]:
        return {"answer": self.answer.as_dict(), "known": self.known}

    @property
    def hashes(self) -> tuple[str, ...]:
        return tuple(ref.sha256 for ref in self.answer.pictures)

    @classmethod
    def of_kept(cls, pair: tuple[Path, Path], told: Mapping[str, Any]) -> Self:
        """From its `kept`. Raises ValueError for what is none."""
        return cls(*pair, as_answer(told["answer"]), str(told["known"]))


def compare_pair(
    asker: Asker, gallery: Gallery, pair: tuple[Path, Path], text: str, say: Say, *, second_looks: bool
) -> tuple[Comparison | None, SightlineError | None]:
    """Ask about each alone: what `text` names, else everything. Raises what reading and answering raise."""
    from backend.ask.comparing import compare

    say(_("opening the pictures"))
    pictures = gallery.picture(pair[0]), gallery.picture(pair[1])
    done = 0

    def heard(event: AskEvent) -> None:
        nonlocal done
        said = None
        match event:
            case Encoding(done=layers, total=total):
                said = _("comparing: looking at the pictures {done}/{total} layers").format(done=layers, total=total)
            case Done():
                done += 1
                said = _("comparing: {done} of 2 pictures are read").format(done=done)
        say(said)

    answer = compare(asker, pictures, text, second_looks=second_looks, heard=heard)
    if not answer.boxes:
        raise SightlineError(
            _("nothing was found in either picture, so that there is nothing to compare"),
            cure=_("say what to look for in the words that the model knows"),
        )
    return Comparison(*pair, answer, _(asker.model.card.note)), None

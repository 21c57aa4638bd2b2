"""Keys that find something out about what is looked at: things followed through a film, depth of two pictures, what changed.

Each asks one line, then works in a thread; Esc stops it. What it made gets a tab, also where the user looks at something else
by then.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from textual import on

from backend.ask import Asker
from backend.errors import QuestionCancelled, UsageError
from backend.language import _
from backend.memory.journal import Journal
from backend.sanitise import one_line
from backend.spatial.known_camera import GivenCamera
from tui.notices import complain
from tui.preview.gallery import Gallery
from tui.screens.kept import KeptScreen
from tui.screens.one_line import OneLine
from tui.screens.viewing import ViewingActions
from tui.studies.studying import Studying, Work
from tui.widgets.dialogue import Dialogue
from tui.widgets.findings_table import FindingsTable
from tui.widgets.status_line import StatusLine
from tui.widgets.viewer import Viewer

if TYPE_CHECKING:
    from tui.studies.again import MadeAgain

_LONGEST_BASELINE = 100.0
"""Metres; a larger number was meant in another unit."""


class StudyScreen(ViewingActions, KeptScreen):
    """A screen whose pictures can be studied."""

    _asker: Asker
    _gallery: Gallery
    _camera: GivenCamera | None
    _dialogue: Dialogue
    _journal: Journal | None
    _status: StatusLine
    _studying: Studying
    _tried: MadeAgain | None = None
    """What is or was being made again while its tab is shown."""

    # --- what the keys ask and start

    def action_follow(self) -> None:
        """Ask what is to be followed through the film."""
        film = self._viewer.picture
        if film is None or self._busy():
            return
        about = _(
            "Names of things, with commas between them. The model is asked for each of them in every frame, {fps:g} frames a "
            "second; reading a frame is most of the cost."
        ).format(fps=_FPS)
        names = ", ".join(self._viewer.labels)
        dialog = OneLine(_("Follow through the film"), about, value=names, example=_("red circle, cup"), check=_names)
        self._ask(dialog, partial(self._following, film))

    def _following(self, film: Path, typed: str) -> Work:
        from tui.studies.following import Wish, follow

        wish = Wish(_names(typed), _FPS, *self._viewer.part)
        return partial(follow, self._asker, film, wish)

    def action_stereo(self) -> None:
        """Ask how far apart the cameras stood, then measure."""
        pair = self._viewer.pair
        if pair is None or self._busy():
            return
        about = _(
            "{left} is the left picture, {right} the right one. The distance from camera to camera in metres; leave it empty "
            "where it is not known, and distances are in units of it."
        ).format(left=one_line(pair[0].name, 40), right=one_line(pair[1].name, 40))
        dialog = OneLine(_("Depth from two pictures"), about, example=_("0.12"), check=_baseline)
        self._ask(dialog, partial(self._measuring, pair))

    def _measuring(self, pair: tuple[Path, Path], typed: str) -> Work:
        from tui.studies.pair_depth import measure_pair

        return partial(measure_pair, self._gallery, pair, self._camera, _baseline(typed))

    def action_compare(self) -> None:
        """Ask what to look for in both pictures, then compare."""
        pair = self._viewer.pair
        if pair is None or self._busy():
            return
        about = _(
            "What moved, appeared or disappeared from {before} to {after}? Say what to look for, or leave it empty for "
            "everything."
        ).format(before=one_line(pair[0].name, 40), after=one_line(pair[1].name, 40))
        dialog = OneLine(_("Compare two pictures"), about, example=_("where is every cup?"))
        self._ask(dialog, partial(self._comparing, pair))

    def _comparing(self, pair: tuple[Path, Path], typed: str) -> Work:
        from tui.studies.comparison import compare_pair

        looks = self._dialogue.second_looks
        return partial(compare_pair, self._asker, self._gallery, pair, typed, second_looks=looks)

    def action_map_place(self) -> None:
        """Draw the place that the picture was filed under, from above."""
        picture = self._viewer.picture
        if picture is None or self._journal is None or self._busy():
            return
        from tui.studies.place import map_place

        self._begin(partial(map_place, self._journal.path, self._gallery, picture))

    def _ask(self, dialog: OneLine, work: Callable[[str], Work]) -> None:
        """Ask one line, and begin what is made of it."""

        def typed(line: str | None) -> None:
            if line is not None and not self._busy():
                self._begin(work(line))

        self.app.push_screen(dialog, typed)

    def _busy(self) -> bool:
        """Whether something is being found out, which is said then."""
        if self._studying.running:
            self.notify(_("Esc stops what is running first."), markup=False)
        return self._studying.running

    def _begin(self, work: Work) -> None:
        self._studying.start(work)
        self.refresh_bindings()

    @on(Viewer.Turned)
    def _make_again(self) -> None:
        """A tab is looked at whose study an earlier run made, and did not keep: make it, once for each time it is turned to."""
        unmade = self._viewer.unmade
        if unmade is None or self._studying.running or unmade is self._tried:
            self._tried = self._tried if unmade is not None else None
            return
        self._tried = unmade
        if (work := unmade.work(self._gallery, self._journal)) is not None:
            self._begin(work)

    # --- what comes of it

    @on(Studying.Progressed)
    def _came_on(self, message: Studying.Progressed) -> None:
        if self._studying.running:
            self._status.say(message.said, busy=True)

    @on(Studying.Ended)
    def _came_to_an_end(self, message: Studying.Ended) -> None:
        self._studying.over()
        self.refresh_bindings()
        self.call_after_refresh(self._make_again)
        made, error = message.made, message.error
        if error is not None:
            stopped = isinstance(error, QuestionCancelled)
            self._status.say(_("stopped") if stopped else error.message)
            if not stopped:
                complain(self, error)
        if made is None:
            return
        self._viewer.keep(made)
        self._status.say(made.said)
        if self._viewer.pictures == made.pictures:
            self._viewer.turn(made.view)
        else:
            self.notify(made.said, title=", ".join(one_line(path.name, 40) for path in made.pictures), markup=False)
        self.look_last()  # the tab is where the user is now, whether they rest or not
        if self._session is not None:
            self._session.found_out(made)
        if made.notes:
            self.notify("\n".join(map(one_line, made.notes)), severity="warning", timeout=10, markup=False)

    @on(FindingsTable.Told)
    def _row(self, message: FindingsTable.Told) -> None:
        self._viewer.light(message.row)
        if message.row is not None:
            self._status.say(message.row.words)


_FPS = 5.0
"""Frames of a film that are looked at in a second, as by `sightline track`."""


def _names(typed: str) -> tuple[str, ...]:
    """Raises UsageError where nothing is named."""
    names = tuple(
        {name.strip().casefold(): name.strip() for name in typed.replace("，", ",").split(",") if name.strip()}.values()
    )
    if not names:
        raise UsageError(_("nothing is to be followed"), cure=_("name a thing that is in the film, such as: red cup"))
    return names


def _baseline(typed: str) -> float | None:
    """Metres; None for nothing. Raises UsageError."""
    if not typed:
        return None
    try:
        metres = float(typed.removesuffix("m").strip().replace(",", "."))
    except ValueError:
        metres = -1.0
    if not 0 < metres <= _LONGEST_BASELINE:
        raise UsageError(_("this is no distance between two cameras"), cure=_("metres, such as 0.12, or nothing"))
    return metres

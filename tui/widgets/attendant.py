"""What keeps the model busy: it is loaded, asked, and reads pictures ahead of the questions; and what it is doing is told.

Threads (loading, answering, looking ahead) post messages here. The `Dialogue`, which shows what comes of it, is built on this.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from textual import on
from textual.containers import Vertical
from textual.message import Message

from backend.ask import Asker, Turn
from backend.ask.task import Observed
from backend.errors import EngineFailure
from backend.language import N_, _
from backend.media.film.choice import Wanted
from backend.sanitise import one_line
from backend.spatial.known_camera import GivenCamera
from tui import progress
from tui.ahead import LookingAhead
from tui.answering import Answering
from tui.exchange import Exchange
from tui.glyphs import Glyphs
from tui.notices import complain
from tui.preview.gallery import Gallery

_LOADING = N_("loading the model")
_SAID_EVERY_S = 1 / 20


class Attendant(Vertical):
    """Runs questions, one round of them at a time."""

    @dataclass
    class State(Message):
        """What the model is doing; `aside`: what it does unasked, None when that is over."""

        said: str | None
        busy: bool = False
        aside: bool = False

    def __init__(self, id: str, asker: Asker, gallery: Gallery, glyphs: Glyphs, camera: GivenCamera | None) -> None:
        super().__init__(id=id)
        self._signs = glyphs
        self._asker = asker
        self._answering = Answering(self, asker, gallery, camera)
        self._ahead = LookingAhead(self, asker, gallery)
        self._pictures: tuple[Path, ...] = ()
        self._asked_together: Sequence[Exchange] = ()
        self._idle = _LOADING
        """What is said where nothing was asked yet."""
        self._saying = False
        """Whether it will soon be told how far they are."""

    @property
    def pictures(self) -> tuple[Path, ...]:
        """What is asked about now, in the order in which the model is shown them."""
        return self._pictures

    @property
    def running(self) -> bool:
        """Whether something is being answered."""
        return bool(self._answering.running)

    @property
    def second_looks(self) -> bool:
        """Whether answers are looked at and asked about again."""
        return self._answering.second_looks

    def want_frames(self, film: Path, wanted: Wanted) -> None:
        """Questions about this film are about these frames from now on."""
        self._answering.frames[film] = wanted

    def attend(self, exchanges: Sequence[Exchange], history: tuple[Turn, ...], seen: Observed) -> None:
        """Put questions to the model together; only while nothing runs."""
        self._ahead.hold(exchanges[0].pictures[0])
        self._answering.start(exchanges, history, seen)
        self._asked_together = exchanges
        self._say_progress()

    def stop(self) -> None:
        """Stop all that is being answered."""
        if any(exchange.reads for exchange in self._answering.running):
            self.notify(_("The text reader cannot be interrupted: what it still reads is thrown away."), markup=False)
        self._answering.stop()

    def rest(self, *pictures: Path) -> None:
        """The cursor rests on the first of these; the others may be next."""
        self._ahead.rest(*pictures)

    def say_again(self) -> None:
        if self._asked_together:
            self._say_progress()
        else:
            self.post_message(self.State(_(self._idle), busy=self._idle == _LOADING))

    def warm(self) -> None:
        """Load the model ahead of the first question."""
        self.post_message(self.State(_(_LOADING), busy=True))
        self._answering.warm()

    def moved(self, exchange: Exchange, *, grew: bool) -> None:
        """Something has happened to a question; `grew`: it has more findings or claims than before."""

    # --- loading

    @on(Answering.Warming)
    def _warming(self, message: Answering.Warming) -> None:
        message.stop()
        if not self.running:
            self.post_message(self.State(_("loading the model {done:.0%}").format(done=message.fraction), busy=True))

    @on(Answering.Warmed)
    def _warmed(self, message: Answering.Warmed) -> None:
        message.stop()
        if self.running:
            return
        if message.error is None:
            self._idle = N_("ready")
            self.post_message(self.State(_(self._idle)))
            self._ahead.release()
        else:
            self._idle = N_("the model could not be loaded")
            self.post_message(self.State(_(self._idle)))
            complain(self, message.error)

    # --- answering

    @on(Answering.Progressed)
    def _progressed(self, message: Answering.Progressed) -> None:
        message.stop()
        exchange = message.exchange
        stopped = exchange.stage.over
        if stopped:  # what the model says until it has heard of it is not wanted
            return
        before = (len(exchange.findings), len(exchange.claims))
        thought_before = bool(exchange.thoughts)
        exchange.fold(message.event)
        over = exchange.stage.over
        if over:
            self._answering.ended(exchange)
        if over:
            self._say_progress()
        else:
            self._say_progress_soon()
        self.moved(exchange, grew=before != (len(exchange.findings), len(exchange.claims)))
        if over or thought_before != bool(exchange.thoughts):
            self.screen.refresh_bindings()
        if over and not self.running:
            self._free()

    def _free(self) -> None:
        """The last of the questions that ran is over. Where the engine has failed, it is started anew at once rather than with
        the next one."""
        if any(isinstance(one.error, EngineFailure) for one in self._asked_together):
            self.post_message(self.State(_("the last answer failed; the engine restarts"), busy=True))
            self._answering.warm()
        else:
            self._ahead.release()

    def _say_progress_soon(self) -> None:
        """Tokens come faster than anybody reads their number."""
        if not self._saying:
            self._saying = True
            self.set_timer(_SAID_EVERY_S, self._say_later)

    def _say_later(self) -> None:
        self._saying = False
        if self.running:
            self._say_progress()

    def _say_progress(self) -> None:
        """How far the questions are that were asked last."""
        state = progress.overall(self._asked_together)
        pictures = self._asked_together[0].pictures
        if self.running and pictures != self._pictures:
            state = f"{state} ({one_line(pictures[0].name, 24)})"
        if self._asked_together[0].part:
            state = _("{state}, about the visible part").format(state=state)
        self.post_message(self.State(state, busy=self.running))

    # --- looking ahead

    @on(LookingAhead.Progressed)
    def _looked(self, message: LookingAhead.Progressed) -> None:
        message.stop()
        if not message.look.given_up and not self.running:
            said = progress.looking_ahead(message.look.path.name, message.done, message.total, self._signs)
            self.post_message(self.State(said, aside=True))

    @on(LookingAhead.Ended)
    def _look_ended(self, message: LookingAhead.Ended) -> None:
        message.stop()
        if not self.running:
            self.post_message(self.State(None, aside=True))
        self._ahead.ended(message.look)

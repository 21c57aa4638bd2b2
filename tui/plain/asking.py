"""One question from asking to its last line. The model is drained in a thread, so that Ctrl-C meets nobody who holds a lock."""

from __future__ import annotations

import time
from collections.abc import Iterator
from queue import SimpleQueue
from threading import Thread

from backend.ask import Asker, Question
from backend.errors import SightlineError
from backend.events import AskEvent, Cancelled, Done, Encoding, Failed, Loading, Token
from backend.language import _
from tui.exchange import Exchange
from tui.plain import places, telling
from tui.plain.console import Console
from tui.plain.sentences import Sentences

AGAIN_S = 15.0
"""Seconds of silence after which somebody who cannot see a screen wonders whether it still works."""


def answered(asker: Asker, question: Question, exchange: Exchange, console: Console) -> None:
    """Have the question answered and told, sentence by sentence; what came of it is in the exchange."""
    told, said = Sentences(), Said(console)
    for event in _events(asker, question, console):
        exchange.fold(event)
        match event:
            case Token(thinking=True):
                said.once(_("The model is thinking."))
            case Token(text=text):
                for sentence in told.feed(text):
                    console.say(sentence)
            case Loading(fraction=fraction):
                said.once(_("The model is being loaded."))
                said.still(fraction)
            case Encoding(done=done, total=total):
                said.once(_("The model looks at the picture."))
                said.still(done / total if total else 0.0)
            case Done(answer=answer):
                for sentence in told.finish(answer.text):
                    console.say(sentence)
                for line in telling.after(answer):
                    console.say(line)
                for warning in answer.warnings:
                    console.once(_("Note: {warning}").format(warning=warning))
            case Failed(error=error):
                for sentence in told.finish():
                    console.say(sentence)
                console.complain(error)
            case Cancelled():
                console.note(_("Stopped."))
            case _:
                pass


class Said:
    """What the model is doing, only to somebody who waits: each thing once a question, and how far it is when it takes long."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._said: set[str] = set()
        self._at = time.monotonic()

    def once(self, text: str) -> None:
        if text not in self._said:
            self._said.add(text)
            self._say(text)

    def still(self, fraction: float) -> None:
        """It is not over; said every `AGAIN_S`."""
        if time.monotonic() - self._at >= AGAIN_S:
            self._say(_("{share} of that is done.").format(share=places.share(fraction)))

    def _say(self, text: str) -> None:
        self._at = time.monotonic()
        if self._console.interactive:
            self._console.note(text)


def _events(asker: Asker, question: Question, console: Console) -> Iterator[AskEvent]:
    """The question's events; Ctrl-C stops it, and it ends with Cancelled then."""
    news: SimpleQueue[AskEvent | BaseException | None] = SimpleQueue()
    events = asker.ask(question)

    def drain() -> None:
        try:
            for event in events:
                news.put(event)
        except BaseException as error:  # noqa: BLE001 (raised again by whoever waits)
            news.put(error)
        news.put(None)

    Thread(target=drain, name="plain-answer", daemon=True).start()
    while True:
        try:
            event = news.get()
        except KeyboardInterrupt:
            asker.cancel(question.id)
            if not console.interactive:
                raise
            continue
        if event is None:
            return
        if isinstance(event, SightlineError):
            yield Failed(question.id, event)
        elif isinstance(event, BaseException):
            raise event
        else:
            yield event

"""Where a question is typed; ↑ brings back earlier ones, those of earlier days included."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from textual import events, on
from textual.message import Message
from textual.widgets import Input

from tui.actions import Where, bindings


class QuestionLine(Input):
    """One line; Enter asks."""

    BINDINGS = bindings(Where.QUESTION)

    @dataclass
    class Asked(Message):
        """Enter was pressed on a question that is not empty."""

        text: str

    def __init__(self) -> None:
        super().__init__(id="question", placeholder="Ask where something is", select_on_focus=False)
        self._earlier: list[str] = []
        self._at = 0
        self._draft = ""

    def remember(self, questions: Sequence[str]) -> None:
        """Questions from before, the newest last; each is offered once."""
        self._earlier = list(dict.fromkeys(reversed([*questions, *self._earlier])))[::-1]
        self._at = len(self._earlier)

    def asked(self, question: str) -> None:
        """A question was sent: it becomes the newest of the earlier ones, and the line is free."""
        self._earlier = [*(text for text in self._earlier if text != question), question]
        self._at = len(self._earlier)
        self._draft = ""
        self.value = ""

    def offer(self, question: str) -> None:
        """Put a question back that could not be answered, unless something else is being typed."""
        if not self.value:
            self.value = question
            self.cursor_position = len(question)

    def action_earlier(self) -> None:
        self._walk(-1)

    def action_later(self) -> None:
        self._walk(1)

    def _on_paste(self, event: events.Paste) -> None:
        """All lines of what is pasted, as one; `Input` would keep the first and lose the rest."""
        super()._on_paste(events.Paste(" ".join(event.text.split())))
        event.stop()
        event.prevent_default()

    @on(Input.Submitted)
    def _submitted(self, message: Input.Submitted) -> None:
        message.stop()
        if message.value.strip():
            self.post_message(self.Asked(message.value.strip()))

    def _walk(self, step: int) -> None:
        at = self._at + step
        if not 0 <= at <= len(self._earlier):
            return
        if self._at == len(self._earlier):
            self._draft = self.value
        self._at = at
        self.value = self._draft if at == len(self._earlier) else self._earlier[at]
        self.cursor_position = len(self.value)

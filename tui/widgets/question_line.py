"""Where a question is typed; ↑ brings back earlier ones, those of earlier days included."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from textual import events, on
from textual.geometry import Size
from textual.message import Message
from textual.reactive import Reactive
from textual.widgets import Input

from backend.language import _
from tui.actions import Where, bindings
from tui.dropped import paths_in


class QuestionLine(Input):
    """One line; Enter asks."""

    BINDINGS = bindings(Where.QUESTION)
    virtual_size: Reactive[Size] = Reactive(Size(0, 0), layout=False)
    """As every widget has it, but for the layout: with Textual's own the whole screen is laid out anew for each letter that is
    typed, though the line's place does not depend on what is in it."""

    @dataclass
    class Asked(Message):
        """Enter was pressed on a question that is not empty."""

        text: str

    class EditLeft(Message):
        """A question that was being changed stays as it was."""

    def __init__(self) -> None:
        super().__init__(id="question", select_on_focus=False)
        self._earlier: list[str] = []
        self._at = 0
        self._draft = ""
        self._part = False
        """Whether the next question is about a part of the picture."""
        self._set_aside: str | None = None
        """What was being typed before an earlier question came into the line to be changed; None: none has."""
        self.say_again()

    @property
    def earlier(self) -> list[str]:
        """Earlier questions, the newest first."""
        return self._earlier[::-1]

    def about_part(self, part: bool) -> None:
        """Say whether the next question is about a part of the picture."""
        self._part = part
        self.say_again()

    def say_again(self) -> None:
        self.placeholder = _("Ask about the part in view") if self._part else _("Ask where something is")
        self.border_title = "" if self._set_aside is None else _("instead of the question above")

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
        self.end_edit()

    def edit(self, question: str) -> None:
        """Have an earlier question changed; what is being typed comes back behind it."""
        if self._set_aside is None:
            self._set_aside = self.value
        self.put(question)
        self.say_again()
        self.focus()
        self.refresh_bindings()

    def end_edit(self) -> None:
        """Bring back what was being typed, if something was being changed."""
        if self._set_aside is not None:
            self.put(self._set_aside)
            self._set_aside = None
            self.say_again()
            self.refresh_bindings()

    def put(self, question: str) -> None:
        """Write it into the line, in the place of what is there."""
        self.value = question
        self.cursor_position = len(question)

    def offer(self, question: str) -> None:
        """Put a question back that could not be answered, unless something else is being typed."""
        if not self.value:
            self.put(question)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Esc leaves a change; where there is none it is everybody's."""
        return self._set_aside is not None if action == "leave_edit" else super().check_action(action, parameters)

    def action_leave_edit(self) -> None:
        self.end_edit()
        self.post_message(self.EditLeft())

    def action_earlier(self) -> None:
        self._walk(-1)

    def action_later(self) -> None:
        self._walk(1)

    def _on_paste(self, event: events.Paste) -> None:
        """All lines of what is pasted, as one; `Input` would keep the first and lose the rest. Paths are the screen's."""
        event.prevent_default()
        if not paths_in(event.text):
            super()._on_paste(events.Paste(" ".join(event.text.split())))
            event.stop()

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
        self.put(self._draft if at == len(self._earlier) else self._earlier[at])

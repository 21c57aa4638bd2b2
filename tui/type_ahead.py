"""Type-ahead: what is typed behind a key that goes somewhere else arrives there, however fast it comes.

Textual hands a key to the part that has the focus when the key arrives. But the key's action runs only after the key has gone
through that part and all that lies around it, and what the action posts goes the same way again: keys that came in the
meantime have been given to the part that is being left. Fingers are slower than that; a pasted line, a script in tmux and a bad
connection that delivers a second's keys at once are not.

So keys behind one that goes somewhere wait here while a message of ours goes the same way: behind the key, then behind what its
action posted, then behind what came of that. Keys that only move a cursor never wait: nothing is asked of those but a look at
the bindings.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, replace
from functools import partial

from textual import events, on
from textual.app import App
from textual.driver import Driver
from textual.message import Message
from textual.message_pump import MessagePump
from textual.screen import Screen

from tui.actions import ACTIONS

_LONGEST_S = 1.0
"""Seconds after which keys wait no longer: the way that ours was to go may have been closed before it."""
_TIMES = 3
"""How often our message goes the way: the key, `Input.Submitted`, and what a question line makes of that."""
_LOOK_AGAIN_S = 0.01
"""Seconds between two looks whether the screen that is opened can be typed into."""
_GOING = frozenset(action.known_as for action in ACTIONS if action.goes)
_GOING_ELSEWHERE = frozenset(("submit", "select", "dismiss(None)", "dismiss", "app.focus_previous"))
"""The same among Textual's own bindings, which have no ids."""


class TypeAhead(App[None]):
    """An app that keys reach in the order in which they were typed, wherever each of them goes."""

    @dataclass
    class Followed(Message):
        """It went the way that a key has gone."""

        number: int
        """Of the key that goes somewhere, in their order."""
        begun: MessagePump
        """Where the way begins."""
        times: int = 1
        """How often it has gone it, this time included."""

    def __init__(self, *, driver_class: type[Driver] | None = None) -> None:
        super().__init__(driver_class=driver_class)
        self._number = 0
        self._left: Screen[object] | None = None
        """The screen from which a key goes somewhere now; None: none does."""
        self._behind: deque[events.Event] = deque()
        """What was typed since."""

    async def on_event(self, event: events.Event) -> None:
        """Keep typed keys and pasted text back while an earlier key is on its way."""
        if not isinstance(event, events.Key | events.Paste) or event.is_forwarded:
            await super().on_event(event)
        elif self._left is not None:
            self._behind.append(event)
        elif isinstance(event, events.Key) and self._goes(event):
            begun: MessagePump = self.focused or self.screen
            self._number += 1
            self._left = self.screen
            self.set_timer(_LONGEST_S, partial(self._go_on, self._number))
            await super().on_event(event)
            await self._follow(self.Followed(self._number, begun))
        else:
            await super().on_event(event)

    def _goes(self, event: events.Key) -> bool:
        """Whether a key may take the focus elsewhere."""
        if self.focused is None:  # the screen itself takes it: a letter of the jump mode
            return True
        if self.focused.check_consume_key(event.key, event.character):
            return False
        return any(
            binding.id in _GOING if binding.id else binding.action in _GOING_ELSEWHERE
            for _part, bindings in self.screen._modal_binding_chain
            for binding in bindings.key_to_bindings.get(event.key, ())
        )

    async def _follow(self, message: Followed) -> None:
        if not message.begun.post_message(message):  # it is closed
            await self._arrive(message.number)

    @on(Followed)
    async def _followed(self, message: Followed) -> None:
        message.stop()
        if message.number != self._number or self._left is None:
            return
        if message.times == _TIMES:
            await self._arrive(message.number)
        else:
            await self._follow(replace(message, times=message.times + 1))

    async def _arrive(self, number: int) -> None:
        """The key has done what it does; a screen that it has opened must be there before it is typed into."""
        screen = self.screen
        there = screen.is_mounted and (screen.focused is not None or not screen.focus_chain)
        if screen is self._left or there:
            await self._go_on(number)
        elif number == self._number and self._left is not None:
            self.set_timer(_LOOK_AGAIN_S, partial(self._arrive, number))

    async def _go_on(self, number: int) -> None:
        """Give what was typed behind to whoever has the focus now, as far as the next key that goes somewhere."""
        if number == self._number and self._left is not None:
            self._left = None
            while self._behind and self._left is None:
                await self.on_event(self._behind.popleft())

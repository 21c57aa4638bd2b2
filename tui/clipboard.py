"""Copying to the terminal's clipboard by OSC 52, which also works through SSH, and saying so.

Whether the terminal took it cannot be known: some refuse without a word, and tmux passes it on only where `set-clipboard` is
`on`. So the notice says what was sent and to whom, and of a long text who is known to take so much.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from functools import partial

from textual.message import Message
from textual.widget import Widget

from backend.answer import Answer
from backend.language import _
from tui.exchange import Exchange

USUAL = 74_994
"""Bytes: hterm takes 100,000 in all, the escape sequence and the third that base64 adds included."""
MOST = 786_000
"""Bytes: tmux reads 1 MiB of one sequence (`INPUT_BUF_LIMIT`; 3.3a took 786,420 bytes of text and dropped 787,000). kitty stops
at 8 MiB, xterm at nothing; but who pastes that by hand?"""


@dataclass
class AnswerWanted(Message):
    """An answer is to be copied as JSON; None: the last one, whose findings are shown."""

    exchange: Exchange | None = None


def copy(widget: Widget, text: str, what: str) -> bool:
    """Copy `text`, which must have been sanitised, and say so; `what` it is, for the notice. False where it is too long."""
    notify = partial(widget.notify, markup=False)
    if (size := len(text.encode())) > MOST:
        said = _("{what} is too long for terminals' clipboards: {size:,} bytes, of {most:,} at most. Export it instead (F12).")
        notify(said.format(what=what, size=size, most=MOST), severity="warning")
        return False
    widget.app.copy_to_clipboard(text)
    said = _("Sent to the terminal's clipboard: {what}, {count:,} characters.").format(what=what, count=len(text))
    doubt = _("tmux passes it on where set-clipboard is on.") if os.environ.get("TMUX") else _("Some terminals refuse it.")
    if size > USUAL:
        much = _("That is long: xterm, kitty and tmux take it, others stop at {usual:,} bytes (hterm) or before.")
        notify(f"{said} {doubt} {much.format(usual=USUAL)}", severity="warning", timeout=10)
    else:
        notify(f"{said} {doubt}")
    return True


def copy_answer(widget: Widget, answer: Answer | None) -> None:
    """Copy the published JSON of an answer. What a terminal might act on is an escape of JSON's in it: the same data."""
    if answer is None:
        widget.notify(_("There is no whole answer yet that could be copied."), markup=False)
        return
    text = json.dumps(answer.as_dict(), ensure_ascii=False, indent=2)
    safe = "".join(char if char == "\n" or char.isprintable() else json.dumps(char)[1:-1] for char in text)
    copy(widget, safe, _("the answer as JSON"))

"""Copying to the terminal's clipboard by OSC 52, which also works through SSH, and saying so.

Whether the terminal took it cannot be known: some refuse without a word, and tmux passes it on only where `set-clipboard` is
`on`. So the notice says what was sent and to whom.
"""

from __future__ import annotations

import os

from textual.widget import Widget

from backend.language import _

MOST = 74_994
"""Bytes: hterm and others take 100,000 in all, the escape sequence and the thirds that base64 adds included."""


def copy(widget: Widget, text: str, what: str) -> bool:
    """Copy `text`, which must have been sanitised, and say so; `what` it is, for the notice. False where it is too long."""
    if (size := len(text.encode())) > MOST:
        said = _("{what} is too long for terminals' clipboards: {size:,} bytes, of {most:,} at most")
        widget.notify(said.format(what=what, size=size, most=MOST), severity="warning", markup=False)
        return False
    widget.app.copy_to_clipboard(text)
    said = _("Sent to the terminal's clipboard: {what}, {count:,} characters.").format(what=what, count=len(text))
    doubt = _("tmux passes it on where set-clipboard is on.") if os.environ.get("TMUX") else _("Some terminals refuse it.")
    widget.notify(f"{said} {doubt}", markup=False)
    return True

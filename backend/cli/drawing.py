"""How pictures will be drawn on this terminal and why, for `sightline doctor`: it asks what the app would ask."""

from __future__ import annotations

import os
import sys
from dataclasses import asdict
from typing import Any

from backend.language import _
from backend.preferences import Preferences
from backend.sanitise import one_line
from backend.terminal.asking import asked
from backend.terminal.graphics import colours, decide
from backend.terminal.replies import Answers
from backend.terminal.tmux import ask_tmux


def drawing(preferences: Preferences) -> tuple[list[tuple[str, str]], dict[str, Any]]:
    """Facts for people, and the same as data with all that the terminal answered."""
    with asked(os.environ) as question:
        answers = question.hear() if question is not None else Answers()
    tmux = ask_tmux(os.environ)
    insisted = preferences.graphics if preferences.graphics != "auto" else None
    encoding = getattr(sys.__stderr__, "encoding", None) or "ascii"
    verdict = decide(os.environ, encoding, answers, tmux, insisted=insisted)
    why = _("asked for in config.toml") if insisted == verdict.graphics else one_line(_(verdict.reason))
    if question is None and insisted is None and not verdict.through_tmux:
        why = _("the terminal was not asked: {reason}").format(reason=one_line(_(verdict.reason)))
    depth = colours(os.environ, answers, tmux)
    rows = [(_("pictures"), f"{verdict.graphics} ({why})"), (_("terminal"), one_line(verdict.terminal) or _("does not say"))]
    if answers.cell is not None:
        rows.append((_("a cell"), _("{width}×{height} pixels").format(width=answers.cell[0], height=answers.cell[1])))
    if answers.background is not None:
        colour = "#{:02x}{:02x}{:02x}".format(*answers.background)
        rows.append((_("background"), f"{colour}, {_('light') if answers.is_light else _('dark')}"))
    data = {
        "colour": depth,
        "graphics": verdict.graphics,
        "reason": verdict.reason,
        "insisted": insisted,
        "name": verdict.terminal or None,
        "asked": question is not None,
        "answers": list(answers.raw),
        "attributes": list(answers.attributes) if answers.attributes is not None else None,
        "kitty": answers.kitty,
        "cell": list(answers.cell) if answers.cell is not None else None,
        "background": list(answers.background) if answers.background is not None else None,
        "tmux": None if tmux is None else asdict(tmux),
    }
    return rows, data

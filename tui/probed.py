"""What the terminal can show, from the answers to what it was asked before the app was loaded."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Mapping
from dataclasses import replace

from textual.driver import Driver

from backend.terminal.asking import Question, cell_now
from backend.terminal.environment import depth, has_unicode
from backend.terminal.graphics import colours, decide, takes_long_styles
from backend.terminal.replies import Answers
from backend.terminal.tmux import ask_tmux
from tui.driver import Early, driver_after
from tui.preview.capabilities import Capabilities


def probed(question: Question | None, insisted: str | None) -> tuple[Capabilities, type[Driver]]:
    """What pictures are drawn with, and the driver that goes on reading where the answers ended. `insisted`: what the user
    wants them drawn with."""
    answers = question.hear() if question is not None else Answers()
    tmux = ask_tmux(os.environ) if question is not None or insisted == "kitty" else None
    encoding = getattr(sys.__stderr__, "encoding", None) or "ascii"
    verdict = decide(os.environ, encoding, answers, tmux, insisted=insisted)
    cell = cell_of(answers, os.environ)
    capabilities = Capabilities(
        depth(os.environ) != "none",
        has_unicode(os.environ, encoding),
        verdict.graphics,
        cell=cell,
        tells_cell=_cell_now() == cell,
        in_tmux=verdict.through_tmux,
        tmux_draws=verdict.graphics == "sixel" and bool(os.environ.get("TMUX")),
        far=bool(os.environ.get("SSH_CONNECTION")),
        true_colour=colours(os.environ, answers, tmux) == "true colour",
        light=bool(answers.is_light),
    )
    early = None if question is None else Early(question.typed, question.sieve, question.settings)
    return capabilities, driver_after(early, short_styles=not takes_long_styles(os.environ, answers))


def cell_of(answers: Answers, environment: Mapping[str, str]) -> tuple[int, int]:
    """Width and height of a cell in pixels: the terminal's word, else the window's size by its cells, else what the system
    knows, else a VT340's."""
    if answers.cell is not None:
        return answers.cell
    size = shutil.get_terminal_size()
    if answers.window is not None and not environment.get("TMUX"):
        cell = answers.window[0] // size.columns, answers.window[1] // size.lines
        if cell[0] >= 2 and cell[1] >= 4:
            return cell
    return _cell_now() or (10, 20)


def resized(capabilities: Capabilities) -> Capabilities:
    """What the terminal can show after its window or its letters changed in size."""
    cell = _cell_now() if capabilities.tells_cell else None
    return capabilities if cell is None else replace(capabilities, cell=cell)


def _cell_now() -> tuple[int, int] | None:
    stream = sys.__stderr__
    return cell_now(stream.fileno()) if stream is not None and stream.isatty() else None

"""What tmux says of itself and of the terminal around it.

tmux is asked by its own command and not through the terminal: an answer that comes back through tmux arrives as typed keys, and
tmux has asked the terminal already.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass

_LIMIT_S = 1.0
_ASKED = ("allow-passthrough", "client_termtype", "client_termname", "version", "client_termfeatures")
_LETS_THROUGH = ("1", "2", "on", "all")
"""Of `allow-passthrough`, which is a switch in 3.3 and has three positions from 3.4 on."""


@dataclass(frozen=True, slots=True)
class Tmux:
    """One tmux, seen from one of its panes."""

    passthrough: bool
    """Whether it hands escape sequences on that are wrapped for it."""
    client: str
    """The terminal around it: XTVERSION's answer, else its TERM; empty where nobody is attached."""
    version: str
    sixel: bool = False
    """Whether the terminal around it takes sixel; tmux's own device attributes say only what tmux was built with."""
    true_colour: bool = False
    """Whether it hands 24-bit colours on to the terminal around it."""


def ask_tmux(environment: Mapping[str, str]) -> Tmux | None:
    """Ask the tmux that this program runs in; None where there is none, or it does not answer in a second."""
    said = _asked(environment, "\t".join(f"#{{{name}}}" for name in _ASKED))
    return read(said) if said is not None else None


def attached(environment: Mapping[str, str]) -> str | None:
    """Which terminal is attached to the tmux that this program runs in, and since when; None where nobody says. Another answer
    than before: what that one keeps of pictures is not what was sent."""
    said = _asked(environment, "#{client_pid} #{client_created} #{client_tty}")
    return said.strip() or None if said is not None else None


def _asked(environment: Mapping[str, str], wanted: str) -> str | None:
    """What tmux makes of a format, seen from this program's pane."""
    if not environment.get("TMUX"):
        return None
    pane = ["-t", environment["TMUX_PANE"]] if environment.get("TMUX_PANE") else []
    try:
        done = subprocess.run(
            ["tmux", "display-message", "-p", *pane, wanted],
            env={**os.environ, **environment},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_LIMIT_S,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout.decode("utf-8", "replace") if done.returncode == 0 else None


def read(said: str) -> Tmux | None:
    """What the command printed; None where it makes no sense."""
    parts = said.rstrip("\r\n").split("\t")
    if len(parts) != len(_ASKED):
        return None
    passthrough, kind, name, version, features = parts
    known = features.split(",")
    return Tmux(passthrough in _LETS_THROUGH, kind or name, version, "sixel" in known, "RGB" in known)

"""What a terminal says of itself."""

from __future__ import annotations

import pytest

from backend.terminal import Terminal, depth, has_unicode


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({"TERM": "xterm-256color", "COLORTERM": "truecolor"}, "true colour"),
        ({"TERM": "xterm-256color", "COLORTERM": "24bit"}, "true colour"),
        ({"TERM": "xterm-direct"}, "true colour"),
        ({"TERM": "tmux-256color"}, "256 colours"),
        ({"TERM": "xterm-kitty"}, "256 colours"),
        ({"TERM": "xterm"}, "16 colours"),
        ({}, "16 colours"),
        ({"TERM": "dumb", "COLORTERM": "truecolor"}, "none"),
        ({"TERM": "xterm-256color", "COLORTERM": "truecolor", "NO_COLOR": ""}, "none"),
    ],
)
def test_colours(environment: dict[str, str], expected: str) -> None:
    assert depth(environment) == expected


def test_unicode_needs_the_locale_the_stream_and_the_terminal() -> None:
    assert has_unicode({"TERM": "xterm"}, "utf-8")
    assert not has_unicode({"TERM": "xterm", "LANG": "C"}, "utf-8")
    assert not has_unicode({"TERM": "xterm"}, "ascii")
    assert not has_unicode({"TERM": "vt100"}, "utf-8")


def test_what_stands_between() -> None:
    seen = Terminal.detect({"TMUX": "/tmp/x,1,0", "SSH_CONNECTION": "1.2.3.4 5 6.7.8.9 22"}, "utf-8", (100, 30))
    assert seen.inside == ("tmux", "SSH")
    assert (seen.columns, seen.rows, seen.term) == (100, 30, "")

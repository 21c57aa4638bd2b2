"""What is believed of a terminal."""

from __future__ import annotations

import pytest

from tui.preview.capabilities import Capabilities


@pytest.mark.parametrize(
    ("environment", "encoding", "colour", "unicode"),
    [
        ({"TERM": "xterm-256color", "LANG": "en_US.UTF-8"}, "utf-8", True, True),
        ({"TERM": "xterm-256color"}, "UTF-8", True, True),
        ({"TERM": "xterm", "LANG": "C.utf8"}, "utf8", True, True),
        ({"TERM": "xterm", "NO_COLOR": ""}, "utf-8", False, True),
        ({"TERM": "dumb"}, "utf-8", False, False),
        ({"TERM": "vt100", "LANG": "C.UTF-8"}, "utf-8", False, False),
        ({"TERM": "xterm", "LC_ALL": "C", "LANG": "en_US.UTF-8"}, "utf-8", True, False),
        ({"TERM": "xterm", "LANG": "de_DE.ISO-8859-1"}, "iso-8859-1", True, False),
        ({"TERM": "xterm", "LANG": "en_US.UTF-8"}, "ascii", True, False),
        ({"TERM": "xterm"}, "no-such-encoding", True, False),
        ({"TERM": "xterm", "LANG": "C", "LC_CTYPE": "C.UTF-8"}, "utf-8", True, True),
    ],
)
def test_detection(environment: dict[str, str], encoding: str, colour: bool, unicode: bool) -> None:
    assert Capabilities.detect(environment, encoding) == Capabilities(colour, unicode)

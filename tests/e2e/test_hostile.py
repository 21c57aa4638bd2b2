"""What comes from outside never acts: file names and a model's words full of escape sequences, in the app, down to the bytes.

The model is a server on this machine that says what the test has it say; all else is the real program in a pseudo-terminal.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from tests.e2e.program import Home
from tests.e2e.terminal import Terminal, in_terminal
from tests.e2e.test_app import PROMPT, leave
from tests.engine.remote.unruly import Stream, Unruly, finished, running_unruly, said

TITLE = "\x1b]0;owned\x07"
CLIPBOARD = "\x1b]52;c;b3duZWQ=\x07"
HYPERLINK = "\x1b]8;;http://evil.example/\x1b\\click\x1b]8;;\x1b\\"
PICTURE = "\x1b_Ga=T,f=32,s=1,v=1;AAAA\x1b\\"
SIXEL = "\x1bPq#0~\x1b\\"
CLEAR = "\x1b[2J\x1b[H\x1bc"
C1 = "\x9b31m\x9d0;owned\x9c"
BIDI = "\u202egnp.exe\u2069"
MARKUP = "[bold red]markup[/] [@click=app.quit]leave[/]"
ALL = (TITLE, CLIPBOARD, HYPERLINK, PICTURE, SIXEL, CLEAR, C1, BIDI, MARKUP)
FORBIDDEN = re.compile(
    rb"\x1b\]0;owned|\x1b\]52;|\x1b\]8;|\x1b_Ga=T|\x1bPq#0|\x1b\[2J\x1b\[H\x1bc|\xc2\x9b|\xc2\x9d|\xe2\x80\xae"
)
"""What any of them would have to look like to have reached the terminal as itself."""


@pytest.fixture
def server() -> Iterator[Unruly]:
    with running_unruly() as unruly:
        yield unruly


def known(home: Home, server: Unruly) -> None:
    """The server as a model that can be named."""
    settings = home.root / ".config" / "sightline" / "models.toml"
    settings.parent.mkdir(parents=True)
    settings.write_text(f'[models.theirs]\nendpoint = "{server.url}/v1"\n')


def captioned(terminal: Terminal, beginning: str) -> bool:
    """Whether the picture that is shown has a name that begins so; its caption stands above it, right of the files."""
    return any(line[24:].lstrip().startswith(beginning) for line in terminal.lines[:3])


def asked(terminal: Terminal, question: str, shown: str) -> None:
    """Go to the question line, ask, and wait for what the answer shows."""
    terminal.press("enter")
    terminal.until(lambda: terminal.focuses(PROMPT), "the cursor in the question line")
    terminal.press(question)
    terminal.until(question)
    terminal.press("enter")
    terminal.until(shown)


@pytest.mark.parametrize(
    "hostile",
    [TITLE + CLIPBOARD + HYPERLINK, PICTURE + SIXEL + CLEAR, C1 + BIDI + MARKUP],
    ids=["strings", "pictures", "controls"],
)
def test_a_model_s_words_are_shown_and_not_obeyed(home: Home, scene: Path, server: Unruly, hostile: str) -> None:
    known(home, server)
    cut = len(hostile) // 2 - 3  # in the middle of one, as a stream may
    pieces = [f"before {hostile[:cut]}", f"{hostile[cut:]} behind"]
    server.replies.extend([Stream([*(said(piece) for piece in pieces), finished()])] * 4)
    with in_terminal(home, "--model", "theirs", scene.parent) as app:
        app.until("320×240")
        asked(app, "What is this?", "behind")
        assert not FORBIDDEN.search(app.raw)
        assert "320×240" in app.text, "the screen was cleared"
        leave(app)


def test_a_label_is_shown_and_not_obeyed(home: Home, scene: Path, server: Unruly) -> None:
    known(home, server)
    label = f"{TITLE}{CLIPBOARD}{CLEAR}[red]cup"
    answer = json.dumps([{"bbox_2d": [100, 100, 500, 500], "label": label}])
    server.replies.extend([Stream([said(answer), finished()])] * 4)
    with in_terminal(home, "--model", "theirs", scene.parent) as app:
        app.until("320×240")
        asked(app, "Locate every cup", "\\e]0;owned")
        assert not FORBIDDEN.search(app.raw)
        leave(app)


def test_a_folder_of_hostile_names(home: Home, scene: Path) -> None:
    """Each byte that a name can hold but those that end it."""
    data = scene.read_bytes()
    for number, hostile in enumerate(ALL):
        (home.folder / f"{number}{hostile.replace('/', '')}.png").write_bytes(data)
    (home.folder / "8-\udcff\udcfe.png").write_bytes(data)  # no UTF-8 at all
    scene.unlink()
    with in_terminal(home, "--model", "demo", home.folder) as app:
        app.until("320×240")
        for number in range(1, len(ALL)):
            app.press("j")
            app.until(partial(captioned, app, str(number)), f"the picture whose name begins with {number}")
        assert not FORBIDDEN.search(app.raw)
        leave(app)

"""The app asks its terminal what it can show, and whatever comes of that, a picture is shown and the terminal is given back."""

from __future__ import annotations

import json
import re
import signal
from functools import partial
from pathlib import Path

import psutil
import pytest

from tests.e2e.answering import ALACRITTY, FOOT, KITTY, QUESTION, TAKEN_OVER, VERSION, AnsweringTerminal, answering
from tests.e2e.program import SIGHTLINE, Home
from tests.tui.preview.decoders import Kitty, sixel
from tui.preview.kitty import PLACEHOLDER

SIXEL = re.compile(rb'\x1bP0;1q"[^\x1b]*\x1b\\')
READY = "demo · ready"


def written(terminal: AnsweringTerminal) -> str:
    return terminal.raw.decode("utf-8", "replace")


def shows_kitty(terminal: AnsweringTerminal) -> bool:
    return PLACEHOLDER in terminal.text


def shows_sixel(terminal: AnsweringTerminal) -> bool:
    return SIXEL.search(terminal.raw) is not None


def paints_more(terminal: AnsweringTerminal, than: int) -> bool:
    return len(SIXEL.findall(terminal.raw)) > than


def shows_blocks(terminal: AnsweringTerminal) -> bool:
    return "▀▀▀▀" in terminal.text


def leave(terminal: AnsweringTerminal) -> None:
    terminal.press("ctrl+q")
    assert terminal.end() == 0
    assert terminal.left_behind() == []
    assert b"Traceback" not in terminal.raw
    held = Kitty()
    held.read(written(terminal))
    assert held.pictures == {}, "a picture stays behind in the terminal"


def test_one_question_is_asked_in_one_piece(home: Home, scene: Path) -> None:
    with answering(home, "--model", "demo", scene, answers=[(QUESTION, ALACRITTY)]) as terminal:
        terminal.until(lambda: shows_blocks(terminal), "half-blocks")
        before, _, _ = terminal.raw.partition(TAKEN_OVER)
        assert before.count(b"\x1b[c") == before.count(b"\x1b[>q") == before.count(b"a=q") == 1
        assert before.rstrip().endswith(b"\x1b[c"), "something was written between the questions and the app"
        leave(terminal)


def test_kitty_gets_the_picture_once(home: Home, scene: Path) -> None:
    with answering(home, "--model", "demo", scene, answers=[(QUESTION, KITTY)]) as terminal:
        terminal.until(lambda: shows_kitty(terminal), "a picture by placeholders")
        terminal.until(READY)
        held = Kitty()
        cells = held.read(written(terminal))
        assert {number for number, _, _ in cells} >= set(held.pictures)
        assert "▀" not in terminal.text
        sent = terminal.raw.count(b"a=T")
        terminal.press("?")
        terminal.until("Esc closes")
        terminal.press("escape")
        terminal.until(lambda: shows_kitty(terminal), "the picture again")
        assert terminal.raw.count(b"a=T") == sent, "sent again, though nothing had changed"
        leave(terminal)


def test_sixel_is_painted_and_painted_again_after_a_dialog(home: Home, scene: Path) -> None:
    with answering(home, "--model", "demo", scene, answers=[(QUESTION, FOOT)], columns=200, rows=50) as terminal:
        terminal.until(lambda: shows_sixel(terminal), "sixels")
        terminal.until(READY)
        found = SIXEL.findall(terminal.raw)
        pixels = sixel(found[-1].decode())
        assert pixels.shape[0] % 20 == pixels.shape[1] % 10 == 0, "not whole cells"
        assert (pixels >= 0).all()
        terminal.press("?")
        terminal.until("Esc closes")
        terminal.until(lambda: shows_blocks(terminal), "half-blocks below the dialog")
        painted = len(SIXEL.findall(terminal.raw))
        terminal.press("escape")
        terminal.until(lambda: len(SIXEL.findall(terminal.raw)) > painted, "the sixels again")
        leave(terminal)


@pytest.mark.parametrize(
    "answers",
    [
        pytest.param([], id="never"),
        pytest.param([(TAKEN_OVER, KITTY)], id="too late"),
        pytest.param([(READY.encode(), KITTY)], id="much too late"),
        pytest.param([(QUESTION, KITTY[:30])], id="in part"),
        pytest.param([(QUESTION, KITTY[:30]), (TAKEN_OVER, KITTY[30:])], id="in part, and the rest too late"),
        pytest.param([(QUESTION, ALACRITTY), (TAKEN_OVER, ALACRITTY)], id="twice"),
        pytest.param([(QUESTION, b"\x1b[?62;c" + KITTY)], id="the last first"),
        pytest.param([(QUESTION, b"\x1b_Gi=31;EBADPNG:\x1b\\\x1b[?c\x1b]11;?\x07\x1b[6;0;0t")], id="nonsense"),
        pytest.param([(QUESTION, ALACRITTY[:7]), (QUESTION, ALACRITTY[7:])], id="in pieces"),
    ],
)
def test_whatever_the_terminal_answers(home: Home, scene: Path, answers: list[tuple[bytes, bytes]]) -> None:
    with answering(home, "--model", "demo", scene.parent, answers=answers) as terminal:
        terminal.until(lambda: shows_blocks(terminal) or shows_kitty(terminal), "a picture")
        terminal.until(READY)
        terminal.press("/")
        terminal.until(lambda: terminal.focuses("filter"), "an empty filter line, into which nothing was typed")
        terminal.press("scene")
        terminal.until("scene.png  320×240")
        for trace in ("rgb:", "Gi=31", "62;", "kitty(", "0x"):
            assert trace not in terminal.text, "an answer was typed"
        leave(terminal)


def test_what_is_typed_between_the_answers_is_not_lost(home: Home, scene: Path) -> None:
    """Ctrl+Q among the answers: the app is left."""
    answers = [(QUESTION, VERSION + b"\x11" + KITTY[len(VERSION) :])]
    with answering(home, "--model", "demo", scene, answers=answers) as terminal:
        assert terminal.end() == 0
        assert terminal.left_behind() == []


def test_over_ssh_an_answer_may_take_longer(home: Home, scene: Path) -> None:
    with answering(home, "--model", "demo", scene, answers=[(QUESTION, KITTY)], SSH_CONNECTION="1 2 3 4") as terminal:
        terminal.until(lambda: shows_kitty(terminal), "a picture by placeholders")
        assert b"f=100" in terminal.raw, "few bytes are wanted over a network"
        leave(terminal)


@pytest.mark.parametrize("graphics", ["half-blocks", "quadrants", "braille", "ascii", "kitty", "sixel"])
def test_who_insists_gets_it_and_the_terminal_is_not_asked(home: Home, scene: Path, graphics: str) -> None:
    with answering(home, "--graphics", graphics, "--model", "demo", scene, answers=[]) as terminal:
        terminal.until("scene.png  320")
        terminal.until(READY)
        assert b"\x1b[>q" not in terminal.raw
        assert shows_kitty(terminal) is (graphics == "kitty")
        assert shows_sixel(terminal) is (graphics == "sixel")
        dots = any("\u2801" <= character <= "\u28ff" for character in terminal.text)
        assert dots is (graphics == "braille")
        leave(terminal)


def test_the_preference_is_what_is_drawn_with(home: Home, scene: Path) -> None:
    settings = home.root / ".config" / "sightline" / "config.toml"
    settings.parent.mkdir(parents=True)
    settings.write_text('graphics = "sixel"\n')
    with answering(home, "--model", "demo", scene, answers=[]) as terminal:
        terminal.until(lambda: shows_sixel(terminal), "sixels")
        leave(terminal)


def test_on_a_light_background_the_app_is_light(home: Home, scene: Path) -> None:
    light = FOOT.replace(b"rgb:1c1c/1c1c/1c1c", b"rgb:ffff/ffff/ffff")
    with answering(home, "--model", "demo", scene, answers=[(QUESTION, light)]) as terminal:
        terminal.until("scene.png  320×240")
        assert terminal.screen.buffer[0][1].bg == "f3f5f7", "not the light theme's surface"
        leave(terminal)


def test_ended_while_it_still_asks_it_gives_the_terminal_back(home: Home, scene: Path) -> None:
    with answering(home, "--model", "demo", scene, answers=[], SSH_CONNECTION="1 2 3 4") as terminal:
        terminal.until(lambda: QUESTION in terminal.raw, "the question")
        terminal.send_signal(signal.SIGTERM)
        assert terminal.end() == 128 + signal.SIGTERM
        assert terminal.left_behind() == []


def test_refused_before_it_begins_it_leaves_no_answer_to_the_shell(home: Home, scene: Path) -> None:
    """Whoever reads the terminal next, as a shell does, reads what the user types."""
    shell = f'{SIGHTLINE} --model no-such-model {scene}; read -r line; echo "<$line>"'
    with answering(home, "-c", shell, answers=[(QUESTION, KITTY)], program="/bin/sh") as terminal:
        terminal.until("no-such-model")
        terminal.until(lambda: not terminal.answers, "the question")
        terminal.press("typed", "enter")
        terminal.until("<typed>")
        assert terminal.end() == 0
        assert "Gi=31" not in terminal.text


def test_the_terminals_own_word_brings_true_colour(home: Home, scene: Path) -> None:
    xterm = FOOT.replace(b"foot(1.16.2)", b"XTerm(379)")
    with answering(home, "--model", "demo", scene, answers=[(QUESTION, xterm)], TERM="xterm", COLORTERM="") as terminal:
        terminal.until("scene.png  320×240")
        assert b"48;2;" in terminal.raw, "its TERM says 8 colours, and it has them all"
        leave(terminal)


def test_a_terminal_that_loses_count_in_long_styles_gets_short_ones(home: Home, scene: Path) -> None:
    mlterm = FOOT.replace(b"foot(1.16.2)", b"mlterm(3.9.0)")
    with answering(home, "--model", "demo", scene, answers=[(QUESTION, mlterm)], TERM="mlterm", COLORTERM="") as terminal:
        terminal.until("scene.png  320×240")
        terminal.until(READY)
        styles = re.findall(rb"\x1b\[([0-9;]+)m", terminal.raw)
        assert max(style.count(b";") + 1 for style in styles) == 10
        assert re.search(rb"\x1b\[1m\x1b\[38;2;\d+;\d+;\d+;48;2;\d+;\d+;\d+m", terminal.raw), "bold is written apart"
        leave(terminal)


def test_stopped_and_continued_the_picture_is_there_again(home: Home, scene: Path) -> None:
    with answering(home, "--model", "demo", scene, answers=[(QUESTION, KITTY)]) as terminal:
        terminal.until(lambda: shows_kitty(terminal), "a picture by placeholders")
        terminal.until(READY)
        sent = terminal.raw.count(b"a=T")
        terminal.send_signal(signal.SIGTSTP)
        terminal.until(lambda: b"a=d,d=I" in terminal.raw and b"\x1b[?1049l" in terminal.raw, "the terminal given back")
        process = psutil.Process(terminal.pid)
        terminal.until(lambda: process.status() == psutil.STATUS_STOPPED, "the program to stop")
        terminal.send_signal(signal.SIGCONT)
        terminal.until(lambda: terminal.raw.count(b"a=T") > sent, "the picture sent again")
        leave(terminal)


def test_resizing_sends_the_picture_anew(home: Home, scene: Path) -> None:
    with answering(home, "--model", "demo", scene, answers=[(QUESTION, FOOT)]) as terminal:
        terminal.until(lambda: shows_sixel(terminal), "sixels")
        terminal.until(READY)
        for columns, rows in ((80, 24), (160, 50)):
            painted = len(SIXEL.findall(terminal.raw))
            terminal.resize(columns, rows)
            terminal.until(partial(paints_more, terminal, painted), "sixels of the new size")
        leave(terminal)


def test_doctor_says_what_it_found_and_why(home: Home, scene: Path) -> None:
    del scene
    with answering(home, "doctor", "--json", answers=[(QUESTION, FOOT)], columns=250) as terminal:
        terminal.end()
        assert terminal.left_behind() == []
        report = json.loads(re.sub(rb"[\r\n]", b"", terminal.raw[terminal.raw.index(b'{"schema"') :]))
        pictures = report["terminal"]["pictures"]
        assert (pictures["graphics"], pictures["name"], pictures["asked"]) == ("sixel", "foot(1.16.2)", True)
        assert pictures["cell"] == [10, 20]
        assert pictures["background"] == [28, 28, 28]
        assert "\\x1b[?62;4;22;28;29c" in pictures["answers"]
        assert pictures["reason"]

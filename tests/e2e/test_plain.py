"""Plain mode as its users meet it: through pipes, and in a pseudo-terminal, with the demo model."""

from __future__ import annotations

import json
import os
import re
import sqlite3
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pexpect  # type: ignore[import-untyped]
import pytest
from PIL import Image

from backend.synthetic.scenes import draw_scene
from tests.e2e.bad_files import HOSTILE, HOSTILE_SHOWN, text_named_jpg
from tests.e2e.program import PATIENCE_S, SIGHTLINE, Home

LOCATE, RELATION = "Locate every object", "Is the red circle left of the blue square?"
UPPER_LEFT = "(?:upper left|on the left, at half height)"
"""The circle's middle lies where the two meet."""


def assert_plain(written: str) -> None:
    """Printable text and line ends, and nothing else: what a screen reader can read and a dumb terminal shows."""
    strange = {char for char in written if char not in "\n\r" and unicodedata.category(char)[0] == "C"}
    assert strange == set()
    assert re.search(r"\r(?!\n|\r)", written) is None, "the cursor goes back to the beginning of a line"


def talk(home: Home, *lines: str, language: str = "en") -> tuple[int, str, str]:
    done = home.sightline(
        "--plain", "scene.png", stdin="".join(f"{line}\n" for line in lines).encode(), SIGHTLINE_LANGUAGE=language
    )
    assert_plain(done.text)
    assert_plain(done.err)
    return done.code, done.text, done.err


@pytest.mark.usefixtures("scene")
def test_a_question_through_a_pipe_is_answered_in_words(home: Home) -> None:
    code, out, err = talk(home, RELATION)
    assert code == 0
    said = out.splitlines()
    assert said[0] == "Yes, the red circle is left of the blue square."
    assert said[1] == "2 findings:"
    assert re.fullmatch(rf"1: red circle, {UPPER_LEFT}, 2\d % of the picture wide and 3\d % high, confidence \d+ %", said[2])
    assert re.fullmatch(r"2: blue square, lower right, .*", said[3])
    assert re.match(r"Claim: red circle left of blue square\. Confirmed.*: the red circle's right edge \(\d", said[4])
    assert err == "Note: Knows only drawn scenes of coloured shapes; comes with sightline.\n"


@pytest.mark.usefixtures("scene")
def test_commands_tell_of_the_last_answer(home: Home) -> None:
    code, out, __ = talk(
        home,
        LOCATE,
        "/where 1",
        "/findings",
        "/claims",
        "/where 9",
        "/picture",
        "/save",
        "/export a.jsonl",
        "/export a.html",
        "/quit",
    )
    assert code == 2, "of a pipe's commands the first that failed decides"
    assert re.search(
        r"^From 5\d to 12\d pixels across and from 4\d to 11\d down, in a picture of 320 by 240\.$", out, re.MULTILINE
    )
    assert "2, blue square, is right of it and lower." in out
    assert "The answer claims nothing that geometry can judge." in out
    assert "Picture 1 of 1: scene.png.\n320 by 240 pixels.\n" in out
    assert "Saved as scene-sightline.png." in out
    assert (home.folder / "scene-sightline.png").stat().st_size > 1000
    assert "red circle" in (home.folder / "a.html").read_text()
    (line,) = (home.folder / "a.jsonl").read_text().splitlines()
    assert [box["label"] for box in json.loads(line)["boxes"]] == ["red circle", "blue square"]


@pytest.mark.usefixtures("scene")
def test_a_follow_up_knows_what_was_said_and_depth_is_told(home: Home) -> None:
    pytest.importorskip("onnxruntime")
    code, out, err = talk(home, LOCATE, "/depth", "How many objects are there?", "/export t.txt", "/new", "/export t2.txt")
    assert code == 2
    assert "nothing was asked about this picture yet" in err
    assert "It shows no depth here." in out or "orders from near to far" in out
    told = (home.folder / "t.txt").read_text()
    assert told.count("Question about scene.png: ") == 2


@pytest.mark.usefixtures("scene")
@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_in_both_languages_nothing_but_text_is_written(language: str, home: Home) -> None:
    code, out, err = talk(
        home,
        "红色圆形在哪里？",
        LOCATE,
        "/where 1",
        "/claims",
        "/help",
        "/list",
        "/nonsense",
        "/sessions",
        language=language,
    )
    assert code == 2
    assert "红色圆形" in out
    assert "red circle" in out
    assert "/nonsense" in err


@pytest.mark.usefixtures("scene")
def test_the_language_is_changed_on_the_way(home: Home) -> None:
    __, out, err = talk(home, "/language zh", "/language en", "/language", "/language tlh")
    assert "中文" in out.splitlines()[0]
    assert out.splitlines()[1:] == ["The language is English.", "The language is English."]
    assert "does not speak “tlh”" in err


def test_names_and_errors_are_told_as_data(home: Home, scene: Path) -> None:
    scene.rename(home.folder / HOSTILE)
    text_named_jpg(home.folder / "list.jpg")
    script = f"/picture\n{LOCATE}\n/next\n/next\n/open nowhere\n/open list.jpg\n{LOCATE}\n/open .\n".encode()
    done = home.sightline("--plain", ".", stdin=script)
    assert_plain(done.text + done.err)
    assert HOSTILE_SHOWN in done.text
    assert "red circle" in done.text
    assert "list.jpg" in done.text
    assert "The list has no further picture." in done.text
    assert "Error: “list.jpg” is not a picture sightline can read: it holds text" in done.err
    assert "Error: there is no file or folder “nowhere”" in done.err
    assert done.code == 3


def test_all_pictures_together_and_each_is_saved_with_its_own(home: Home, scene: Path) -> None:
    draw_scene(5, (160, 120)).render().save(home.folder / "a.png")
    script = b"/all Locate the red circle\n/open 2\n/picture\n/save second.png\n/save second.jpg\n"
    done = home.sightline("--plain", "a.png", scene.name, stdin=script)
    assert_plain(done.text + done.err)
    assert done.code == 0, done.err
    assert "Picture 2 of 2: scene.png." in done.text
    (number,) = re.findall(r"in picture (\d)", done.text)
    with Image.open(home.folder / "second.png") as saved, Image.open(scene) as bare:
        drawn = saved.convert("RGB").tobytes() != bare.convert("RGB").tobytes()
    assert drawn == (number == "2"), "what was found in the first picture is not drawn into the second"


@pytest.mark.usefixtures("scene")
def test_bytes_that_are_no_text_are_told_as_data(home: Home) -> None:
    os.link(home.folder / "scene.png", os.fsencode(home.folder) + b"/caf\xe9.png")
    done = home.sightline("--plain", "scene.png", stdin=b"where is \xff\x1b[2J?\n/open caf\xe9.png\nLocate the red circle\n")
    assert_plain(done.text + done.err)
    assert "Picture 1 of 1: caf\\udce9.png." in done.text
    assert re.search(f"1: red circle, {UPPER_LEFT}", done.text)


def test_without_pictures_it_says_how_to_open_some(home: Home, scene: Path) -> None:
    scene.rename(home.root / "scene.png")
    done = home.sightline("--plain", stdin=b"where is it?\n/open ../scene.png\nLocate the red circle\n")
    assert "What to do: open one with: /open PATH" in done.err
    assert re.search(f"1: red circle, {UPPER_LEFT}", done.text)


@pytest.mark.usefixtures("scene")
def test_the_variable_asks_for_it_as_well_and_a_missing_file_is_refused(home: Home) -> None:
    assert home.sightline("scene.png", stdin=b"/picture\n", SIGHTLINE_PLAIN="1").text.startswith("Picture 1 of 1: scene.png.")
    refused = home.sightline("scene.png", stdin=b"/picture\n")
    assert refused.code == 2
    assert "sightline --plain PICTURE" in refused.err
    assert home.sightline("--plain", "gone.png").code == 2


class Spoken:
    """Plain mode in a pseudo-terminal, as it is typed into and read."""

    def __init__(self, child: Any) -> None:
        self.child, self.heard = child, ""

    def hears(self, text: str) -> None:
        self.child.expect_exact(text, timeout=PATIENCE_S)
        self.heard += self.child.before + self.child.after

    def end(self) -> int:
        self.child.expect(pexpect.EOF, timeout=PATIENCE_S)
        self.heard += self.child.before
        self.child.wait()
        return int(self.child.exitstatus)


@contextmanager
def spoken(home: Home, *arguments: str, **environment: str) -> Iterator[Spoken]:
    child = pexpect.spawn(
        SIGHTLINE,
        [*arguments],
        cwd=str(home.folder),
        env=home.environment(**environment),
        dimensions=(40, 200),
        encoding="utf-8",
    )
    try:
        yield Spoken(child)
    finally:
        child.close(force=True)


@pytest.mark.usefixtures("scene")
@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_at_a_terminal_it_prompts_answers_and_is_kept_as_a_session(language: str, home: Home) -> None:
    with spoken(home, "--plain", "scene.png", SIGHTLINE_LANGUAGE=language) as told:
        told.hears("scene.png> ")
        told.child.sendline(RELATION)
        told.hears("blue square")
        told.hears("scene.png> ")
        told.child.sendcontrol("d")
        assert told.end() == 0
    assert_plain(told.heard)
    (database,) = (home.root / ".local").rglob("*.db")
    with sqlite3.connect(database) as connection:
        assert connection.execute("SELECT question FROM answers").fetchall() == [(RELATION,)]
    with spoken(home, "--plain", "scene.png", SIGHTLINE_LANGUAGE="en") as told:
        told.hears("scene.png> ")
        told.child.sendline("/sessions")
        told.hears("1 question, last: " + RELATION)
        told.hears("scene.png> ")
        told.child.sendline("/resume latest")
        told.hears("The last question was: " + RELATION)
        told.hears("scene.png> ")
        told.child.sendline("/where 1")
        told.hears("2, blue square, is right of it and lower.")
        told.child.sendline("/resume latest")
        told.hears("this is the session that is open here")
        told.child.sendline("/quit")
        assert told.end() == 0
    assert_plain(told.heard)


@pytest.mark.usefixtures("scene")
def test_ctrl_c_stops_the_answer_and_the_next_question_is_answered(home: Home) -> None:
    with spoken(home, "--plain", "scene.png") as told:
        told.hears("scene.png> ")
        told.child.sendintr()
        told.hears("Ctrl-D, or /quit, leaves.")
        told.hears("scene.png> ")
        told.child.sendline("Describe the picture.")
        told.hears("The model is being loaded.")
        told.child.sendintr()
        told.hears("Stopped.")
        told.hears("scene.png> ")
        told.child.sendline("How many objects are there?")
        told.hears("2 findings:")
        told.hears("scene.png> ")
        told.child.sendcontrol("d")
        assert told.end() == 0
    assert "\x1b" not in told.heard


@pytest.mark.usefixtures("scene")
def test_a_dumb_terminal_gets_it_unasked(home: Home) -> None:
    with spoken(home, "scene.png", TERM="dumb") as told:
        told.hears("note: this terminal (TERM=dumb) draws no screen, so this is plain mode")
        told.hears("scene.png> ")
        told.child.sendline("/quit")
        assert told.end() == 0
    assert_plain(told.heard)


@pytest.mark.usefixtures("scene")
def test_a_language_that_is_chosen_at_a_terminal_is_spoken_at_the_next_start(home: Home) -> None:
    told = home.sightline("--plain", "scene.png", stdin=b"/language zh\n", SIGHTLINE_MODEL="demo")
    assert "中文" in told.text
    assert "Usage" in home.sightline("--help").text  # a pipe speaks for itself alone
    with spoken(home, "--plain", "scene.png") as told_again:
        told_again.hears("scene.png> ")
        told_again.child.sendline("/language zh")
        told_again.hears("中文")
        told_again.child.sendline("/quit")
        assert told_again.end() == 0
    assert "用法" in home.sightline("--help").text

"""Sessions with the real program in a real terminal: whatever ends it, it opens where it was.

Answers that stand still come from a server on this machine; everything else is asked of the demo model.
"""

from __future__ import annotations

import json
import signal
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from tests.e2e.conftest import two_shapes
from tests.e2e.program import SIGHTLINE, Home
from tests.e2e.terminal import Terminal, in_terminal
from tests.e2e.test_app import QUESTION, ask, corners_in_the_picture, leave
from tests.engine.remote.unruly import Stream, Unruly, running_unruly, said

BEGINNING = "The red circle is on the left side"
SHELL = "/bin/bash"


@pytest.fixture
def slow(home: Home) -> Iterator[Unruly]:
    """A model called slow, whose answers begin and then stand still."""
    with running_unruly() as server:
        settings = home.root / ".config" / "sightline" / "models.toml"
        settings.parent.mkdir(parents=True)
        settings.write_text(f'[models.slow]\nendpoint = "{server.url}"\n')
        server.replies.extend([Stream([said(f"{word} ") for word in BEGINNING.split()], end="hold")] * 3)
        yield server


def opened(app: Terminal) -> None:
    app.until("320×240")
    app.until("ready")


def standing_still(app: Terminal) -> None:
    """In mid-answer, with what was said so far on the disk."""
    opened(app)
    ask(app, "Describe the picture")
    app.until(lambda: "left side" in " ".join(app.text.split()), "the beginning of the answer")


def shows_the_beginning(app: Terminal) -> bool:
    """Over the ends of the conversation's lines."""
    return BEGINNING in " ".join(" ".join(line[77:] for line in app.lines).split())


def journal(home: Home) -> Path:
    return home.root / ".local" / "share" / "sightline" / "journal.db"


def listed(home: Home) -> list[dict[str, object]]:
    done = home.sightline("sessions", "list", "--json")
    assert done.code == 0, done.err
    found = json.loads(done.text)
    assert isinstance(found, list)
    return found


def on_the_disk(home: Home, words: str) -> None:
    """Until a session holds these words, whatever the app shows."""
    while words not in home.sightline("sessions", "show", "latest").text:
        pass


@pytest.mark.usefixtures("slow")
def test_after_a_kill_in_mid_answer_it_opens_where_it_was(home: Home, scene: Path) -> None:
    scene.with_name("apple.png").write_bytes(scene.read_bytes())
    with in_terminal(home, "--model", "slow", home.folder) as app:
        app.until("apple.png  320×240")
        app.press("j")
        app.until("scene.png  320×240")
        standing_still(app)
        on_the_disk(home, "left side")
        app.send_signal(signal.SIGKILL)
        assert app.end() == -signal.SIGKILL
    with in_terminal(home, "--model", "slow", home.folder) as app:
        app.until("scene.png  320×240")
        app.until(lambda: shows_the_beginning(app), "what had been said")
        app.until("interrupted")
        app.until("Resumed pictures")
        leave(app)
    assert [one["questions"] for one in listed(home)] == [1]


def test_after_a_kill_what_changed_between_two_pictures_is_there_again(home: Home, scene: Path) -> None:
    """Asked of the demo model once; the second program asks nothing."""
    later = two_shapes()
    moved = replace(later, objects=(replace(later.objects[0], x=160), later.objects[1]))
    moved.render().save(scene.with_name("then.png"))
    with in_terminal(home, "--model", "demo", home.folder) as app:
        opened(app)
        app.press(" ", "j")
        app.until("then.png  320×240")
        app.press(" ", "d")
        app.until("Compare two pictures")
        app.press("enter")
        app.until("red circle moved")
        while True:
            with closing(sqlite3.connect(journal(home))) as connection:
                if connection.execute("SELECT count(*) FROM studies").fetchone() == (1,):
                    break
        app.send_signal(signal.SIGKILL)
        assert app.end() == -signal.SIGKILL
    with in_terminal(home, "--model", "demo", home.folder) as app:
        app.until("Changes")
        app.until("red circle moved")
        leave(app)
    assert "what changed between them" in home.sightline("sessions", "show", "latest").text
    (only,) = listed(home)
    assert (only["questions"], only["studies"]) == (0, 1)


@pytest.mark.parametrize("lost", [False, True], ids=["signal", "lost connection"])
@pytest.mark.usefixtures("slow")
def test_a_hang_up_keeps_what_was_said_to_the_last_word(home: Home, scene: Path, lost: bool) -> None:
    with in_terminal(home, "--model", "slow", scene.parent) as app:
        standing_still(app)
        app.press("and the squ")  # typed while the answer runs
        app.until("and the squ")
        if lost:
            assert app.hang_up() == 128 + signal.SIGHUP
        else:
            app.send_signal(signal.SIGHUP)
            assert app.end() == 128 + signal.SIGHUP
            assert app.left_behind() == []
        assert b"Traceback" not in app.raw
    with in_terminal(home, "--model", "slow", scene.parent) as app:
        app.until(lambda: shows_the_beginning(app), "what had been said")
        app.until("interrupted")
        app.until("│ and the squ")
        leave(app)


def test_findings_are_drawn_again_and_a_follow_up_knows_them(home: Home, scene: Path) -> None:
    with in_terminal(home, "--model", "demo", scene.parent) as app:
        opened(app)
        ask(app)
        app.until("tokens/s")
        leave(app)
    with in_terminal(home, scene.parent) as app:  # the model that was used is used again, without asking
        opened(app)
        app.until(f"› {QUESTION}")
        app.until(lambda: len(corners_in_the_picture(app)) >= 4, "the box drawn in the picture")
        app.press("enter")
        ask(app, "Is it left of the blue square?")
        app.until("tokens/s")
        leave(app)
    with in_terminal(home, "--model", "demo", "--new", scene.parent) as app:
        opened(app)
        assert f"› {QUESTION}" not in app.text
        leave(app)
    (only,) = listed(home)
    assert only["questions"] == 2
    with in_terminal(home, "--resume", str(only["key"])) as app:
        app.until("Is it left of the blue square?")
        leave(app)


def test_suspended_and_brought_back_in_a_shell(home: Home, scene: Path) -> None:
    with in_terminal(home, "--norc", "--noprofile", "-i", program=SHELL, PS1="shell> ") as app:
        app.until("shell>")
        app.press("stty -a > before", "enter")
        app.press(f"{SIGHTLINE} --model demo {scene}", "enter")
        opened(app)
        app.press("ctrl+z")
        app.until("Stopped")
        app.until("shell>")
        app.press("stty -a > suspended; cmp before suspended && echo $((6 * 7))", "enter")
        app.until("42")
        app.press("fg", "enter")
        opened(app)
        ask(app)
        app.until("tokens/s")
        app.press("ctrl+q")
        app.until("shell>")
        app.press("stty -a > after; cmp before after && echo $((10 * 10))", "enter")
        app.until("100")
        app.press("exit", "enter")
        assert app.end() == 0
        assert set(app.left_behind()) <= {"line settings (echo, canonical mode) differ"}  # the shell's own


def test_two_at_once_do_not_get_into_each_others_way(home: Home, scene: Path) -> None:
    with in_terminal(home, "--model", "demo", scene.parent) as first:
        opened(first)
        ask(first)
        first.until("tokens/s")
        with in_terminal(home, "--model", "demo", scene.parent) as second:
            opened(second)
            assert f"› {QUESTION}" not in second.text
            ask(second, "How many squares are there?")
            second.until("first token after")
            assert {one["last_question"] for one in listed(home) if one["open"]} == {QUESTION, "How many squares are there?"}
            refused = home.sightline("sessions", "delete", "latest", "--yes")
            assert (refused.code, "open in another terminal" in refused.err) == (2, True)
            leave(second)
        first.press("How many circles are there?", "enter")
        first.until_gone("tokens/s")
        first.until("first token after")
        leave(first)
    assert sorted(int(str(one["questions"])) for one in listed(home)) == [1, 2]


def test_a_damaged_memory_is_put_aside_and_said(home: Home, scene: Path) -> None:
    journal(home).parent.mkdir(parents=True)
    journal(home).write_text("dear diary, " * 1000)
    with in_terminal(home, "--model", "demo", scene.parent) as app:
        opened(app)
        app.until("put aside")
        ask(app)
        app.until("tokens/s")
        leave(app)
    assert [one["last_question"] for one in listed(home)] == [QUESTION]


def test_a_full_disk_is_said_and_answers_go_on(home: Home, scene: Path) -> None:
    limited = f"ulimit -f 60; exec {SIGHTLINE} --model demo {scene.parent}"
    with in_terminal(home, "-c", limited, program=SHELL) as app:
        opened(app)
        ask(app)
        app.until("tokens/s")
        app.until("cannot be used")
        leave(app)


def test_without_a_memory_nothing_is_on_the_disk(home: Home, scene: Path) -> None:
    with in_terminal(home, "--no-memory", "--model", "demo", scene.parent) as app:
        opened(app)
        ask(app)
        app.until("tokens/s")
        leave(app)
    assert not journal(home).exists()
    assert not journal(home).with_name("journal-sessions").exists()
    refused = home.sightline("--no-memory", "--resume")
    assert refused.code == 2


def test_sessions_on_the_command_line(home: Home, scene: Path) -> None:
    with in_terminal(home, "--model", "demo", scene.parent) as app:
        opened(app)
        ask(app)
        app.until("tokens/s")
        leave(app)
    (one,) = listed(home)
    key = str(one["key"])
    assert home.sightline("sessions", "rename", "latest", "Circles and squares").code == 0
    assert "Circles and squares" in home.sightline("sessions", "list", "circ").text
    assert "no session holds" in home.sightline("sessions", "list", "giraffe").err
    shown = home.sightline("sessions", "show", "circles and squares").text
    assert QUESTION in shown
    assert "red circle" in shown
    assert home.sightline("sessions", "export", key).code == 0
    exported = json.loads((home.folder / f"session-{key}.json").read_text())
    (exchange,) = exported["conversations"][0]["exchanges"]
    assert exchange["answer"]["boxes"][0]["label"] == "red circle"
    assert json.loads(home.sightline("sessions", "export", key, "--out", "-").out) == exported
    assert home.sightline("sessions", "export", key, "--out", home.folder / f"session-{key}.json").code == 5
    unknown = home.sightline("sessions", "show", "Circle and squares")
    assert (unknown.code, "Circles and squares" in unknown.err) == (2, True)
    assert home.sightline("sessions", "delete", key).code == 2  # nobody to ask
    assert home.sightline("sessions", "delete", "--all", "--yes").code == 0
    assert listed(home) == []
    assert home.sightline("forget", scene).code == 0

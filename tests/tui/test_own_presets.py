"""Presets of the user's own: laid over the shipped ones, in the palette, on keys, and refused with file and key."""

from __future__ import annotations

from pathlib import Path

import pytest

from backend.errors import UsageError
from tests.scripted import Say
from tests.tui.conftest import CARD, Hand, Scripted
from tui.presets import PresetsError, check_keys, own, preset, presets, shipped, user_presets


def write(text: str) -> Path:
    file = user_presets()
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, "utf-8")
    return file


MINE = """
[[preset]]
name = "hazards"
keys = "ctrl+y"
label = "Hazards"
help = "What somebody could trip over"
questions = ["Locate every cable", "Is the floor wet?"]

[[preset]]
name = "doors"
questions = ["Where is the door?"]

[[preset]]
name = "everything"
questions = ["Locate every object"]
"""


def test_without_a_file_there_are_the_shipped_ones() -> None:
    assert presets() == shipped()
    assert own() == ()


def test_the_file_is_laid_over_the_shipped_ones_and_read_again_when_it_changes() -> None:
    write(MINE)
    assert [one.name for one in presets()] == [*(one.name for one in shipped()), "hazards", "doors"]
    assert preset("everything").questions == preset("everything").drawn == ("Locate every object",)
    assert preset("everything").keys == shipped()[0].keys
    assert (preset("doors").label, preset("doors").help, preset("doors").keys) == ("Doors", "Where is the door?", "")
    write('[[preset]]\nname = "doors"\nquestions = ["Where is the red door, exactly?"]\n')
    assert [one.name for one in own()] == ["doors"]
    with pytest.raises(PresetsError, match="hazards"):
        preset("hazards")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("x = 1", ("top level", "“x”", "unknown")),
        ("[preset]\nname = 1", ("[[preset]]",)),
        ("[[preset]]\nquestions = ['a']", ("preset 1", "“name”", "missing")),
        ("[[preset]]\nname = 'A b'\nquestions = ['a']", ("“name”", "small letters")),
        ("[[preset]]\nname = 'a'", ("preset a", "“questions”", "missing")),
        ("[[preset]]\nname = 'a'\nquestions = []", ("preset a", "“questions”", "list of questions")),
        ("[[preset]]\nname = 'a'\nquestions = ['']", ("preset a", "a question")),
        ("[[preset]]\nname = 'a'\nquestion = ['b']", ("preset a", "“question”", "unknown")),
        ("[[preset]]\nname = 'a'\nquestions = 'b'", ("list of questions",)),
        (f"[[preset]]\nname = 'a'\nquestions = {['q'] * 21}", ("21 questions",)),
        ("[[preset]]\nname = 'a'\nkeys = 'F 1'\nquestions = ['b']", ("“keys”",)),
        ("[[preset]]\nname = 'everything'\nkeys = 'f1'", ("“keys”", "settled")),
        ("[[preset]]\nname = 'a'\nquestions = ['b']\n" * 2, ("two of this name",)),
        ("[[preset", ("not valid TOML",)),
    ],
)
def test_every_slip_names_the_file_and_the_key(text: str, words: tuple[str, ...]) -> None:
    file = write(text)
    with pytest.raises(UsageError) as refused:
        presets()
    assert refused.value.exit_code == 2
    assert file.name in refused.value.message
    for word in words:
        assert word in f"{refused.value.message} {refused.value.cure}"


def test_a_key_that_is_taken_is_refused() -> None:
    write(MINE)
    check_keys({"f1": "Help"})
    with pytest.raises(PresetsError, match=r"hazards.*ctrl\+y.*Save"):
        check_keys({"ctrl+y": "Save"})


async def test_an_own_preset_is_asked_by_its_key_and_by_the_palette(scripted: Scripted) -> None:
    write(MINE)
    app, engine = scripted((Say("[]"),), (Say("No."),), (Say("[]"),))
    async with app.run_test(size=(120, 40)) as pilot:
        hand = Hand(pilot)
        await hand.ready()
        await pilot.press("f8", "ctrl+y")
        await hand.answered(2)
        assert [turn.exchange.question for turn in hand.turns] == list(preset("hazards").asked_of(CARD))
        await pilot.press("ctrl+p", *"doors")
        await hand.until(lambda: app.screen.query_one("CommandList").option_count > 0)  # type: ignore[attr-defined]
        await pilot.press("enter")
        await hand.answered(3)
        assert hand.turns[-1].exchange.question == "Where is the door?"
        assert len(engine.batches) == 2


async def test_a_preset_that_is_broken_while_the_app_runs_is_said(scripted: Scripted) -> None:
    app, engine = scripted()
    async with app.run_test(size=(120, 40)) as pilot:
        hand = Hand(pilot)
        await hand.ready()
        write("[[preset]]\nname = 1")
        await pilot.press("f2")
        await hand.until(lambda: any("presets.toml" in notice for notice in hand.notices()))
        assert not engine.requests

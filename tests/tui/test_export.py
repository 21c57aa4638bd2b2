"""F12: what was answered goes into a file that the notice names."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from textual.widgets import Input, Select, Static

from tests.scripted import Say
from tests.tui.conftest import Hand, Scripted, located, scene
from tui.screens.export import ExportActions, ExportDialog, Paths, from_home


async def test_an_answer_is_written_where_the_dialog_says(scripted: Scripted, scenes: Path) -> None:
    app, _ = scripted((Say(located(1)),), (Say(located(1)),))
    async with app.run_test(size=(120, 40)) as pilot:
        hand = Hand(pilot)
        await hand.ready()
        await pilot.press("f12")
        await hand.until(lambda: any("Nothing was answered" in said for said in hand.notices()))
        await hand.ask("locate every object")
        await hand.answered()
        await pilot.press("f12")
        await hand.until(lambda: isinstance(app.screen, ExportDialog) and app.screen.query_one(Input).value)
        line, form = app.screen.query_one(Input), app.screen.query_one("#export-as", Select)
        assert line.value == str(scenes / "scene-1-sightline.html")
        form.value = "csv"
        await hand.until(lambda: line.value.endswith(".csv"))
        line.value = str(scenes / "scene-1.png")
        await pilot.press("enter")
        await hand.until(lambda: "there already" in str(app.screen.query_one("#export-said", Static).visual))
        line.value = str(scenes / "found.csv")
        await pilot.press("enter")
        await hand.until(lambda: any("found.csv" in said for said in hand.notices()))
        with (scenes / "found.csv").open(newline="", encoding="utf-8") as file:
            assert [row["label"] for row in csv.DictReader(file)] == [thing.name for thing in scene(1).objects]
        assert ExportActions.last_export.form == "html"  # of the class that others share
        await hand.ask("locate every object")
        await hand.answered(2)
        await pilot.press("f12")
        await hand.until(lambda: isinstance(app.screen, ExportDialog) and app.screen.query_one(Input).value)
        assert app.screen.query_one("#export-as", Select).value == "csv"
        app.screen.query_one("#export-as", Select).value = "json"
        app.screen.query_one("#export-what", Select).value = "conversation"
        app.screen.query_one(Input).value = str(scenes / "both.json")
        await pilot.press("enter")
        await hand.until(lambda: any("both.json" in said for said in hand.notices()))
        assert len(json.loads((scenes / "both.json").read_text("utf-8"))) == 2


async def test_a_path_is_completed_from_its_folder(scenes: Path) -> None:
    assert await Paths().get_suggestion(f"{scenes}/mo") == f"{scenes}/more"
    assert await Paths().get_suggestion(f"{scenes}/none") is None
    assert await Paths().get_suggestion("/no/such/folder/x") is None


def test_a_path_below_the_home_is_proposed_as_a_shell_writes_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path / "me"))
    shown = from_home(str(tmp_path / "me" / "pictures" / "a.html"))
    assert shown == "~/pictures/a.html"
    assert Path(shown).expanduser() == tmp_path / "me" / "pictures" / "a.html"
    assert from_home(str(tmp_path / "mean" / "a.html")) == str(tmp_path / "mean" / "a.html")

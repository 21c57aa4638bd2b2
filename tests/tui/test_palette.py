"""The command palette: what can be done with its keys, what cannot with its reason, presets, themes and languages."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

import pytest
from textual.command import Command, CommandList, CommandPalette

from backend import language
from backend.language import _
from backend.preferences import Preferences
from tests.scripted import Say
from tests.tui.conftest import Hand, Scripted, located
from tui.actions import ACTIONS
from tui.app import SightlineApp
from tui.preset_keys import refuse_bad_presets
from tui.presets import PresetsError
from tui.why_not import why_not

NOTHING = {"running": False, "picture": True, "film": False, "pair": False, "studying": False}


class Palette(Hand):
    """A hand that opens it."""

    async def open(self, typed: str = "") -> None:
        await self.pilot.press("ctrl+p")
        await self.until(lambda: isinstance(self.pilot.app.screen, CommandPalette) and self.lines)
        if typed:
            before = self.lines
            await self.pilot.press(*typed)
            await self.until(lambda: self.lines and self.lines != before)

    @property
    def lines(self) -> list[str]:
        """What it lists: title, keys and explanation of each."""
        listed = self.pilot.app.screen.query_one(CommandList)
        return [str(option.prompt) for option in listed.options if isinstance(option, Command)]


def line_of(hand: Palette, title: str) -> str:
    return next(line for line in hand.lines if line.partition("\n")[0].partition("  ")[0] == title)


async def test_what_cannot_be_done_comes_last_and_says_why(scripted: Scripted) -> None:
    app, _engine = scripted((Say(located(1)),))
    async with app.run_test(size=(120, 40)) as pilot:
        hand = Palette(pilot)
        await hand.ready()
        await hand.open()
        save, depth = line_of(hand, "Save"), line_of(hand, "Stereo")
        assert "no answer yet" in save
        assert "mark two pictures first" in depth
        assert "no answer" not in line_of(hand, "History")
        assert hand.lines.index(save) > hand.lines.index(line_of(hand, "History"))
        await pilot.press("escape")
        await hand.ask("Locate every object")
        await hand.answered()
        await hand.open()
        assert "no answer yet" not in line_of(hand, "Save")


async def test_choosing_what_cannot_be_done_says_why_and_does_nothing(scripted: Scripted, scenes: Path) -> None:
    app, _engine = scripted()
    async with app.run_test(size=(120, 40)) as pilot:
        hand = Palette(pilot)
        await hand.ready()
        await hand.open("save")
        assert "no answer yet" in hand.lines[0]
        await pilot.press("enter")
        await hand.until(hand.notices)
        assert hand.notices() == ["Save: no answer yet"]
        assert not list(scenes.glob("*-sightline.png"))


async def test_keys_stand_beside_as_the_user_has_bound_them(scripted: Scripted) -> None:
    app, _engine = scripted()
    app.preferences = replace(Preferences(), keys=MappingProxyType({"help": ("f9",), "sessions": ()}))
    async with app.run_test(size=(120, 40)) as pilot:
        hand = Palette(pilot)
        await hand.ready()
        await hand.open()
        assert line_of(hand, "Help").startswith("Help  F9\n")
        assert line_of(hand, "Sessions").startswith("Sessions\n")
        assert line_of(hand, "Theme").startswith("Theme  ^T\n")


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("thm drk", "Theme: dark"),
        ("colours", "Theme: light"),
        ("zh", "Language: 中文"),
        ("语言", "Language: English"),
        ("earlier question", "History"),
        ("search_history", "History"),
    ],
)
async def test_it_finds_by_letters_by_explanation_and_by_the_name_of_the_action(
    scripted: Scripted, typed: str, found: str
) -> None:
    app, _engine = scripted()
    async with app.run_test(size=(120, 40)) as pilot:
        hand = Palette(pilot)
        await hand.ready()
        await hand.open()
        app.screen.query_one("Input").value = typed  # type: ignore[attr-defined]
        await hand.until(lambda: 0 < len(hand.lines) < 15 and any(line.startswith(found) for line in hand.lines))


async def test_where_nothing_is_called_so_it_says_so(scripted: Scripted) -> None:
    app, _engine = scripted()
    async with app.run_test(size=(120, 40)) as pilot:
        hand = Palette(pilot)
        await hand.ready()
        await hand.open("xqzj")
        await hand.until(lambda: hand.lines == ["Nothing is called so."])


async def test_a_theme_and_a_language_are_chosen_in_it(scripted: Scripted) -> None:
    app, _engine = scripted()
    async with app.run_test(size=(120, 40)) as pilot:
        hand = Palette(pilot)
        await hand.ready()
        await hand.open("high contrast")
        await hand.until(lambda: hand.lines[0].startswith("Theme: high contrast"))
        await pilot.press("enter")
        await hand.until(lambda: app.theme == "sightline-high-contrast")
        await hand.open("language 中文")
        await hand.until(lambda: hand.lines[0].startswith("Language: 中文"))
        await pilot.press("enter")
        await hand.until(lambda: language.spoken() == "zh_CN" and isinstance(app.screen, type(hand.screen)))
        assert hand.screen.query_one("#question").placeholder == _("Ask where something is")  # type: ignore[attr-defined]
        await hand.open("help")  # by its English name
        await hand.until(lambda: any(line.startswith(_("Help")) for line in hand.lines))


async def test_a_label_of_the_users_is_no_markup(scripted: Scripted, own_settings: Path) -> None:
    file = own_settings / "sightline" / "presets.toml"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text('[[preset]]\nname = "odd"\nlabel = "[bold]Odd [x"\nhelp = "[red]a[/b]"\nquestions = ["Where?"]\n')
    app, _engine = scripted()
    async with app.run_test(size=(120, 40)) as pilot:
        hand = Palette(pilot)
        await hand.ready()
        await hand.open("odd")
        await hand.until(lambda: "[bold]Odd [x\n[red]a[/b]" in hand.lines)


async def test_on_the_first_screen_it_offers_what_works_there() -> None:
    from tui.opening import Opening
    from tui.preview.capabilities import Capabilities

    app = SightlineApp(Opening(Path.cwd()), None, Capabilities())
    async with app.run_test(size=(100, 30)) as pilot:
        hand = Palette(pilot)
        await hand.until(lambda: app.screen.query("#offers"))
        await hand.open()
        assert line_of(hand, "Theme: light")
        assert not any(line.startswith(("Save", "History")) for line in hand.lines)


@pytest.mark.parametrize(
    ("action", "now", "reason"),
    [
        ("ask_preset", {"picture": False}, "no picture"),
        ("ask_preset", {"running": True}, "Esc stops it"),
        ("read_text", {"film": True}, "not for films"),
        ("follow", {}, "only for films"),
        ("follow", {"film": True, "studying": True}, "found out already"),
        ("compare", {}, "mark two pictures"),
        ("compare", {"pair": True, "studying": True}, "found out already"),
        ("map_place", {"picture": False}, "no picture"),
        ("show_evidence", {}, "no answer yet"),
        ("new_conversation", {}, "nothing was asked"),
    ],
)
def test_the_reason_is_what_is_missing(action: str, now: dict[str, bool], reason: str) -> None:
    assert reason in why_not(action, (), **{**NOTHING, **now})


def test_every_reason_is_told_of_actions_that_there_are() -> None:
    """Those that the palette lists and that `available` may refuse have a reason of their own."""
    told = {action.name.partition("(")[0] for action in ACTIONS if action.palette and action.where.name == "PICTURE"}
    always = {"export", "go_to_part", "search_history", "switch_second_looks"}
    refusing = {"picture": False, "running": True, "film": False, "pair": False, "studying": True}
    assert [name for name in sorted(told - always) if why_not(name, (), **refusing) == "not now"] == []


def preset(own_settings: Path, key: str) -> None:
    file = own_settings / "sightline" / "presets.toml"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(f'[[preset]]\nname = "doors"\nkeys = "{key}"\nquestions = ["Where is the door?"]\n')


def test_a_preset_may_have_a_key_that_was_taken_from_an_action(own_settings: Path) -> None:
    preset(own_settings, "ctrl+s")
    with pytest.raises(PresetsError, match="Save"):
        refuse_bad_presets({})
    refuse_bad_presets({"save_overlay": ("ctrl+e",)})
    refuse_bad_presets({"save_overlay": ()})


def test_a_preset_may_not_have_a_key_that_an_action_was_given(own_settings: Path) -> None:
    preset(own_settings, "ctrl+y")
    refuse_bad_presets({})
    with pytest.raises(PresetsError, match="Save"):
        refuse_bad_presets({"save_overlay": ("ctrl+y",)})

"""The user's own keys: they work, they are shown, and what cannot be is refused by name."""

from __future__ import annotations

from types import MappingProxyType

import pytest
from textual.widgets import Input, Static

from backend.preferences import Preferences, PreferencesError
from tests.tui.conftest import Hand, Scripted
from tui.actions import ACTIONS, Where
from tui.actions.keys import is_sent, keymap, keys_of, refuse_mistakes
from tui.app import SightlineApp
from tui.screens.help import HelpScreen
from tui.widgets.action_footer import ActionFooter


def refused(**keys: tuple[str, ...]) -> PreferencesError:
    with pytest.raises(PreferencesError) as found:
        refuse_mistakes(keys, ACTIONS, PreferencesError, "“config.toml”")
    return found.value


def test_no_two_actions_share_a_name() -> None:
    assert len({action.known_as for action in ACTIONS}) == len(ACTIONS)
    assert all(action.known_as.isidentifier() for action in ACTIONS)


def test_the_registry_itself_would_not_be_refused() -> None:
    refuse_mistakes({action.known_as: keys_of(action, {}) for action in ACTIONS}, ACTIONS, PreferencesError, "f")


def test_an_action_that_there_is_not() -> None:
    error = refused(save_overlays=("f12",))
    assert "config.toml" in error.message
    assert "save_overlays" in error.message
    assert "save_overlay" in error.cure


@pytest.mark.parametrize("key", ["hyper+x", "f25", "ctrl+shift+hyper", "blah", "ctrl+"])
def test_a_key_that_no_terminal_sends(key: str) -> None:
    assert not is_sent(key)
    assert key in refused(quit=(key,)).message


@pytest.mark.parametrize(
    "key", ["ctrl+e", "f5", "x", "?", "question_mark", "G", "shift+up", "ctrl+left", "space", "greater_than_sign"]
)
def test_a_key_that_terminals_send(key: str) -> None:
    assert is_sent(key)


def test_one_key_for_two_actions_in_one_place() -> None:
    error = refused(save_overlay=("ctrl+q",))
    assert "quit" in error.message
    assert "ctrl+q" in error.message
    refuse_mistakes({"save_overlay": ("ctrl+q",), "quit": ("ctrl+s",)}, ACTIONS, PreferencesError, "f")  # exchanged
    refuse_mistakes({"conversation_first": ("g",), "files_first": ("g",)}, ACTIONS, PreferencesError, "f")  # in two places


def test_no_key_at_all() -> None:
    assert keymap({"quit": ()}) == {"quit": "unbound"}


def choosing(app: SightlineApp, **keys: tuple[str, ...]) -> None:
    app.preferences = Preferences(keys=MappingProxyType(keys))
    app.set_keymap(keymap(keys))


async def test_the_users_keys_work_and_are_shown(scripted: Scripted) -> None:
    app, _engine = scripted()
    choosing(app, switch_theme=("ctrl+y",), files_cursor_down=("n",), help=("f1",))
    async with app.run_test(size=(120, 40)) as pilot:
        hand = Hand(pilot)
        await hand.ready()
        before, theme = hand.files.cursor, app.theme
        await pilot.press("j")
        assert hand.files.cursor == before
        await pilot.press("n")
        assert hand.files.cursor == before + 1
        await pilot.press("ctrl+t")
        assert app.theme == theme
        await pilot.press("ctrl+y")
        assert app.theme != theme
        await pilot.press("f1")
        await hand.until(lambda: isinstance(app.screen, HelpScreen))
        lines = app.screen.query_one("#help-anywhere-lines", Static)
        await hand.until(lambda: any("^Y" in lines.render_line(row).text for row in range(lines.size.height)))


async def test_a_sentence_of_the_help_that_takes_two_lines_stays_beside_its_key(scripted: Scripted) -> None:
    app, _engine = scripted()
    async with app.run_test(size=(60, 30)) as pilot:
        hand = Hand(pilot)
        await hand.ready()
        await pilot.press("f1")
        await hand.until(lambda: isinstance(app.screen, HelpScreen))
        lines = app.screen.query_one("#help-files-lines", Static)
        await hand.until(lambda: lines.size.height > sum(action.where is Where.FILES for action in ACTIONS))
        begins = [lines.render_line(row).text[:14] for row in range(lines.size.height)]
        assert [begin for begin in begins if begin.strip()] != begins, (
            "some sentence took another line, under its own beginning"
        )
        assert sum(bool(begin.strip()) for begin in begins) == sum(action.where is Where.FILES for action in ACTIONS)


async def test_the_help_begins_with_the_focused_part_and_is_narrowed(scripted: Scripted) -> None:
    app, _engine = scripted()
    async with app.run_test(size=(100, 40)) as pilot:
        hand = Hand(pilot)
        await hand.ready()
        await pilot.press("f1")
        await hand.until(lambda: isinstance(app.screen, HelpScreen))
        assert app.screen.query(".help-heading").first(Static).id == "help-files"
        await pilot.press(*"unmark")
        await hand.until(lambda: app.screen.query_one("#help-filter", Input).value == "unmark")
        shown = [part.id for part in app.screen.query(".help-lines").results(Static) if part.display]
        assert shown == ["help-files-lines"]
        await pilot.press("enter")
        await hand.until(lambda: not isinstance(app.screen, HelpScreen))


async def test_the_footer_leaves_out_what_has_no_key(scripted: Scripted) -> None:
    app, _engine = scripted()
    choosing(app, quit=())
    async with app.run_test(size=(160, 40)) as pilot:
        hand = Hand(pilot)
        await hand.ready()
        footer = hand.screen.query_one(ActionFooter)
        await hand.until(lambda: footer.keys)
        shown = {key.action for key in footer.keys}
        assert "help" in shown
        assert "quit" not in shown


async def test_a_narrow_footer_leaves_whole_keys_out_but_never_help_and_leaving(scripted: Scripted) -> None:
    app, _engine = scripted()
    async with app.run_test(size=(60, 24)) as pilot:
        hand = Hand(pilot)
        await hand.ready()
        footer = hand.screen.query_one(ActionFooter)
        await hand.until(lambda: any(key.action == "help" for key in footer.keys))
        assert len(footer.drawn) < len(footer.keys)
        others = [key for key in footer.drawn if key.action not in ("help", "quit")]
        assert others == [key for key in footer.keys if key.action not in ("help", "quit")][: len(others)]
        row = footer.render_line(0).text.rstrip()
        assert row.split() == " ".join(f"{key.shown} {key.label}" for key in footer.drawn).split()
        assert {"help", "quit"} <= {key.action for key in footer.drawn}


async def test_a_click_on_the_footer_presses_the_key_there_and_the_mouse_is_told_what_it_does(scripted: Scripted) -> None:
    app, _engine = scripted()
    async with app.run_test(size=(160, 40), tooltips=True) as pilot:
        hand = Hand(pilot)
        await hand.ready()
        footer = hand.screen.query_one(ActionFooter)
        await hand.until(lambda: any(key.action == "help" for key in footer.keys))
        row = footer.render_line(0).text
        help_key = next(key for key in footer.keys if key.action == "help")
        at = row.index(f"{help_key.shown} {help_key.label}") + footer.styles.padding.left
        await pilot.hover(footer, offset=(at, 0))
        await hand.until(lambda: footer.tooltip == help_key.hint)
        await pilot.click(footer, offset=(at, 0))
        await hand.until(lambda: isinstance(app.screen, HelpScreen))


async def test_the_footer_follows_the_focus(scripted: Scripted) -> None:
    app, _engine = scripted()
    async with app.run_test(size=(160, 40)) as pilot:
        hand = Hand(pilot)
        await hand.ready()
        footer = hand.screen.query_one(ActionFooter)
        await hand.until(lambda: any("filter" in key.action for key in footer.keys))
        hand.line.focus()
        await hand.until(lambda: footer.keys and not any("filter" in key.action for key in footer.keys))
        assert all(f"{key.shown} {key.label}" in footer.render_line(0).text for key in footer.keys[:3])

"""What a terminal shows that was sent all updates, and none of them whole: just what the whole screen would be."""

from __future__ import annotations

import random
from collections.abc import Iterator

import pyte
import pytest
from textual.strip import Strip

from tests.scripted import Hold, Say, Step
from tests.tui.conftest import Hand, Scripted, at_work
from tui.app import SightlineApp

SIZE = 120, 40
WORDS = (
    "left",
    "of",
    "the",
    "**red**",
    "circle",
    "is",
    "a",
    "blue",
    "square,",
    "below",
    "it",
    "nothing.\n\n",
    "- one\n",
    "二つ",
)


class Terminal:
    """A terminal behind the app that is being tested, whose driver writes nowhere."""

    def __init__(self, app: SightlineApp, monkeypatch: pytest.MonkeyPatch) -> None:
        self._app = app
        self._screen = pyte.Screen(*SIZE)
        self._stream = pyte.Stream(self._screen)
        self._patch = monkeypatch

    def attach(self) -> None:
        driver = self._app._driver
        assert driver is not None
        self._patch.setattr(type(driver), "is_headless", False)  # for which Textual leaves out the last step of drawing
        self._patch.setattr(driver, "write", self._stream.feed)

    @property
    def lines(self) -> list[str]:
        return [line.rstrip() for line in self._screen.display]

    def whole(self) -> list[str]:
        """What stands there when all of it is drawn anew."""
        strips: list[Strip] = self._app.screen._compositor.render_strips()
        fresh = pyte.Screen(*SIZE)
        stream = pyte.Stream(fresh)
        for row, strip in enumerate(strips, 1):
            stream.feed(f"\x1b[{row};1H{strip.text}")
        return [line.rstrip() for line in fresh.display]


def reply(chance: random.Random, words: int) -> Iterator[str]:
    for _ in range(words):
        yield chance.choice(WORDS) + " "


async def same(hand: Hand, terminal: Terminal) -> None:
    await hand.settled()
    await hand.until(lambda: not hand.screen._changed)
    assert terminal.lines == terminal.whole()


@pytest.mark.parametrize("seed", range(3))
async def test_nothing_is_left_over(scripted: Scripted, monkeypatch: pytest.MonkeyPatch, seed: int) -> None:
    """Keys of all kinds while a reply streams in that is longer than its pane."""
    chance = random.Random(seed)
    gates = [Hold() for _ in range(12)]
    script: list[Step] = []
    for gate in gates:
        script += [*(Say(piece) for piece in reply(chance, 20)), gate]
    app, _ = scripted(tuple(script))
    async with at_work(app, SIZE) as hand:
        terminal = Terminal(app, monkeypatch)
        terminal.attach()
        app.screen.refresh()
        await hand.ask("Describe it")
        for gate in gates:
            for _ in range(6):
                await hand.pilot.press(chance.choice(("tab", "shift+tab", "j", "k", "down", "up", "pageup", "pagedown", "end")))
            await same(hand, terminal)
            gate.gate.set()
        await hand.until(lambda: not hand.screen._dialogue._answering.running)
        await same(hand, terminal)

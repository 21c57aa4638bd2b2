"""A folder of a hundred thousand pictures: every one is there, the cursor works, and the filter finds."""

from __future__ import annotations

import os
from pathlib import Path

from tests.tui.conftest import Hand, Scripted
from tui.opening import Opening


async def test_a_hundred_thousand_pictures_are_listed_and_filtered(scripted: Scripted, tmp_path: Path) -> None:
    folder = tmp_path / "many"
    folder.mkdir()
    for number in range(100_000):
        os.mknod(folder / f"IMG_{number}.jpg")
    app, _ = scripted(opening=Opening(folder))
    async with app.run_test(size=(120, 40)) as pilot:
        hand = Hand(pilot)
        await hand.until(lambda: len(app.screen_stack) > 1 and len(hand.files.shown) == 100_001)
        assert [entry.name for entry in hand.files.shown[1:4]] == ["IMG_0.jpg", "IMG_1.jpg", "IMG_2.jpg"]
        await pilot.press("G")
        assert hand.files.current is not None
        assert hand.files.current.path == folder / "IMG_99999.jpg"
        await pilot.press("slash", *"img_4242")
        await hand.until(lambda: len(hand.files.shown) == 11)
        assert [entry.name for entry in hand.files.shown][:2] == ["IMG_4242.jpg", "IMG_42420.jpg"]
        await pilot.press("escape")
        await hand.until(lambda: len(hand.files.shown) == 100_001)

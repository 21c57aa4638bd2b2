"""What is kept of pictures that were looked at, what is made ready, and what is left off."""

from __future__ import annotations

from pathlib import Path
from threading import Event

import pytest
from PIL import Image

from backend.media import glimpse, images
from backend.scene import Box, Picture
from tests.tui.conftest import PATIENCE, Hand, Scripted, scene
from tests.tui.preview.large import photograph
from tests.tui.preview.pictures import plain
from tui.preview.capabilities import Capabilities
from tui.preview.gallery import FRAME_BYTES, PICTURE_BYTES, SAMPLED_BYTES, Gallery
from tui.preview.job import Job, Signature, Superseded
from tui.preview.viewport import Viewport


def signature(path: Path, **more: object) -> Signature:
    return Signature(path, 40, 20, (), frozenset(), Capabilities(), **more)  # type: ignore[arg-type]


def test_after_five_hundred_pictures_no_more_is_kept_than_was_promised(tmp_path: Path) -> None:
    limits = 6 * 2**20, 64 * 2**10, 2**20
    gallery = Gallery(*limits)
    most = 0
    for number in range(500):
        path = tmp_path / f"{number}.bmp"
        Image.new("RGB", (200 + number % 7, 150), (number % 256, 90, 30)).save(path)
        gallery.frame(signature(path))
        most = max(most, gallery.bytes)
        path.unlink()
    assert sum(limits) / 2 < most <= sum(limits)
    assert PICTURE_BYTES + SAMPLED_BYTES + FRAME_BYTES <= 512 * 2**20


def test_going_back_decodes_samples_and_draws_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = photograph(tmp_path / "a.jpg")
    gallery = Gallery()
    first = gallery.frame(signature(path))
    for owner, name in ((images, "load"), (glimpse, "reduced"), (Gallery, "_drawn")):
        monkeypatch.setattr(owner, name, None)
    assert gallery.frame(signature(path)) is first


def test_a_large_jpeg_is_shown_without_decoding_all_of_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = photograph(tmp_path / "a.jpg")
    whole = Gallery()
    whole.picture(path)
    expected, shown = whole.frame(signature(path))
    monkeypatch.setattr(images, "load", None)
    frame, glimpsed = Gallery().frame(signature(path))
    assert (glimpsed.width, glimpsed.height) == (shown.width, shown.height)
    assert frame.width == expected.width
    assert frame.text() == expected.text()


def test_enlarged_it_is_decoded_as_finely_as_is_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = photograph(tmp_path / "a.jpg")
    sizes: list[Picture | None] = []
    reduced = glimpse.reduced

    def watched(path: Path, width: float, height: float) -> Picture | None:
        sizes.append(reduced(path, width, height))
        return sizes[-1]

    monkeypatch.setattr(glimpse, "reduced", watched)
    gallery = Gallery()
    for zoom in (1.0, 16.0, 64.0):
        gallery.frame(signature(path, viewport=Viewport(zoom=zoom)))
    widths = [one.stored_size[0] if one else None for one in sizes]
    assert widths == [375, 1500, None], "the last was decoded whole"


def test_the_thumbnail_is_shown_until_then(tmp_path: Path) -> None:
    path = photograph(tmp_path / "a.jpg", thumbnail=(160, 120))
    gallery = Gallery()
    glimpsed = gallery.glimpse(signature(path))
    assert glimpsed is not None
    assert glimpsed[0].width == 40
    gallery.frame(signature(path))
    assert gallery.glimpse(signature(path)) is None, "the picture itself is there"
    assert Gallery().glimpse(signature(photograph(tmp_path / "b.jpg"))) is None


def test_what_is_called_off_stops_between_its_steps(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.bmp"
    Image.new("RGB", (60, 40)).save(path)
    gallery, job = Gallery(), Job(signature(path))

    def load(_path: Path) -> Picture:
        job.give_up()
        return plain(60, 40)

    monkeypatch.setattr(images, "load", load)
    monkeypatch.setattr("tui.preview.gallery.sampled", None)
    with pytest.raises(Superseded):
        gallery.frame(job.signature, job.check)
    monkeypatch.setattr(images, "load", None)
    assert gallery.picture(path).width == 60, "what was decoded is kept"


def test_frames_are_told_apart_by_what_is_drawn(tmp_path: Path) -> None:
    path = tmp_path / "a.bmp"
    Image.new("RGB", (60, 40)).save(path)
    gallery = Gallery()
    box = Signature(path, 40, 20, (Box(5, 5, 50, 35, "cup"),), frozenset(), Capabilities())
    assert "cup" in gallery.frame(box)[0].text()
    assert "cup" not in gallery.frame(signature(path))[0].text()


async def test_the_wanted_picture_waits_neither_for_the_last_one_nor_for_what_is_made_ready(
    scripted: Scripted, scenes: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scene(2).render().save(scenes / "scene-9.png")
    gate, load, begun = Event(), images.load, list[str]()

    def slow(path: Path) -> Picture:
        begun.append(path.name)
        if path.name == "scene-2.png":
            gate.wait(PATIENCE)
        return load(path)

    monkeypatch.setattr(images, "load", slow)
    app, _ = scripted()
    async with app.run_test() as pilot:
        hand = Hand(pilot)
        await hand.ready()
        await hand.until(lambda: "scene-2.png" in begun)  # made ready, since the cursor is likely to go there
        await pilot.press("down", "down", "down")
        await hand.until(lambda: "scene-9.png" in hand.caption and "480×360" in hand.caption)
        assert not gate.is_set()
        shown = hand.pane.frame
        gate.set()
        await hand.until(lambda: not hand.pane.busy)
        assert hand.pane.frame == shown, "what came too late is dropped"
        assert "scene-9.png" in hand.caption


async def test_two_pictures_ahead_and_one_behind_are_made_ready(scripted: Scripted, scenes: Path) -> None:
    scene(2).render().save(scenes / "scene-9.png")
    app, _ = scripted()
    async with app.run_test() as pilot:
        hand = Hand(pilot)
        await hand.ready()
        await pilot.press("down")
        await hand.until(lambda: "scene-2.png" in hand.caption)
        assert [path.name for path in hand.files.coming] == ["scene-3.png", "scene-9.png", "scene-1.png"]
        await pilot.press("up")
        assert [path.name for path in hand.files.coming] == ["scene-2.png"], "none behind the first but the one below it"

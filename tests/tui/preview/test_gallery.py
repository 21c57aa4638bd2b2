"""Pictures that were decoded lately."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event

import pytest

from backend.errors import UnreadablePicture
from backend.media import images
from backend.scene import Box3D, Intrinsics, Picture
from backend.synthetic.scenes import draw_scene
from tests.spatial.tables import photograph
from tui.preview.capabilities import Capabilities
from tui.preview.gallery import Gallery
from tui.preview.job import Signature


@pytest.fixture
def path(tmp_path: Path) -> Path:
    draw_scene(1, (320, 240)).render().save(tmp_path / "scene.png")
    return tmp_path / "scene.png"


def test_two_threads_that_want_one_picture_decode_it_once(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[Path] = []
    gate = Event()
    load = images.load

    def slow(path: Path) -> Picture:
        opened.append(path)
        gate.wait(30)
        return load(path)

    monkeypatch.setattr(images, "load", slow)
    gallery = Gallery()
    with ThreadPoolExecutor(2) as pool:
        both = [pool.submit(gallery.picture, path) for _ in range(2)]
        gate.set()
        assert both[0].result() is both[1].result()
    assert len(opened) == 1


def test_a_changed_file_is_decoded_anew(path: Path) -> None:
    gallery = Gallery()
    before = gallery.picture(path)
    draw_scene(2, (200, 200)).render().save(path)
    after = gallery.picture(path)
    assert (before.width, after.width) == (320, 200)


def test_findings_are_drawn_without_decoding_again(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    gallery = Gallery()
    signature = Signature(path, 40, 20, (), frozenset(), Capabilities())
    first, shown = gallery.frame(signature)
    monkeypatch.setattr(images, "load", None)
    again, _ = gallery.frame(signature)
    assert again == first
    assert (shown.width, shown.height) == (320, 240)


def test_what_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(UnreadablePicture):
        Gallery().picture(tmp_path / "gone.png")


def test_solid_boxes_are_drawn_as_the_pictures_own_camera_or_the_answers_sees_them(tmp_path: Path) -> None:
    plain, lens = tmp_path / "plain.jpg", tmp_path / "lens.jpg"
    plain.write_bytes(photograph((320, 240), {}))
    lens.write_bytes(photograph((320, 240), {"FocalLengthIn35mmFilm": 80}))
    crate = (Box3D((0, 0, 4), (1, 1, 1), 0, 0, 0, "crate"),)
    gallery = Gallery()

    def frame(path: Path, camera: Intrinsics | None = None) -> str:
        return gallery.frame(Signature(path, 60, 24, crate, frozenset(), Capabilities(), camera=camera))[0].text()

    eighty = Intrinsics(80 * 400 / 43.2666, 160, 120, "given")  # √(320² + 240²) = 400
    assert frame(plain) != frame(lens)
    assert frame(plain, eighty) == frame(lens)
    assert frame(lens, Intrinsics(277.128, 160, 120, "60° across")) == frame(plain)

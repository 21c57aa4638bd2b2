"""The system's viewer gets the file as one argument, or the user is told why there is none."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest

from tests.tui.conftest import Hand, Scripted
from tui.opening import Opening
from tui.system_viewer import NoSystemViewer, opener

pytestmark = pytest.mark.skipif(sys.platform == "darwin", reason="a fake xdg-open is put on PATH")

HOSTILE = "-x; touch owned $(touch owned) 'a\" &.png"


@pytest.fixture
def told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where a fake xdg-open writes how many arguments it got and the arguments."""
    record = tmp_path / "told"
    _fake(tmp_path, f'printf "%s\\n" "$#" "$@" > "{record}.part"; mv "{record}.part" "{record}"')
    monkeypatch.setenv("PATH", str(tmp_path / "bin"), prepend=":")
    monkeypatch.setenv("DISPLAY", ":0")
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    monkeypatch.delenv("SSH_CONNECTION", raising=False)
    return record


def _fake(tmp_path: Path, script: str) -> None:
    program = tmp_path / "bin" / "xdg-open"
    program.parent.mkdir(exist_ok=True)
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)


@pytest.mark.parametrize("pane", ["files", "pane"])
async def test_a_hostile_name_is_one_argument(scripted: Scripted, scenes: Path, told: Path, pane: str) -> None:
    picture = scenes / HOSTILE
    shutil.copy(scenes / "scene-1.png", picture)
    app, _engine = scripted(opening=Opening(scenes, picture))
    async with app.run_test(size=(120, 40)) as pilot:
        hand = Hand(pilot)
        await hand.ready()
        getattr(hand, pane).focus()
        await hand.until(lambda: getattr(hand, pane).has_focus)
        await pilot.press("o")
        await hand.until(told.exists)
        assert told.read_text().splitlines() == ["1", str(picture)]
        assert hand.notices() == []
    assert not list(scenes.rglob("owned"))
    assert not Path("owned").exists()


@pytest.mark.usefixtures("told")
async def test_it_is_told_that_nothing_opens_the_file(scripted: Scripted, tmp_path: Path) -> None:
    _fake(tmp_path, "exit 3")
    app, _engine = scripted()
    async with app.run_test(size=(120, 40)) as pilot:
        hand = Hand(pilot)
        await hand.ready()
        await pilot.press("o")
        await hand.until(lambda: any("xdg-open could not open scene-1.png (exit code 3)" in said for said in hand.notices()))


async def test_through_ssh_it_says_why_not(scripted: Scripted, told: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSH_CONNECTION", "192.0.2.1 50000 192.0.2.2 22")
    app, _engine = scripted()
    async with app.run_test(size=(120, 40)) as pilot:
        hand = Hand(pilot)
        await hand.ready()
        await pilot.press("o")
        await hand.until(lambda: any("SSH" in said for said in hand.notices()))
    assert not told.exists()


@pytest.mark.usefixtures("told")
async def test_an_opener_that_cannot_be_started(scripted: Scripted, tmp_path: Path) -> None:
    (tmp_path / "bin" / "xdg-open").write_text("#!/nonexistent/interpreter\n")
    app, _engine = scripted()
    async with app.run_test(size=(120, 40)) as pilot:
        hand = Hand(pilot)
        await hand.ready()
        await pilot.press("o")
        await hand.until(lambda: any("cannot be started" in said for said in hand.notices()))


@pytest.mark.usefixtures("told")
def test_there_has_to_be_a_desktop(monkeypatch: pytest.MonkeyPatch) -> None:
    assert Path(opener()).name == "xdg-open"
    monkeypatch.delenv("DISPLAY")
    with pytest.raises(NoSystemViewer, match="neither DISPLAY nor WAYLAND_DISPLAY"):
        opener()
    monkeypatch.setenv("WAYLAND_DISPLAY", "wayland-0")
    assert opener()
    monkeypatch.setenv("PATH", "/nonexistent")
    with pytest.raises(NoSystemViewer, match="xdg-open is not installed"):
        opener()

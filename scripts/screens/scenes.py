"""Which screens there are: each a few keys on material that the program draws, and the picture that comes of it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

from backend.catalog.places import demo_folder
from backend.synthetic.material import chosen
from tui.preview.capabilities import Capabilities
from tui.preview.views import View
from tui.widgets.file_list import FileList
from tui.widgets.findings_table import FindingsTable
from tui.widgets.picture_pane import PicturePane

from .animation import animated
from .stage import ASCII, CELLS, KITTY, Stage, staged

SAMPLES = demo_folder() / "samples"
Take = Callable[[Stage], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Screen:
    """One picture of the documentation."""

    take: Take
    """What is done before it is taken."""
    opening: str = "samples/five-objects.png"
    """A sample scene, or `KIND/FILE` of the material that `sightline demo --write` draws."""
    size: tuple[int, int] = (120, 36)
    shows: Capabilities = CELLS
    language: str = "en"
    light: bool = False
    first: bool = False
    """Before there is a model."""


async def _opened_first(stage: Stage) -> None:
    """Nothing is done."""


async def _exporting(stage: Stage) -> None:
    await _answered(stage)
    await stage.press("f12")


async def _helped(stage: Stage) -> None:
    await stage.press("f1")


async def _jumping(stage: Stage) -> None:
    await _answered(stage)
    await stage.press("f11")


async def _answered(stage: Stage) -> None:
    await stage.ask("Locate every object")
    await stage.ask("Is the red circle right of the orange circle?")


async def _selected(stage: Stage) -> None:
    await _answered(stage)
    stage.app.screen.query_one(FindingsTable).focus()
    await stage.press("down", "down")


async def _zoomed(stage: Stage) -> None:
    await stage.ask("Locate every object")
    stage.app.screen.query_one(PicturePane).focus()
    await stage.press("plus", "plus", "l")


async def _solids(stage: Stage) -> None:
    await stage.ask("Give the 3D bounding box of every box.")
    await stage.press("f3")


async def _compared(stage: Stage) -> None:
    stage.app.screen.query_one(FileList).focus()
    await stage.press("space", "k", "space", "d")
    await stage.confirm("")
    await stage.until(lambda: stage.view is View.CHANGES)
    await stage.settled()


async def _measured(stage: Stage) -> None:
    stage.app.screen.query_one(FileList).focus()
    await stage.press("space", "j", "space", "s")
    await stage.confirm("")
    await stage.until(lambda: stage.view is View.STEREO)
    await stage.settled()


async def _chinese(stage: Stage) -> None:
    await stage.ask("红色圆形在哪里？")
    await stage.ask("红色圆形在橙色圆形的右边吗？")


async def _film(stage: Stage) -> None:
    stage.app.screen.query_one(FileList).focus()
    await stage.press("f")
    await stage.confirm("red square")
    await stage.until(lambda: stage.view is View.TRACKS)
    await stage.press("f5", "f5")
    await stage.settled()


SCREENS: dict[str, Screen] = {
    "app": Screen(_answered),
    "app-kitty": Screen(_answered, shows=KITTY),
    "app-80x24": Screen(_answered, size=(80, 24)),
    "app-200x60": Screen(_answered, size=(200, 60)),
    "app-light": Screen(_answered, light=True),
    "app-ascii": Screen(_answered, size=(100, 30), shows=ASCII),
    "app-chinese": Screen(_chinese, language="zh_CN"),
    "app-selected": Screen(_selected),
    "app-zoom": Screen(_zoomed),
    "app-above": Screen(_solids, opening="samples/boxes-apart.png"),
    "app-compare": Screen(_compared, opening="views/still-before.png"),
    "app-stereo": Screen(_measured, opening="stereo/left.png"),
    "app-film": Screen(_film, opening="tracks/shapes.mp4"),
    "app-first": Screen(_opened_first, size=(80, 24), first=True),
    "app-export": Screen(_exporting, opening="scenes/five-objects.png"),
    "app-help": Screen(_helped, size=(80, 24)),
    "app-jump": Screen(_jumping),
}


async def take(name: str, folder: Path, material: Path) -> Path:
    """Make one of them; the path it was written to."""
    screen = SCREENS[name]
    opened = _opened(screen.opening, material)
    async with staged(opened, screen.size, screen.shows, light=screen.light, first=screen.first) as stage:
        await screen.take(stage)
        target = folder / f"{name}.png"
        target.write_bytes(stage.png())
    return target


async def tour(folder: Path) -> Path:
    """The program in one minute: an SVG that moves."""
    frames: list[tuple[bytes, float]] = []

    async with staged(SAMPLES / "five-objects.png", (112, 32), KITTY) as stage:

        def keep(seconds: float) -> None:
            frames.append((stage.png(), seconds))

        keep(1.5)
        stage.app.screen.query_one("#question").focus()
        await stage.type("Locate every object")
        keep(1.0)
        await stage.pilot.press("enter")
        await stage.until(lambda: stage.over == 1)
        await stage.settled()
        keep(2.5)
        stage.app.screen.query_one(FindingsTable).focus()
        await stage.press("down", "down")
        keep(2.0)
        await stage.ask("Is the red circle right of the orange circle?")
        keep(4.0)
        stage.app.screen.query_one(PicturePane).focus()
        await stage.press("plus", "plus")
        keep(2.0)
        await stage.press("0")
        await stage.ask("红色圆形在哪里？")
        keep(3.0)
    target = folder / "tour.svg"
    target.write_text(animated(frames), "utf-8")
    return target


def _opened(name: str, material: Path) -> Path:
    kind, _, file = name.partition("/")
    if kind == "samples":
        return SAMPLES / file
    target = material / kind
    if not target.exists():
        for one in chosen((kind,)):
            one.write(target)
    return target / file

"""How soon a picture is on the screen, and a large folder in the list: the app's own code, without a terminal.

Beside it, on the same files and cells, two programs that draw with half-blocks as well: textual-image and chafa.
"""

from __future__ import annotations

import io
import os
import resource
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from backend.media import folder
from tui.preview.capabilities import Capabilities
from tui.preview.gallery import Gallery
from tui.preview.job import Signature

from .asking import of
from .setting import Setting, drawn
from .sheet import Sheet
from .subprocesses import Partner

CELLS = (76, 34)
"""Of the picture pane on a screen of 160×40."""
PHOTOGRAPH = (6000, 4000)
FORMATS = ("JPEG", "PNG", "HEIC")
FIRST, LATER = "first look", "later look"
GLIMPSE = "HEIC with a thumbnail, something to see"
MANY = 100_000
LISTED = f"{MANY:,} pictures listed"
OPENED = f"{MANY:,} pictures, from the path to the first rows in the app"
HELD_UP = f"{MANY:,} pictures opened: lag of the event loop"
VIEWED = 500
HOLDS_MIB = 464 + 176
"""What the app may hold in the end: its caches as they are bounded (decoded 384, sampled 48, frames 32), and the program itself
with the working memory of two pictures in the making and of one that is made ready."""


def memory_after(count: int) -> str:
    """The series of what is held after so many pictures."""
    return f"memory after {count} pictures"


MEMORY = memory_after(VIEWED)


def preview(setting: Setting, sheet: Sheet) -> None:
    """A photograph of 24 megapixels from the file to finished cells, and again; the sides take turns."""
    photographs = {name: written(setting.home / f"photograph.{name.lower()}") for name in ("JPEG", "PNG")}
    photographs["HEIC"] = thumbnailed(setting.home / "photograph.heic", photographs["JPEG"])
    for _ in range(setting.repetitions):
        for name, path in photographs.items():
            gallery, wanted = Gallery(), signature(path)
            sheet.add(of("sightline", f"{name}, {FIRST}"), "ms", timed(partial(gallery.frame, wanted)))
            sheet.add(of("sightline", f"{name}, {LATER}"), "ms", timed(partial(gallery.frame, wanted)))
            for side, draw in (("textual-image", textual_image), ("chafa", chafa)):
                sheet.add(of(side, f"{name}, {FIRST}"), "ms", timed(partial(draw, path)))
        sheet.add(of("sightline", GLIMPSE), "ms", timed(partial(Gallery().glimpse, signature(photographs["HEIC"]))))
    looked_at(setting, sheet)


def looked_at(setting: Setting, sheet: Sheet) -> None:
    """What 500 different pictures leave in memory: the caches as they weigh themselves, and the whole process."""
    from backend.synthetic.scenes import draw_scene

    gallery, path = Gallery(), setting.home / "one.jpg"
    for number in range(VIEWED):
        draw_scene(number, (1600, 1200)).render().save(path, quality=85)
        gallery.frame(signature(path))
    sheet.add(of("caches", MEMORY), "MiB", gallery.bytes / 2**20)
    sheet.add(of("peak of the process", MEMORY), "MiB", resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
    many = setting.home / "looked-at"
    many.mkdir()
    for number in range(VIEWED):  # other files, though not other pixels: each is decoded and kept for itself
        os.link(path, many / f"{number}.jpg")
    app = Partner("scripts.benchmarks.many_looked_at", setting.home / "many-looked-at.log", setting.limit_s)
    try:
        for held in app.ask(first=str(many / "0.jpg"), patience_s=setting.limit_s):
            for count in (1, VIEWED // 2, VIEWED):
                sheet.add(of("the app", memory_after(count)), "MiB", held[count - 1])
    finally:
        app.close()


def listing(setting: Setting, sheet: Sheet) -> None:
    """A folder of a hundred thousand pictures, from the disk's cache to a sorted list, and to its rows in the app."""
    many = setting.home / "many"
    many.mkdir()
    for number in range(MANY):
        (many / f"IMG_{number}.jpg").touch()
    for repetition in range(1 + setting.repetitions):
        took = timed(partial(folder.listing, many, films=True))
        if repetition:
            sheet.add(of("sightline", LISTED), "ms", took)
    picture = setting.home / "one.png"
    picture.write_bytes(drawn(9000, setting.image_tokens).png)
    for _ in range(setting.repetitions):
        app = Partner("scripts.benchmarks.large_folder", setting.home / "large-folder.log", setting.limit_s)
        try:
            for took, late in app.ask(picture=str(picture), folder=str(many), count=MANY):
                sheet.add(of("sightline", OPENED), "ms", took)
                sheet.add(of("sightline", HELD_UP), "ms", max(late))
        finally:
            app.close()


def signature(path: Path) -> Signature:
    return Signature(path, *CELLS, (), frozenset(), Capabilities())


def timed(work: Callable[[], object]) -> float:
    """Milliseconds."""
    started = time.perf_counter()
    work()
    return (time.perf_counter() - started) * 1000


def written(path: Path) -> Path:
    """A picture with texture at several scales and the noise of a sensor, so that it is as hard to decode as a photograph."""
    import numpy as np
    from PIL import Image

    width, height = PHOTOGRAPH
    chance = np.random.default_rng(1)
    total = np.full((height, width, 3), 128, np.float32)
    for across, strength in ((8, 60), (40, 30), (200, 20), (1000, 10)):
        coarse = chance.normal(0, 1, (across * height // width, across, 3)).astype(np.float32)
        layers = [np.asarray(Image.fromarray(coarse[..., band]).resize(PHOTOGRAPH)) for band in range(3)]
        total += strength * np.stack(layers, -1)
    total += chance.normal(0, 6, (height, width, 1)).astype(np.float32)
    image = Image.fromarray(np.clip(total, 0, 255).astype(np.uint8))
    image.save(path, quality=90, compress_level=3)
    return path


def thumbnailed(path: Path, photograph: Path) -> Path:
    """The same picture as phones write HEIC files, and as large a file as its JPEG."""
    import pillow_heif
    from PIL import Image

    from backend.synthetic.heic import write_with_thumbnail

    pillow_heif.register_heif_opener()  # for the other sides, which read it with Pillow
    with Image.open(photograph) as image:
        write_with_thumbnail(path, image, image.resize((320, 213)), quality=60)
    return path


def textual_image(path: Path) -> None:
    """Its half-block renderer, through Rich, as its widget uses it."""
    from rich.console import Console
    from textual_image.renderable.halfcell import Image

    console = Console(file=io.StringIO(), force_terminal=True, color_system="truecolor", width=CELLS[0])
    console.print(Image(str(path), width=CELLS[0], height=CELLS[1]))


def chafa(path: Path) -> None:
    """libchafa by its Python binding; Pillow decodes for it."""
    import chafa as library  # type: ignore[import-untyped]
    from PIL import Image

    config = library.CanvasConfig()
    config.width, config.height = CELLS
    symbols = library.SymbolMap()
    symbols.add_by_tags(library.SymbolTags.CHAFA_SYMBOL_TAG_VHALF)
    config.set_symbol_map(symbols)
    image = Image.open(path).convert("RGB")
    canvas = library.Canvas(config)
    canvas.draw_all_pixels(library.PixelType.CHAFA_PIXEL_RGB8, image.tobytes(), image.width, image.height, 3 * image.width)
    canvas.print()

"""python -m scripts.screens [NAME…]: see scripts/screenshot."""

from __future__ import annotations

import asyncio
import os
import sys
import tempfile
from pathlib import Path

IMAGES = Path(__file__).resolve().parents[2] / "docs" / "images"


def main(names: list[str]) -> None:
    """Each in its language; nothing of whoever runs it is read or kept."""
    os.environ["TEXTUAL_COLOR_SYSTEM"] = "truecolor"  # whatever this is run in; read when Textual is imported
    from backend import language
    from scripts.screens.scenes import SCREENS, take, tour

    unknown = set(names) - set(SCREENS) - {"tour"}
    if unknown:
        sys.exit(f"there is no screen {', '.join(sorted(unknown))}; there are {', '.join([*SCREENS, 'tour'])}")
    with tempfile.TemporaryDirectory() as home:
        for variable in ("HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME"):
            os.environ[variable] = home
        for name in names or [*SCREENS, "tour"]:
            language.use(SCREENS[name].language if name in SCREENS else "en")
            made = asyncio.run(tour(IMAGES) if name == "tour" else take(name, IMAGES, Path(home, "material")))
            print(made.relative_to(IMAGES.parents[1]), f"{made.stat().st_size / 1000:.0f} kB")


if __name__ == "__main__":
    main(sys.argv[1:])

"""From what the command line asked for to a running app: which model, which folder, what the terminal can show.

Everything that can be refused is refused before the screen is taken over, so that the message stays on the terminal.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from backend.ask.loaded import is_loaded
from backend.catalog import Choice, ModelStore, consider, load_catalog
from backend.catalog.places import demo_folder
from backend.cli.request import AppRequest
from backend.memory.journal import Journal, default_path, is_wanted
from tui.app import SightlineApp
from tui.opening import Opening
from tui.preview.capabilities import Capabilities


def launch(request: AppRequest) -> int:
    """Run the app until it is left."""
    choice = consider(load_catalog(), ModelStore(), "demo" if request.demo else request.model, is_loaded=is_loaded)
    chosen = choice.model if _is_settled(request, choice) else None
    encoding = getattr(sys.__stderr__, "encoding", None) or "ascii"
    capabilities = Capabilities.detect(os.environ, encoding)
    if not capabilities.colour:
        os.environ["NO_COLOR"] = "1"  # Textual's own switch: it knows of the variable, but not of terminals without colour
    app = SightlineApp(
        opening_of(request),
        chosen,
        capabilities,
        Journal(default_path()) if is_wanted() else None,
        samples=samples_folder(),
        passed_over=choice.passed_over,
        camera=request.camera,
    )
    app.run()
    return app.return_code or 0


def opening_of(request: AppRequest) -> Opening:
    """The folder to list and the picture to start on. Links are kept, as the user sees them, unless `..` leads through one."""
    if not request.paths:
        return Opening(samples_folder()) if request.demo else Opening(Path.cwd(), asked_for=False)
    given = request.paths[0]
    first = given.resolve() if ".." in given.parts else given.absolute()
    return Opening(first) if first.is_dir() else Opening(first.parent, first)


def samples_folder() -> Path:
    """The scenes that come with the demo model."""
    return demo_folder() / "samples"


def _is_settled(request: AppRequest, choice: Choice) -> bool:
    """Whether the user said which model, or a real one is there; the first screen is shown otherwise."""
    return bool(request.demo or request.model or os.environ.get("SIGHTLINE_MODEL")) or not choice.model.card.bundled

"""Between studies as the app has them and as a session keeps them: the one place that knows both."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from backend.memory.session_values import FileStamp, StoredStudy
from tui.preview.views import View
from tui.studies.study import Finished


def stored(made: Finished, when: datetime) -> StoredStudy:
    """How a study is kept, with all that is needed to show it again, or to make it again where that is much."""
    pictures = tuple(path.absolute() for path in made.pictures)
    hashes = made.hashes or ("",) * len(pictures)
    files = tuple(FileStamp(-1, 0, sha256) for sha256 in hashes)
    return StoredStudy(made.view.value, pictures, when, made.kept, files)


def restored(one: StoredStudy) -> Finished:
    """A study as it was kept. Raises ValueError for what this version does not understand."""
    try:
        return _restored(View(one.kind), one.pictures, one.body, one.hashes)
    except (KeyError, TypeError, IndexError, AttributeError) as error:
        raise ValueError(f"no study: {error!r}") from error


def _restored(view: View, pictures: tuple[Path, ...], body: Mapping[str, Any], hashes: tuple[str, ...]) -> Finished:
    match view:
        case View.TRACKS:
            from tui.studies.following import Followed

            return Followed.of_kept(pictures[0], body)
        case View.CHANGES:
            from tui.studies.comparison import Comparison

            return Comparison.of_kept((pictures[0], pictures[1]), body)
        case View.STEREO | View.MAP:
            from tui.studies.again import MadeAgain, camera_from

            camera_from(body.get("camera"))  # what is wrong with it is noticed now
            return MadeAgain(view, pictures, str(body["said"]), body, hashes)
    raise ValueError(f"{view.value} is no study")

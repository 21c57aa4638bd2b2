"""A second session while the first is open: from exec until its status line says that the model is ready.

Asked of the program, not of the engine, so it measures whatever the program does about it: with a shared engine (`sightline
serve`, or its start on demand) nothing is loaded again; without one, the whole model is.
"""

from __future__ import annotations

from .asking import of
from .catalogue import install
from .setting import Setting, drawn
from .sheet import Sheet
from .terminal import opened

FIRST, SECOND = "first session: start to ready", "second session: start to ready"
_READY = b"ready"


def second_session(setting: Setting, sheet: Sheet) -> None:
    """Open one, wait until it is ready, and open others beside it."""
    model = install(setting, 8)
    picture = setting.home / "session.png"
    picture.write_bytes(drawn(8000, 16).png)
    with opened("--model", model, picture) as first:
        sheet.add(of("sightline", FIRST), "ms", first.until(_READY, setting.limit_s))
        for _ in range(setting.repetitions):
            with opened("--model", model, picture) as second:
                sheet.add(of("sightline", SECOND), "ms", second.until(_READY, setting.limit_s))

"""How a source of pictures can fail: for good, or so that it may come back."""

from __future__ import annotations

from backend.errors import SightlineError
from backend.language import N_, _
from backend.sanitise import quoted


class UnusableSource(SightlineError):
    """A source that cannot be watched: it is not there, or gives no pictures. Exit code 3."""

    exit_code = 3

    def __init__(
        self, name: str, reason: str, *, cure: str = N_("give a folder, a film, a camera (/dev/video0) or a stream (rtsp://…)")
    ) -> None:
        super().__init__(_("{name} cannot be watched: {reason}").format(name=quoted(name), reason=_(reason)), cure=cure)


class SourceLost(UnusableSource):
    """A source that gave pictures and gives none any more: unplugged, switched off, out of reach. It may come back."""

    @classmethod
    def again(cls, error: UnusableSource) -> SourceLost:
        """It was lost before, and this is what came of opening it again."""
        if isinstance(error, cls):
            return error
        lost = cls.__new__(cls)
        SightlineError.__init__(lost, error.message, cure=error.cure)
        return lost

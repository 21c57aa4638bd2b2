"""A download's progress on standard error: one line that is drawn over in a terminal, a line per tenth anywhere else."""

from __future__ import annotations

import shutil
import time
from types import TracebackType
from typing import TYPE_CHECKING, Self, TextIO

from backend.language import N_, _

if TYPE_CHECKING:
    from backend.catalog.download import Step

_EVERY_S = 0.1
_WORDS = {
    "downloading": "",
    "checking": N_("checking what is already here"),
    "waiting": N_("another sightline is pulling this model; waiting"),
    "reconnecting": N_("connection lost; trying again"),
}


class ProgressLine:
    """Shows steps until it is left, and ends its line then."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._live = stream.isatty()
        self._drawn_at = float("-inf")
        self._shown = ("", "", -1)
        """File, phase and tenth that were last said."""
        self._began: tuple[str, float, int] = ("", 0.0, 0)
        """File, when its first byte of this session came, and how many bytes were there before."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self._live and self._shown[0] and kind is not KeyboardInterrupt:  # click ends the line of a ^C itself
            self._stream.write("\n")
            self._stream.flush()

    def show(self, step: Step) -> None:
        now = time.monotonic()
        if self._began[0] != step.file or step.phase != "downloading":
            self._began = (step.file, now, step.done)
        tenth = step.done * 10 // step.total if step.total else 10
        said = (step.file, step.phase, tenth if step.phase == "downloading" else -1)
        if self._live:
            if now - self._drawn_at < _EVERY_S and step.done < step.total and said[:2] == self._shown[:2]:
                return
            self._drawn_at = now
            columns = shutil.get_terminal_size().columns
            text = self._text(step, now)[: max(1, columns - 1)]
            turn = "\n" if self._shown[0] not in ("", step.file) else "\r"
            self._stream.write(f"{turn}\x1b[K{text}")
        elif said != self._shown:
            self._stream.write(f"{self._text(step, now)}\n")
        self._shown = said
        self._stream.flush()

    def _text(self, step: Step, now: float) -> str:
        from backend.catalog.fit import gigabytes

        percent = step.done * 100 // step.total if step.total else 100
        parts = [f"{step.file}  {percent:3d} %  {gigabytes(step.done)} of {gigabytes(step.total)}"]
        seconds = now - self._began[1]
        if step.phase != "downloading":
            parts.append(_(_WORDS[step.phase]))
        elif seconds > 1 and step.done > self._began[2]:
            rate = (step.done - self._began[2]) / seconds
            parts.append(
                _("{rate:.1f} MB/s, {duration} left").format(
                    rate=rate / 1e6, duration=_duration((step.total - step.done) / rate)
                )
            )
        return "  ".join(parts)


def _duration(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return (
        _("{hours} h {minutes:02d} min").format(hours=hours, minutes=minutes)
        if hours
        else _("{minutes} min {rest:02d} s").format(minutes=minutes, rest=rest)
        if minutes
        else f"{rest} s"
    )

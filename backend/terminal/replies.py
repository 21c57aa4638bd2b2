"""What a terminal answers, told apart from what its user types: both come through the same pipe, in any pieces.

Pure functions over bytes. `Sieve` parts the stream, `understood` reads the answers.
(https://invisible-island.net/xterm/ctlseqs/ctlseqs.html; kitty's own in its graphics protocol.)
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

_STRING = rb"(?:_G|P>\||P[01][$+]r|\][0-9]{1,4};)[^\x07\x18\x1a\x1b]*"
_WHOLE = re.compile(
    rb"\x1b(?:" + _STRING + rb"(?:\x1b\\|[\x07\x18\x1a]|(?=\x1b[^\\]))|\[(?:[?>=][0-9;]*[cu]|[468];[0-9]{1,6};[0-9]{1,6}t))"
)
"""An APC of kitty's, a DCS of XTVERSION, DECRQSS or XTGETTCAP, an OSC; a CSI of device attributes, keyboard flags or sizes.
A string that another escape sequence cuts short ends there."""
_BEGUN = re.compile(
    rb"\x1b(?:" + _STRING + rb"\x1b?|_|P(?:>|[01][$+]?)?|\][0-9]{0,4}|\[(?:[?>=][0-9;]*|[468](?:;[0-9]{0,6}){0,2})?)?"
)
"""What may yet become one of them."""
_LONGEST = 4096
"""Bytes of an answer that are kept; what is longer is swallowed all the same."""
_PATIENCE_S = 0.25
"""How long the two first bytes of an answer, which a key with Alt sends as well, wait for the rest."""


@dataclass(slots=True)
class Sieve:
    """Takes answers out of what comes from a terminal, and lets everything else through unchanged and in order."""

    answers: list[bytes] = field(default_factory=list)
    """What was taken out, whole escape sequences."""
    _held: bytes = b""

    @property
    def holds(self) -> bool:
        """Whether something waits for its rest."""
        return bool(self._held)

    def feed(self, data: bytes) -> bytes:
        """What is no answer, nor may become one with what follows."""
        data, self._held = self._held + data, b""
        kept: list[bytes] = []
        at = 0
        while (escape := data.find(b"\x1b", at)) >= 0:
            kept.append(data[at:escape])
            if whole := _WHOLE.match(data, escape):
                self.answers.append(whole.group())
                at = whole.end()
            elif _BEGUN.fullmatch(data, escape):
                self._held = data[escape:]
                if len(self._held) > _LONGEST:
                    self._held = self._held[:6] + self._held[-1:] * self._held.endswith(b"\x1b")
                return b"".join(kept)
            else:
                kept.append(b"\x1b")
                at = escape + 1
        return b"".join([*kept, data[at:]])

    def rest(self, quiet_s: float) -> bytes:
        """What was held though it seems to have been a key: nothing has come for `quiet_s` seconds. An answer that has surely
        begun is held on to."""
        if len(self._held) == 1 or (len(self._held) == 2 and quiet_s >= _PATIENCE_S):
            held, self._held = self._held, b""
            return held
        return b""


@dataclass(frozen=True, slots=True)
class Answers:
    """What a terminal said of itself; None where it said nothing."""

    attributes: tuple[int, ...] | None = None
    """Primary device attributes (DA1); 4 stands for sixel."""
    version: str | None = None
    """XTVERSION: name and version, made safe to show."""
    kitty: bool | None = None
    """Whether it took a picture in kitty's protocol."""
    cell: tuple[int, int] | None = None
    """Width and height of a cell in pixels."""
    window: tuple[int, int] | None = None
    """Width and height of all cells together in pixels."""
    background: tuple[int, int, int] | None = None
    """Red, green, blue, 0…255."""
    raw: tuple[str, ...] = ()
    """Every answer as it came, control characters made visible."""

    @property
    def complete(self) -> bool:
        """Whether the question that is asked last was answered, so that nothing more will come."""
        return self.attributes is not None

    @property
    def is_light(self) -> bool | None:
        """Whether the background is nearer to white than to black, by Rec. 601 luma."""
        if self.background is None:
            return None
        red, green, blue = self.background
        return 299 * red + 587 * green + 114 * blue > 127_500


_COLOUR = re.compile(r"\]11;rgba?:([0-9a-f]{1,4})/([0-9a-f]{1,4})/([0-9a-f]{1,4})", re.IGNORECASE)


def understood(replies: Iterable[bytes]) -> Answers:
    """Read answers; of several to the same question the first counts, and what makes no sense is passed over."""
    said: dict[str, object] = {}
    raw: list[str] = []
    for reply in replies:
        text = reply.decode("utf-8", "replace")
        raw.append(_shown(text))
        for name, value in _read(text):
            said.setdefault(name, value)
    return Answers(**said, raw=tuple(raw))  # type: ignore[arg-type]


def _shown(text: str) -> str:
    """With control characters as escapes, for reports."""
    return "".join(char if char.isprintable() else f"\\x{ord(char):02x}" for char in text[:200])


def _read(text: str) -> Iterable[tuple[str, object]]:
    if found := re.fullmatch(r"\x1b\[\?([0-9;]*)c", text):
        yield "attributes", tuple(int(number) for number in found[1].split(";") if number)
    elif found := re.match(r"\x1bP>\|([^\x07\x18\x1a\x1b]*)", text):
        yield "version", _shown(found[1])[:80]
    elif found := re.match(r"\x1b_Gi=31(?:,[^;]*)?;([^\x1b]*)", text):
        yield "kitty", found[1] == "OK"
    elif found := re.fullmatch(r"\x1b\[([46]);(\d+);(\d+)t", text):
        height, width = int(found[2]), int(found[3])
        if found[1] == "6" and 2 <= width <= 200 and 4 <= height <= 400:
            yield "cell", (width, height)
        elif found[1] == "4" and width and height:
            yield "window", (width, height)
    elif found := _COLOUR.match(text, 1):
        yield "background", tuple(int(part, 16) * 255 // (16 ** len(part) - 1) for part in found.groups())

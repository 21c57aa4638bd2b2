"""What a ledger holds already, in as few bytes as it takes to skip it: some two hundred for each item."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from enum import Enum, auto
from typing import Any

from backend.batch.work import Parameters, Stamp
from backend.language import _
from backend.sanitise import one_line

_LONGEST = 60
"""Characters of a question in a message."""


class State(Enum):
    """What is known of an item."""

    NEW = auto()
    ANSWERED = auto()
    FAILED = auto()
    MAYBE = auto()
    """Answered, and its file has another size or date since: only its bytes tell whether it is another."""


class Kept:
    """The items of a ledger; of two lines for one item the later counts."""

    def __init__(self) -> None:
        self._marks: dict[bytes, bytes] = {}
        """By key: a digest of the file's size and date, and the beginning of the picture's SHA-256 where it was answered."""
        self._asked: set[str] = set()
        self._parameters: dict[str, dict[str, Any]] = {}

    def __len__(self) -> int:
        return len(self._marks)

    def note(self, line: Mapping[str, Any]) -> None:
        """One line. Raises KeyError, TypeError, ValueError or AttributeError for what is none."""
        key, source, parameters, question = line["key"], line["source"], line["parameters"], line["question"]
        if not isinstance(question, str):
            raise TypeError("a question that is no text")
        stamp = _digest(Stamp(int(source["bytes"]), int(source["modified"])))
        failed = "error" in line
        picture = b"" if failed else bytes.fromhex(line["pictures"][0]["sha256"])[:8]
        self._marks[_packed(key)] = stamp + picture
        self._asked.add(question)
        self._parameters.setdefault(json.dumps(parameters, sort_keys=True), dict(parameters))

    def state(self, key: str, stamp: Stamp) -> State:
        """Of an item whose file is now as `stamp` says."""
        mark = self._marks.get(_packed(key))
        if mark is None:
            return State.NEW
        same = mark[:8] == _digest(stamp)
        if len(mark) == 8:
            return State.FAILED if same else State.NEW
        return State.ANSWERED if same else State.MAYBE

    def is_of(self, key: str, sha256: str) -> bool:
        """Whether the answer to that item is about the picture with this hash."""
        return self._marks[_packed(key)][8:] == bytes.fromhex(sha256)[:8]

    def difference(self, parameters: Parameters, questions: Sequence[str]) -> str | None:
        """What of the file was asked differently, in words; None where nothing was.

        More questions than before are no difference.
        """
        for other in self._parameters.values():
            for name, value in parameters.told.items():
                if other.get(name) != value:
                    return _("its {name} was {was}, and is {now} now").format(
                        name=name.replace("_", " "), was=_spelled(other.get(name)), now=_spelled(value)
                    )
        strange = sorted(self._asked - set(questions))
        if strange:
            return _("it holds answers to “{question}”, which is not asked now").format(question=one_line(strange[0], _LONGEST))
        return None


def _packed(key: str) -> bytes:
    return bytes.fromhex(key)


def _digest(stamp: Stamp) -> bytes:
    return hashlib.blake2b(f"{stamp.bytes}:{stamp.modified}".encode(), digest_size=8).digest()


def _spelled(value: object) -> str:
    return _("not given") if value is None else one_line(json.dumps(value, ensure_ascii=False), _LONGEST)

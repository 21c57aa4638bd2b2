"""Whatever is sent arrives equal, in one piece, and nothing but the known values can be spelled."""

from __future__ import annotations

import dataclasses
import io
import json
import socket
import struct
import threading
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend import errors
from backend.answer import Timings
from backend.engine import wire
from backend.engine.api import Message, ModelSpec, Request, Sampling
from backend.engine.form import Choice, Integer, Literal, Quoted, Repeat, Series
from backend.errors import EngineFailure, SightlineError
from backend.events import Cancelled, Encoding, Failed, Generated, Loading, Prefilling, Thought, Token
from backend.scene import Raster

text = st.text(st.characters(), max_size=30)  # lone surrogates too: file names hold them
number = st.floats(allow_nan=False)
rasters = st.builds(Raster, st.integers(1, 9), st.integers(1, 9), st.binary(max_size=64), st.binary(max_size=64))
messages = st.builds(Message, st.sampled_from(["system", "user", "assistant"]), st.lists(text | rasters, max_size=4).map(tuple))
forms = st.recursive(
    st.builds(Literal, text)
    | st.builds(Quoted, st.integers(5, 9), st.integers(0, 5))
    | st.builds(Integer, st.integers(0, 9), st.integers(9, 999)),
    lambda inner: (
        st.builds(Series, st.lists(inner, max_size=3).map(tuple))
        | st.builds(Choice, st.lists(inner, min_size=1, max_size=3).map(tuple))
        | st.builds(Repeat, inner, st.integers(2, 9), st.integers(0, 2), text)
    ),
    max_leaves=5,
)
requests = st.builds(
    Request,
    *(st.lists(messages, max_size=3).map(tuple), st.builds(Sampling), st.integers(0, 999), text),
    ahead=st.booleans(),
    form=st.none() | forms,
    thinking_tokens=st.none() | st.integers(0, 999),
)
kinds = [kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, SightlineError)]
plain = st.one_of(
    requests,
    st.builds(
        wire.Load, st.builds(ModelSpec, text, st.builds(Path, text.filter(bool)), st.just(Path("/m")), *[st.integers()] * 3)
    ),
    st.builds(wire.Cancel, text),
    st.builds(wire.LoadProgress, number),
    st.builds(wire.Ready, text),
    st.builds(Loading, text, text, number),
    st.builds(Encoding, text, *[st.integers()] * 3),
    st.builds(Prefilling, text, *[st.integers()] * 3),
    st.builds(Token, text, st.none() | number, st.booleans()),
    st.builds(Thought, text, st.integers(), number, st.sampled_from(["itself", "budget"])),
    st.builds(
        Generated, text, text, st.sampled_from(["end", "length", "context"]), st.builds(Timings, number, tokens=st.integers())
    ),
    st.builds(Cancelled, text),
)


def sent(value: Any) -> Any:
    return wire.decode(io.BytesIO(wire.encode(value)).read)


@given(plain)
def test_values_arrive_equal(value: Any) -> None:
    assert sent(value) == value


@given(st.sampled_from(kinds), text, text)
def test_errors_arrive_with_their_kind_and_cure(kind: type[SightlineError], message: str, cure: str) -> None:
    error = kind.__new__(kind)
    SightlineError.__init__(error, message, cure=cure)
    arrived = sent(Failed("r", error)).error
    assert (type(arrived), arrived.message, arrived.cure) == (kind, message, cure)


@given(st.lists(plain, max_size=5))
def test_frames_follow_each_other(values: list[Any]) -> None:
    stream = io.BytesIO(b"".join(wire.encode(value) for value in values))
    assert [wire.decode(stream.read) for _ in values] == values
    assert wire.decode(stream.read) is None


@given(plain, st.data())
def test_a_frame_that_is_cut_off_is_noticed(value: Any, data: st.DataObject) -> None:
    frame = wire.encode(value)
    cut = data.draw(st.integers(1, len(frame) - 1))
    with pytest.raises(wire.GarbledFrame):
        wire.decode(io.BytesIO(frame[:cut]).read)


@pytest.mark.parametrize(
    "body",
    [
        b"not json",
        b"[]",
        json.dumps({"value": {"": "Path"}, "blobs": []}).encode(),
        json.dumps({"value": {"": "Cancel", "unknown": 1}, "blobs": []}).encode(),
        json.dumps({"value": {"": "blob", "index": 3}, "blobs": []}).encode(),
        json.dumps({"value": {"": "error", "kind": "SystemExit", "message": "", "cure": ""}, "blobs": []}).encode(),
        json.dumps({"value": None, "blobs": [1 << 40]}).encode(),
        json.dumps({"value": None, "blobs": [-1]}).encode(),
    ],
)
def test_anything_else_is_refused(body: bytes) -> None:
    with pytest.raises(wire.GarbledFrame):
        wire.decode(io.BytesIO(struct.pack(">I", len(body)) + body).read)


def test_a_garbled_length_is_not_allocated() -> None:
    with pytest.raises(wire.GarbledFrame):
        wire.decode(io.BytesIO(b"\xff\xff\xff\xff").read)


def test_an_error_outside_the_house_is_sent_as_its_nearest_kind() -> None:
    class Special(EngineFailure):
        pass

    assert type(sent(Failed("r", Special("m"))).error) is EngineFailure


def test_every_field_of_every_value_is_sent() -> None:
    """A field added to a value later cannot be forgotten here: fields are read from the class."""
    spec = ModelSpec("n", Path("t"), Path("m"), 1, 2, 3, thinking=True)
    arrived = sent(wire.Load(spec, "v")).spec
    assert dataclasses.asdict(arrived) == dataclasses.asdict(spec)


def test_closing_one_end_wakes_the_other() -> None:
    ours, theirs = (wire.Channel(end) for end in socket.socketpair())
    received: list[Any] = []
    waiting = threading.Thread(target=lambda: received.append(theirs.receive()))
    waiting.start()
    ours.close()
    waiting.join(10)
    assert received == [None]
    with pytest.raises(OSError):
        ours.send(wire.Cancel("r"))
    theirs.close()
    theirs.close()

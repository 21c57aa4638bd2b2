"""The head of a GGUF file, read without trusting a byte of it and without its weights.

llama.cpp dies on some damaged headers (four in 180 fuzzed ones), so no file reaches it that has not passed here. Every
length is held against the file's size before anything is read or kept, and a vocabulary of 150,000 words is stepped
over rather than turned into Python strings. The layout is that of ggml/include/gguf.h, versions 2 and 3; the rules on
types, alignment and offsets are those of ggml/src/gguf.cpp, so that what passes here is what llama.cpp would accept.
"""

from __future__ import annotations

import stat
import struct
from collections.abc import Iterator
from math import prod
from pathlib import Path
from typing import BinaryIO, NoReturn

from backend.catalog.header import Header, Skipped, Tensor, Value
from backend.catalog.weight_types import WEIGHT_TYPES
from backend.errors import ModelError
from backend.language import N_, _
from backend.sanitise import one_line, quoted

_HEADER_LIMIT = 64 << 20
"""No published header comes near (Qwen3-VL's is 6 MB); it bounds time and memory on a damaged multi-gigabyte file."""
_FIRST_READ = 64 << 10
_KEPT_ELEMENTS = 1024
"""Longer arrays, and arrays of strings, are stepped over."""
_MOST_VALUES, _MOST_TENSORS, _MOST_DIMENSIONS = 10_000, 100_000, 4
_MOST_STRINGS = 2 << 20  # in one list; the largest vocabularies have a tenth of it
_LONGEST_TENSOR_NAME = 63

_SCALARS = {
    0: struct.Struct("<B"),
    1: struct.Struct("<b"),
    2: struct.Struct("<H"),
    3: struct.Struct("<h"),
    4: struct.Struct("<I"),
    5: struct.Struct("<i"),
    6: struct.Struct("<f"),
    7: struct.Struct("<?"),
    10: struct.Struct("<Q"),
    11: struct.Struct("<q"),
    12: struct.Struct("<d"),
}
_STRING, _ARRAY = 8, 9
_U32, _U64 = _SCALARS[4], _SCALARS[10]

_OTHER_FILES = (
    (b"\x89PNG", N_("it is a PNG picture")),
    (b"\xff\xd8\xff", N_("it is a JPEG picture")),
    (b"RIFF", N_("it is a WebP, WAV or AVI file")),
    (b"PK\x03\x04", N_("it is a zip archive")),
    (b"\x1f\x8b", N_("it is a gzip archive")),
    (b"version https://git-lfs", N_("it is a Git LFS pointer: the file itself was never downloaded")),
    (b"<", N_("it is a web page, perhaps an error page that was saved under this name")),
)


def read_header(path: Path) -> Header:
    """The checked head of `path`; ModelError names the file and what is wrong with it."""
    if "\0" in str(path):
        raise ModelError(
            _("{path} cannot be the name of a file").format(path=quoted(path)), cure=_("name a .gguf file on disk")
        )
    try:
        status = path.stat()
        if stat.S_ISDIR(status.st_mode):
            raise ModelError(
                _("{path} is a folder, not a GGUF file").format(path=quoted(path)), cure=_("name the .gguf file inside it")
            )
        if not stat.S_ISREG(status.st_mode):
            raise ModelError(_("{path} is not a regular file").format(path=quoted(path)), cure=_("name a .gguf file on disk"))
        with path.open("rb") as file:
            return _Reader(path, file, status.st_size).header()
    except FileNotFoundError:
        raise ModelError(
            _("there is no file {path}").format(path=quoted(path)), cure=_("`sightline models list` shows what is installed")
        ) from None
    except OSError as error:
        raise ModelError(
            _("{path} cannot be read: {reason}").format(path=quoted(path), reason=error.strerror),
            cure=_("check the path and its permissions"),
        ) from error


class _Reader:
    """A cursor over the file's first bytes, which are read in as they are needed."""

    def __init__(self, path: Path, file: BinaryIO, size: int) -> None:
        self._path = path
        self._file = file
        self._size = size
        self._data = bytearray()
        self._at = 0

    def header(self) -> Header:
        version, tensor_count, value_count = self._preamble()
        values = dict(self._values(value_count))
        alignment = values.get("general.alignment", 32)
        if not isinstance(alignment, int) or isinstance(alignment, bool) or alignment <= 0 or alignment & (alignment - 1):
            self._broken(_("its alignment is not a power of two"))
        tensors = dict(self._tensors(tensor_count, alignment))
        return Header(self._path, version, self._size, values, tensors)

    def _preamble(self) -> tuple[int, int, int]:
        if self._size == 0:
            self._broken(_("the file is empty"))
        self._hold(0, min(self._size, 32))
        start = bytes(self._data[:32])
        if start[:4] != b"GGUF":
            self._broken(
                next((_(what) for magic, what in _OTHER_FILES if start.startswith(magic)), _("it does not begin with GGUF"))
            )
        self._at = 4
        version = self._number(_U32)
        if version & 0xFFFF == 0:
            self._broken(_("it was written for big-endian machines"))
        if version not in (2, 3):
            self._broken(_("it has GGUF version {version}, and this program reads versions 2 and 3").format(version=version))
        tensor_count, value_count = self._number(_U64), self._number(_U64)
        if tensor_count > _MOST_TENSORS or value_count > _MOST_VALUES:
            self._broken(_("it announces more entries than any model has"))
        return version, tensor_count, value_count

    def _values(self, count: int) -> Iterator[tuple[str, Value]]:
        seen: set[str] = set()
        for __ in range(count):
            key = self._string()
            if not key or key in seen:
                self._broken(_("the key “{key}” is empty or appears twice").format(key=one_line(key, 80)))
            seen.add(key)
            kind = self._number(_U32)
            if kind == _ARRAY:
                yield key, self._array(key)
            elif kind == _STRING:
                yield key, self._string()
            elif scalar := _SCALARS.get(kind):
                yield key, self._scalar(scalar)
            else:
                self._broken(_("the key “{key}” has the unknown type {kind}").format(key=one_line(key, 80), kind=kind))

    def _array(self, key: str) -> Value:
        kind, count = self._number(_U32), self._number(_U64)
        if kind == _STRING:
            start = self._at
            self._skip_strings(count)
            if key == "tokenizer.ggml.tokens":
                self._refuse_twins(start, count)
            return Skipped(count)
        scalar = _SCALARS.get(kind)
        if scalar is None:
            self._broken(_("the list “{key}” has the unknown type {kind}").format(key=one_line(key, 80), kind=kind))
        if count > _KEPT_ELEMENTS:
            self._skip(count * scalar.size)
            return Skipped(count)
        return tuple(self._scalar(scalar) for __ in range(count))

    def _tensors(self, count: int, alignment: int) -> Iterator[tuple[str, Tensor]]:
        seen: set[str] = set()
        end = filled = 0
        for __ in range(count):
            tensor, offset = self._tensor()
            if tensor.name in seen:
                self._broken(_("the tensor “{name}” appears twice").format(name=one_line(tensor.name)))
            seen.add(tensor.name)
            if offset != filled:
                self._broken(_("the tensor “{name}” does not follow the one before it").format(name=one_line(tensor.name)))
            end = offset + tensor.size
            filled = _padded(end, alignment)
            yield tensor.name, tensor
        needed = _padded(self._at, alignment) + end
        if count and needed > self._size:
            self._cut_off(needed)

    def _tensor(self) -> tuple[Tensor, int]:
        name = self._string()
        if len(name.encode()) > _LONGEST_TENSOR_NAME:
            self._broken(_("it has a tensor name that is too long"))
        shown = f"the tensor “{one_line(name)}”"
        dimensions = self._number(_U32)
        if dimensions > _MOST_DIMENSIONS:
            self._broken(_("{shown} has {dimensions} dimensions").format(shown=shown, dimensions=dimensions))
        shape = tuple(self._number(_U64) for __ in range(dimensions)) or (1,)
        kind = self._number(_U32)
        offset = self._number(_U64)
        if kind not in WEIGHT_TYPES:
            self._broken(_("{shown} has the unknown weight type {kind}").format(shown=shown, kind=kind))
        label, weights, block = WEIGHT_TYPES[kind]
        if max(*shape, prod(shape)) >= 1 << 63 or shape[0] % weights:
            self._broken(_("{shown} has an impossible shape").format(shown=shown))
        return Tensor(name, shape, label, prod(shape) // weights * block), offset

    def _number(self, layout: struct.Struct) -> int:
        return int(self._scalar(layout))

    def _scalar(self, layout: struct.Struct) -> int | float | bool:
        start = self._at
        self._skip(layout.size)
        value: int | float | bool = layout.unpack_from(self._data, start)[0]
        return value

    def _string(self) -> str:
        length = self._number(_U64)
        start = self._at
        self._skip(length)
        return self._data[start : self._at].decode("utf-8", "replace")

    def _skip_strings(self, count: int) -> None:
        """Steps over `count` strings; runs 150,000 times, hence its locals."""
        if count * 8 > self._size - self._at:
            self._cut_off(self._at + count * 8)
        if count > _MOST_STRINGS:
            self._broken(_("it announces a list of {count:,} words").format(count=count))
        data, at, held, number = self._data, self._at, len(self._data), int.from_bytes
        for __ in range(count):
            if at + 8 > held:
                self._hold(at, 8)
                held = len(data)
            at += 8 + number(data[at : at + 8], "little")
        self._at = at
        self._hold(at, 0)

    def _refuse_twins(self, at: int, count: int) -> None:
        """llama.cpp aborts the process on a vocabulary that has a word twice (llama-vocab.cpp); empty ones it renames."""
        data, number = self._data, int.from_bytes
        words: set[bytes] = set()
        empty = 0
        for __ in range(count):
            end = at + 8 + number(data[at : at + 8], "little")
            words.add(bytes(data[at + 8 : end]))
            empty += end == at + 8
            at = end
        if len(words) - (b"" in words) + empty != count:
            self._broken(_("its vocabulary has a word twice"))

    def _skip(self, length: int) -> None:
        self._hold(self._at, length)
        self._at += length

    def _hold(self, start: int, length: int) -> None:
        """Makes sure that `length` bytes from `start` are in memory."""
        end = start + length
        if end > self._size:
            self._cut_off(end)
        if end > _HEADER_LIMIT:
            self._broken(_("its header is longer than {header_limit} MiB").format(header_limit=_HEADER_LIMIT >> 20))
        while len(self._data) < end:
            more = self._file.read(max(_FIRST_READ, min(len(self._data), end), end - len(self._data)))
            if not more:
                self._cut_off(end)
            self._data += more

    def _cut_off(self, needed: int) -> NoReturn:
        what = f"at least {needed:,} bytes are needed" if needed < 1 << 50 else "its header announces far more"
        self._broken(_("it is cut off or damaged: it has {size:,} bytes, and {what}").format(size=self._size, what=what))

    def _broken(self, what: str) -> NoReturn:
        raise ModelError(
            _("{path} is not a GGUF file that can be used: {what}").format(path=quoted(self._path), what=what),
            cure=_("download it again, or name another file"),
        )


def _padded(position: int, alignment: int) -> int:
    return (position + alignment - 1) // alignment * alignment

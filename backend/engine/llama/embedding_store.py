"""Encoded pictures on disk: a picture of last week is not run through the vision tower again.

Every file is named by a digest of all that its numbers depend on: the pixels, the projector, the language model's input
width, the runtime and the device. So nothing has to be invalidated, only removed when the folder grows too large. Numbers
are kept as float32: half precision would save half of the space and make the second answer differ from the first.

Safe for several processes: files appear whole under their names and are never changed, a damaged one is removed and
counts as missing, and whoever finds the folder too large removes the files that were not used for longest, whoever wrote
them.
"""

from __future__ import annotations

import hashlib
import logging
import os
import struct
import tempfile
import zlib
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

import numpy as np

from backend.engine.llama.embeddings import Embedding

LIMIT = 2 << 30
"""Bytes: sixty pictures of 1024 tokens for a 2B model, thirty for an 8B one."""
_HEADER = struct.Struct("<8sIII")
"""Magic, rows, columns, CRC-32 of the numbers."""
_MAGIC = b"SLEMBED1"
_SUFFIX = ".embedding"
_SAMPLES, _SAMPLE = 64, 64 << 10

_log = logging.getLogger("sightline.engine")


def file_digest(path: Path) -> str:
    """Tells model files apart without reading gigabytes: size, header and 64 samples of 64 KiB, evenly spread."""
    size = path.stat().st_size
    digest = hashlib.sha256(str(size).encode())
    with path.open("rb") as file:
        digest.update(file.read(1 << 20))
        for index in range(_SAMPLES):
            file.seek(max(0, (size - _SAMPLE) * index // (_SAMPLES - 1)))
            digest.update(file.read(_SAMPLE))
    return digest.hexdigest()


class EmbeddingStore:
    """A folder of encoded pictures, bounded by its size. Trouble with the disk costs time, never an answer."""

    def __init__(self, folder: Path, depends_on: Iterable[str], limit: int = LIMIT) -> None:
        """`depends_on`: everything beside the pixels that decides what the tower computes."""
        self._folder, self._limit = folder, limit
        self._fingerprint = "\0".join(depends_on)

    def _path(self, key: str) -> Path:
        return self._folder / (hashlib.sha256(f"{self._fingerprint}\0{key}".encode()).hexdigest() + _SUFFIX)

    def get(self, key: str) -> Embedding | None:
        """The embedding of the pixels that `key` names, if it is there and whole."""
        path = self._path(key)
        try:
            data = path.read_bytes()
            embedding = _unpacked(data)
            if embedding is None:
                _log.warning("a damaged file of encoded pixels was removed: %s", path.name)
                path.unlink(missing_ok=True)
                return None
            os.utime(path)  # used last, as far as pruning goes
        except FileNotFoundError:
            return None
        except OSError as error:
            _log.warning("encoded pixels cannot be read: %s", error)
            return None
        return embedding

    def put(self, key: str, embedding: Embedding) -> None:
        """Keep it, whole or not at all, and make room if need be."""
        raw = np.ascontiguousarray(embedding, np.float32)
        header = _HEADER.pack(_MAGIC, *raw.shape, zlib.crc32(raw.data.cast("B")))
        try:
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            part = tempfile.NamedTemporaryFile(dir=self._folder, suffix=".part", delete=False)  # noqa: SIM115 (renamed below)
            try:
                with part:
                    part.write(header)
                    part.write(raw.data.cast("B"))
                Path(part.name).replace(self._path(key))
            except BaseException:
                with suppress(OSError):
                    Path(part.name).unlink()
                raise
            self._prune()
        except OSError as error:  # a full or read-only disk
            _log.warning("encoded pixels cannot be kept: %s", error)

    def _prune(self) -> None:
        """Remove what was not used for longest, and what an interrupted process left, until the folder is within its limit."""
        files: list[tuple[float, int, Path]] = []
        for path in self._folder.iterdir():
            with suppress(OSError):  # another process was quicker
                status = path.stat()
                files.append((status.st_mtime, status.st_size, path))
        files.sort(key=lambda file: file[0])
        total = sum(size for _, size, _ in files)
        for _, size, path in files:
            if total <= self._limit:
                return
            with suppress(OSError):
                path.unlink()
            total -= size


def _unpacked(data: bytes) -> Embedding | None:
    """The numbers of a file; None where it is damaged."""
    if len(data) < _HEADER.size:
        return None
    magic, rows, columns, checksum = _HEADER.unpack_from(data)
    body = memoryview(data)[_HEADER.size :]
    if magic != _MAGIC or len(body) != 4 * rows * columns or zlib.crc32(body) != checksum:
        return None
    return np.frombuffer(body, np.float32).reshape(rows, columns)

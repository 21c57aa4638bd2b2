"""The wall behind which llama.cpp lives: the only import of llama_cpp, and where its voice and its files are taken care of.

Imported only in the worker process. llama-cpp-python's bindings are generated and untyped, so they are `Any` from here
on, and the modules beside this one (`model`, `vision`, `sampling`) wrap them into typed calls. The class `Llama` and its
chat handlers are not used: they clear the cache on every call and redirect the process's file descriptors.
"""

from __future__ import annotations

import ctypes
import logging
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import llama_cpp.llama_cpp
import llama_cpp.mtmd_cpp

llama: Any = llama_cpp.llama_cpp
mtmd: Any = llama_cpp.mtmd_cpp
RUNTIME = f"llama-cpp-python {llama_cpp.__version__}"
_lib: Any = llama._lib
"""ggml's own functions too are looked up through libllama: opening libggml by its path would load a second copy."""

_log = logging.getLogger("llama.cpp")
_LEVELS = {0: logging.DEBUG, 1: logging.DEBUG, 2: logging.INFO, 3: logging.WARNING, 4: logging.ERROR}
_ERROR, _CONTINUED = 4, 5


class _Voice:
    """Joins what llama.cpp says in fragments to lines, and remembers its first complaint: later ones only say what followed."""

    def __init__(self) -> None:
        self._pending = ""
        self._level = 0
        self.first_error = ""

    def hear(self, level: int, text: bytes | None, _data: object) -> None:
        if level != _CONTINUED:
            self._level = level
        self._pending += (text or b"").decode("utf-8", "replace")
        *complete, self._pending = self._pending.split("\n")
        for line in filter(str.strip, complete):
            if self._level == _ERROR and not self.first_error:
                self.first_error = line.strip()
            _log.log(_LEVELS.get(self._level, logging.INFO), "%s", line)


_voice = _Voice()
_hear = llama.llama_log_callback(_voice.hear)
"""Referenced for as long as the process lives: llama.cpp keeps the bare pointer."""


def open_backend() -> None:
    """Route every word of llama.cpp into logging, then find the devices. Once per process, before anything else."""
    llama.llama_log_set(_hear, None)
    mtmd.mtmd_log_set(_hear, None)
    mtmd.mtmd_helper_log_set(_hear, None)
    llama.llama_backend_init()


def complaint() -> str:
    """The first error that llama.cpp reported since this was last asked; empty where there was none."""
    said, _voice.first_error = _voice.first_error, ""
    return said


def progress_callback(kind: Any, progress: Callable[[float], None]) -> Any:
    """A native callback of that kind that reports and goes on. Keep it referenced for as long as it may be called."""

    def report(fraction: float, _data: object) -> bool:
        progress(fraction)
        return True

    return kind(report)


class StopFlag:
    """Asks a running computation to stop, from any thread and without the interpreter's lock.

    llama.cpp polls its abort callback some 240 times a token; a Python callback would contend for the lock each time.
    So the callback is libc's `strlen` on a two-byte buffer: an empty string is 0 (go on), a longer one is true (stop).
    """

    def __init__(self) -> None:
        self._buffer = ctypes.create_string_buffer(2)
        strlen = ctypes.cast(ctypes.CDLL(None).strlen, ctypes.c_void_p).value
        self.callback = ctypes.cast(strlen or 0, llama.ggml_abort_callback)
        self.data = ctypes.c_void_p(ctypes.addressof(self._buffer))

    def raise_(self) -> None:
        self._buffer.value = b"x"

    def lower(self) -> None:
        self._buffer.value = b""

    @property
    def up(self) -> bool:
        return self._buffer.value != b""


def _declared(name: str, result: Any, *arguments: Any) -> Any:
    function = getattr(_lib, name)
    function.restype, function.argtypes = result, arguments
    return function


class _GgufParams(ctypes.Structure):
    _fields_ = (("no_alloc", ctypes.c_bool), ("ctx", ctypes.c_void_p))


_gguf_open = _declared("gguf_init_from_file", ctypes.c_void_p, ctypes.c_char_p, _GgufParams)
_gguf_close = _declared("gguf_free", None, ctypes.c_void_p)
_gguf_find = _declared("gguf_find_key", ctypes.c_int64, ctypes.c_void_p, ctypes.c_char_p)
_gguf_type = _declared("gguf_get_kv_type", ctypes.c_int, ctypes.c_void_p, ctypes.c_int64)
_gguf_string = _declared("gguf_get_val_str", ctypes.c_char_p, ctypes.c_void_p, ctypes.c_int64)
_gguf_u32 = _declared("gguf_get_val_u32", ctypes.c_uint32, ctypes.c_void_p, ctypes.c_int64)
_GGUF_U32, _GGUF_STRING = 4, 8


def gguf_values(path: Path, *keys: str) -> dict[str, str | int] | None:
    """Those strings and unsigned integers of a GGUF header that are there; None for a file that is no readable GGUF."""
    handle = _gguf_open(os.fsencode(path), _GgufParams(True, None))
    if not handle:
        return None
    found: dict[str, str | int] = {}
    for key in keys:
        index = _gguf_find(handle, key.encode())
        kind = _gguf_type(handle, index) if index >= 0 else None
        if kind == _GGUF_STRING:
            found[key] = _gguf_string(handle, index).decode("utf-8", "replace")
        elif kind == _GGUF_U32:
            found[key] = _gguf_u32(handle, index)
    _gguf_close(handle)
    return found


tensor_name = _declared("ggml_get_name", ctypes.c_char_p, ctypes.c_void_p)
"""The name of a tensor in a compute graph, as bytes."""

_device_count = _declared("ggml_backend_dev_count", ctypes.c_size_t)
_device_get = _declared("ggml_backend_dev_get", ctypes.c_void_p, ctypes.c_size_t)
_device_type = _declared("ggml_backend_dev_type", ctypes.c_int, ctypes.c_void_p)
_device_name = _declared("ggml_backend_dev_description", ctypes.c_char_p, ctypes.c_void_p)
_CPU, _GPUS = 0, (1, 2)


def _devices() -> list[tuple[int, str]]:
    """Their kinds and names."""
    handles = [_device_get(index) for index in range(_device_count())]
    return [(_device_type(handle), _device_name(handle).decode("utf-8", "replace").strip()) for handle in handles]


def gpu(gpu_layers: int) -> str | None:
    """The GPU that computes: the first, when layers go there."""
    return next((name for kind, name in _devices() if kind in _GPUS), None) if gpu_layers != 0 else None


def device(gpu_layers: int, threads: int) -> str:
    """What computes, in words: the GPU that does, else the processor and how many of its cores."""
    cpu = next((name for kind, name in _devices() if kind == _CPU), "CPU")
    return gpu(gpu_layers) or f"{cpu}, {threads} thread{'s' if threads > 1 else ''}"


_device_memory = _declared("ggml_backend_dev_memory", None, ctypes.c_void_p, *[ctypes.POINTER(ctypes.c_size_t)] * 2)
_version = _declared("ggml_version", ctypes.c_char_p)
_commit = _declared("ggml_commit", ctypes.c_char_p)


def build() -> dict[str, Any]:
    """What this llama.cpp is: ggml's version, the features it was compiled with, and the GPUs it can compute on (bytes)."""
    gpus = []
    for handle in (_device_get(index) for index in range(_device_count())):
        if _device_type(handle) in _GPUS:
            free, total = ctypes.c_size_t(), ctypes.c_size_t()
            _device_memory(handle, ctypes.byref(free), ctypes.byref(total))
            name = _device_name(handle).decode("utf-8", "replace").strip()
            gpus.append({"name": name, "free": free.value, "total": total.value})
    return {
        "ggml": f"{_version().decode()} ({_commit().decode()})",
        "features": llama.llama_print_system_info().decode("utf-8", "replace"),
        "gpu_offload": bool(llama.llama_supports_gpu_offload()),
        "gpus": gpus,
    }

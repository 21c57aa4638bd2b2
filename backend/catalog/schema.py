"""What may stand in models.toml: every key, its type and its range, as data.

Every file is held against these rules on its own, before files are laid over each other, so that the message names the file
in which the slip was made.
"""

from __future__ import annotations

from dataclasses import dataclass

from backend.language import N_
from backend.scene import Units
from backend.toml_rules import Channels, Flag, Number, Spot, Table, Text, table_of


@dataclass(frozen=True, slots=True)
class Sizes:
    """Bytes for each of some quantisations, whose names become part of file names."""

    def check(self, value: object, spot: Spot) -> None:
        for key, size in table_of(value, spot).items():
            _QUANT.check(key, spot.inside(key))
            _BYTES.check(size, spot.inside(key))


_BYTES = Number(0, 1 << 44)
_QUANT = Text(r"[A-Z0-9_]{2,16}", N_("the name of a quantisation, such as Q8_0"))
_SAMPLING = Table(
    {
        "temperature": Number(0, 5, whole=False),
        "top_p": Number(0, 1, whole=False, above=True),
        "top_k": Number(0, 1_000_000),
        "min_p": Number(0, 1, whole=False),
        "presence_penalty": Number(-10, 10, whole=False),
    }
)
_FILE = Text(r"/[^\x00-\x1f\x7f]+|[^/\\\x00-\x1f\x7f]+\.gguf", N_("the name of a .gguf file, or an absolute path"))
_ENDPOINT = r"https?://[^\s\x00-\x1f\x7f/?#@]+(/[^\s\x00-\x1f\x7f?#@]*)?"
_SECONDS = Number(0, 86_400, whole=False, above=True)
CARD = Table(
    {
        "title": Text(),
        "text": _FILE,
        "mmproj": _FILE,
        "repo": Text(r"[\w.-]+/[\w.-]+", N_("a hub repository, owner/name")),
        "bundled": Flag(),
        "coordinates": Text("|".join(Units), N_("rel1000 or pixels")),
        "image_tokens": Table({"min": Number(1, 16_384), "max": Number(1, 16_384), "default": Number(1, 16_384)}),
        "sampling": Table({"text": _SAMPLING, "boxes": _SAMPLING}),
        "context": Number(256, 1 << 20),
        "gpu_layers": Number(-1, 1000),
        "max_tokens": Number(1, 1 << 20),
        "thinking": Flag(),
        "thinking_tokens": Number(0, 1 << 20),
        "frame_pairs": Flag(),
        "parameters": Number(0, 10_000, whole=False),
        "download_bytes": _BYTES,
        "other_quants": Sizes(),
        "note": Text(),
        "endpoint": Text(
            _ENDPOINT, N_("the address of a server, such as http://host:8080/v1 (a key never stands in it)"), shown=False
        ),
        "remote_model": Text(),
        "api_key_env": Text(
            r"[A-Za-z_][A-Za-z0-9_]*", N_("the name of an environment variable (never the key itself)"), shown=False
        ),
        "timeouts": Table({"connect": _SECONDS, "first_token": _SECONDS, "between_tokens": _SECONDS}),
    }
)
DEPTH_CARD = Table(
    {
        "title": Text(),
        "file": Text(
            r"/[^\x00-\x1f\x7f]+|(?!\.)[\w.-]+(/(?!\.)[\w.-]+)*\.onnx",
            N_("the name of an .onnx file in its repository, or an absolute path"),
        ),
        "repo": Text(r"[\w.-]+/[\w.-]+", N_("a hub repository, owner/name")),
        "bundled": Flag(),
        "family": Text("midas|depth-anything", N_("midas or depth-anything")),
        "output": Text("inverse|metres", N_("inverse or metres")),
        "size": Number(16, 4096),
        "multiple": Number(1, 256),
        "mean": Channels(Number(-1000, 1000, whole=False)),
        "std": Channels(Number(0, 1000, whole=False, above=True)),
        "layout": Text("auto|nchw|nhwc", N_("auto, nchw or nhwc")),
        "download_bytes": _BYTES,
        "note": Text(),
    }
)
NAME = Text(r"[a-z0-9][a-z0-9._-]{0,63}", N_("a model name: small letters, digits, . _ and -, at most 64 of them"))

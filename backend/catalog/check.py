"""Do these two files make one model? Asked of their headers, before llama.cpp sees either.

The rule that matters is mtmd's own: the language model takes pictures in rows of n_embd · (1 + n_deepstack_layers)
numbers (llama-hparams.cpp, n_embd_inp), and the projector makes rows of width(mm.2.bias) · (1 + deepstack layers)
(clip.cpp, clip_n_mmproj_embd). The two must be equal. What no header tells is whether a projector of the right width
was trained with this language model; only the file names and general.name can hint at that.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from backend.catalog.card import ModelCard
from backend.catalog.gguf import read_header
from backend.catalog.header import Header
from backend.errors import ModelError
from backend.language import _
from backend.sanitise import one_line, quoted

_PROJECTORS = {
    "qwen3vl": ("qwen3vl_merger",),
    "qwen3vlmoe": ("qwen3vl_merger",),
    "qwen2vl": ("qwen2vl_merger", "qwen2.5vl_merger"),
}
"""Language architecture → projectors that go with it. Qwen2.5-VL's language model calls itself qwen2vl too."""
_MOST_LAYERS = 512
_NEEDED = ("block_count", "embedding_length", "attention.head_count", "context_length")


@dataclass(frozen=True, slots=True)
class PairReport:
    """What the two headers say, and everything that keeps them from being used together."""

    text: Path
    mmproj: Path
    text_header: Header | None
    """None where the file could not be read; `problems` says why."""
    mmproj_header: Header | None
    problems: tuple[ModelError, ...]
    notes: tuple[str, ...] = ()
    """What a user may want to know, though it hinders nothing."""

    @property
    def ok(self) -> bool:
        return not self.problems

    def require(self) -> tuple[Header, Header]:
        """Both headers; raises the first problem if there is one."""
        for problem in self.problems:
            raise problem
        if self.text_header is None or self.mmproj_header is None:
            raise ValueError("a report without problems has both headers")
        return self.text_header, self.mmproj_header

    def as_dict(self) -> dict[str, Any]:
        return {
            "ok": self.ok,
            "text": _described(self.text, self.text_header),
            "mmproj": _described(self.mmproj, self.mmproj_header),
            "problems": [problem.message for problem in self.problems],
            "notes": list(self.notes),
        }


def check_pair(text: Path, mmproj: Path, card: ModelCard | None = None) -> PairReport:
    """Read both headers and hold them against each other, and against `card` where there is one."""
    problems: list[ModelError] = []
    headers: list[Header | None] = []
    for path in (text, mmproj):
        try:
            headers.append(read_header(path))
        except ModelError as error:
            problems.append(error)
            headers.append(None)
    language, vision = headers
    notes: tuple[str, ...] = ()
    if language and vision:
        problems.extend(_pair_problems(language, vision))
        notes = _notes(language, card) if card and not problems else ()
    elif language:
        problems.extend(_language_problems(language))
    elif vision:
        problems.extend(_vision_problems(vision))
    return PairReport(text, mmproj, language, vision, tuple(problems), notes)


def rows_wanted(language: Header) -> int:
    """How wide a picture's rows must be for this language model."""
    return (language.own("embedding_length") or 0) * (1 + (language.own("n_deepstack_layers") or 0))


def rows_made(vision: Header) -> int:
    """How wide the rows are that this projector makes."""
    bias = vision.tensors.get("mm.2.bias")
    return (bias.shape[0] if bias else 0) * (1 + deepstack_layers(vision))


def deepstack_layers(vision: Header) -> int:
    """Layers of the vision tower that are also shown to the language model (clip.cpp counts their fc1 weights)."""
    return sum(name.startswith("v.deepstack.") and name.endswith(".fc1.weight") for name in vision.tensors)


def _pair_problems(language: Header, vision: Header) -> list[ModelError]:
    if language.architecture == "clip" and vision.architecture in _PROJECTORS:
        return [
            ModelError(
                _("these two look swapped: {path} is the vision projector and {path_2} the language model").format(
                    path=quoted(language.path), path_2=quoted(vision.path)
                ),
                cure=_("give them the other way round"),
            )
        ]
    problems = _language_problems(language) + _vision_problems(vision)
    return problems or _misfits(language, vision)


def _language_problems(language: Header) -> list[ModelError]:
    kind, name = language.architecture, quoted(language.path)
    cure = _("give the language model of a Qwen-VL pair, such as Qwen3VL-4B-Instruct-Q4_K_M.gguf")
    if kind == "clip":
        return [ModelError(_("{name} is a vision projector (mmproj), not a language model").format(name=name), cure=cure)]
    if kind not in _PROJECTORS:
        said = _("of architecture “{kind}”").format(kind=one_line(kind, 40)) if kind else _("without an architecture")
        return [
            ModelError(
                _("{name} is a model {said}; sightline runs {projectors}").format(
                    name=name, said=said, projectors=", ".join(_PROJECTORS)
                ),
                cure=cure,
            )
        ]
    if (parts := language.whole("split.count") or 0) > 1:
        return [
            ModelError(
                _("{name} is one of {parts} parts of a split model").format(name=name, parts=parts),
                cure=_("merge them with llama-gguf-split --merge"),
            )
        ]
    if not language.tensors:
        return [ModelError(_("{name} holds no weights, only a header").format(name=name), cure=cure)]
    missing = [key for key in _NEEDED if not language.own(key)]
    if missing:
        return [
            ModelError(
                _("{name} does not say its {missing}").format(name=name, missing=", ".join(missing)),
                cure=_("convert it again with a current llama.cpp"),
            )
        ]
    if not _plausible(language):
        return [
            ModelError(
                _("{name} is damaged: its header describes a model that cannot be").format(name=name),
                cure=_("download it again"),
            )
        ]
    return []


def _plausible(language: Header) -> bool:
    """Whether the numbers hold on which llama.cpp asserts, and so would end the process (llama-model.cpp, ggml's rope)."""
    heads, embedding = language.own("attention.head_count") or 1, language.own("embedding_length") or 0
    sections = language.values.get(f"{language.architecture}.rope.dimension_sections", ())
    turned = sum(sections) if isinstance(sections, tuple) else 0
    size = language.own("attention.key_length") or embedding // heads
    return (language.own("block_count") or 0) <= _MOST_LAYERS and turned <= size


def _vision_problems(vision: Header) -> list[ModelError]:
    name = quoted(vision.path)
    cure = _("give the mmproj file from the same repository as the language model")
    if vision.architecture in _PROJECTORS:
        return [ModelError(_("{name} is a language model, not a vision projector (mmproj)").format(name=name), cure=cure)]
    if vision.architecture != "clip":
        said = f"“{one_line(vision.architecture, 40)}”" if vision.architecture else "nothing"
        return [
            ModelError(
                _("{name} says that it is {said}, not a vision projector (clip)").format(name=name, said=said), cure=cure
            )
        ]
    if vision.values.get("clip.has_vision_encoder") is not True:
        return [ModelError(_("{name} is a projector without a vision tower").format(name=name), cure=cure)]
    if "mm.2.bias" not in vision.tensors:
        return [ModelError(_("{name} has no projection layer (mm.2)").format(name=name), cure=cure)]
    return []


def _misfits(language: Header, vision: Header) -> list[ModelError]:
    cure = _("take both files from the same repository")
    kind = language.architecture
    projector = vision.text("clip.projector_type") or vision.text("clip.vision.projector_type")
    if projector not in _PROJECTORS[kind]:
        return [
            ModelError(
                _("{vision} is a projector of kind “{projector}”; {language} ({kind}) needs {wanted}").format(
                    vision=quoted(vision.path),
                    projector=one_line(projector, 40),
                    language=quoted(language.path),
                    kind=kind,
                    wanted=_(" or ").join(_PROJECTORS[kind]),
                ),
                cure=cure,
            )
        ]
    wanted, made = language.own("n_deepstack_layers") or 0, deepstack_layers(vision)
    if wanted != made:
        return [
            ModelError(
                _("{path} expects {wanted} deepstack layers, {path_2} has {made}").format(
                    path=quoted(language.path), wanted=wanted, path_2=quoted(vision.path), made=made
                ),
                cure=cure,
            )
        ]
    if rows_wanted(language) != rows_made(vision):
        return [
            ModelError(
                _(
                    "widths differ: {path} takes pictures {rows_wanted:,} numbers wide, {path_2} makes them {rows_made:,} wide"
                ).format(
                    path=quoted(language.path),
                    rows_wanted=rows_wanted(language),
                    path_2=quoted(vision.path),
                    rows_made=rows_made(vision),
                ),
                cure=cure,
            )
        ]
    return []


def _notes(language: Header, card: ModelCard) -> tuple[str, ...]:
    notes = []
    trained = language.own("context_length") or 0
    if card.context > trained:
        notes.append(
            _("the context of {context:,} tokens is longer than the {trained:,} it was trained for").format(
                context=card.context, trained=trained
            )
        )
    if "thinking" in language.text("general.name").lower() and not card.thinking:
        notes.append(_("it calls itself a thinking model, and the catalogue does not: set thinking = true"))
    return tuple(notes)


def _described(path: Path, header: Header | None) -> dict[str, Any]:
    if header is None:
        return {"path": str(path)}
    return {
        "path": str(path),
        "name": header.text("general.name"),
        "architecture": header.architecture,
        "gguf_version": header.version,
        "bytes": header.file_size,
        "parameters": header.parameters,
        "tensors": len(header.tensors),
    }

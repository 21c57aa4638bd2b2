"""Evidence bundles: everything that asking again takes, with a hash of each file, in a folder or a .zip.

manifest.json    versions, the model's files and their hashes, which picture is which file, a hash of every file below
answers.jsonl    the published answers, which hold parameters, seeds and messages (`asked`)
prompts/         the messages as the model was given them, for people
pictures/        the files that were asked about; of a film its frames, whose pixels are hashed, as PNG
overlays/        each answer's findings drawn in
"""

from __future__ import annotations

import hashlib
import json
import secrets
import shutil
import zipfile
from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from backend.answer import Answer, Sent
from backend.catalog import ModelStore, load_catalog
from backend.catalog.digests import digest_of
from backend.errors import ModelError
from backend.export.drawn import drawn_of
from backend.export.gathered import gathered
from backend.export.originals import Originals
from backend.export.saving import not_saved, save, write
from backend.language import _
from backend.media.images import as_image

FORMAT = 1
MANIFEST, ANSWERS = "manifest.json", "answers.jsonl"


def write_bundle(answers: Sequence[Answer], path: Path, originals: Originals) -> list[str]:
    """Fill the folder `path`, or make it a .zip where it is none. Returns notes; raises UnreadablePicture, as evidence
    without its pictures is none, and NotSaved."""
    if path.is_dir():
        return _filled(answers, path, originals)
    folder = path.parent / f".sightline-{secrets.token_hex(6)}.part"
    part = folder.with_suffix(".zip")
    try:
        folder.mkdir()
        notes = _filled(answers, folder, originals)
        with zipfile.ZipFile(part, "x") as packed:
            for file in _files(folder):
                kind = zipfile.ZIP_STORED if file.parts[0] in ("pictures", "overlays") else zipfile.ZIP_DEFLATED
                packed.write(folder / file, file.as_posix(), kind)
        part.replace(path)
    except OSError as error:
        raise not_saved(path, error) from error
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        part.unlink(missing_ok=True)
    return notes


def _filled(answers: Sequence[Answer], folder: Path, originals: Originals) -> list[str]:
    for name in ("pictures", "overlays", "prompts"):
        (folder / name).mkdir()
    notes: list[str] = []
    pictures = _pictures(answers, folder, originals)
    for number, answer in enumerate(answers, 1):
        if answer.asked is None:
            notes.append(_("answer {number} does not tell how it was asked, and cannot be asked again").format(number=number))
        else:
            said = "".join(_written(message) for message in answer.asked.messages)
            write(said.encode("utf-8", "backslashreplace"), folder / "prompts" / f"{number:03}.txt")
        for place in range(len(answer.pictures)):
            save(drawn_of(answer, place, originals), folder / "overlays" / f"{number:03}-{place + 1}.png")
    told = "".join(f"{json.dumps(answer.as_dict())}\n" for answer in answers)
    write(told.encode(), folder / ANSWERS)
    models = [_model(name, notes) for name in dict.fromkeys(dict(answer.model).get("name", "") for answer in answers)]
    manifest = {
        "format": FORMAT,
        "made_by": {"sightline": _version("sightline"), "llama-cpp-python": _version("llama-cpp-python")},
        "runtimes": list(dict.fromkeys(dict(answer.model).get("runtime", "") for answer in answers)),
        "models": models,
        "pictures": pictures,
        "files": {file.as_posix(): _digest(folder / file) for file in _files(folder)},
    }
    write(f"{json.dumps(manifest, indent=1)}\n".encode(), folder / MANIFEST)
    return notes


def _pictures(answers: Sequence[Answer], folder: Path, originals: Originals) -> list[dict[str, Any]]:
    """Copy them; which is which. A frame, and what came from no file, is its pixels."""
    told = []
    for shot in gathered(answers).shots:
        picture = originals.picture(shot.ref)
        whole = picture.path is not None and shot.ref.time is None
        name = Path(shot.name)
        kept = f"{name.stem}{picture.path.suffix}" if whole and picture.path is not None else f"{name.stem}.png"
        target = folder / "pictures" / kept
        if whole and picture.path is not None:
            try:
                shutil.copyfile(picture.path, target)
            except OSError as error:
                raise not_saved(target, error) from error
        else:
            save(as_image(picture), target)
        told.append(
            {
                "file": f"pictures/{kept}",
                "sha256": shot.ref.sha256,
                "time": shot.ref.time,
                "path": shot.ref.path,
                "holds": "file" if whole else "pixels",
            }
        )
    return told


def _model(name: str, notes: list[str]) -> dict[str, Any]:
    """Its files as they are now on this machine."""
    told: dict[str, Any] = {"name": name}
    try:
        model = ModelStore().find(load_catalog().card(name))
        if model is not None and model.card.server is None:
            for part, path in (("text", model.text), ("mmproj", model.mmproj)):
                told[part] = {"file": path.name, "bytes": path.stat().st_size, "sha256": digest_of(path)}
            return told
    except (ModelError, OSError):
        pass
    notes.append(_("the files of the model {name} are not on this machine, and have no hash in the bundle").format(name=name))
    return told


def _written(message: Sent) -> str:
    parts = [part if isinstance(part, str) else f"[picture {part[0] + 1}: {part[1]}×{part[2]} px]" for part in message.parts]
    return f"── {message.role}\n{''.join(parts)}\n"


def _files(folder: Path) -> list[Path]:
    return sorted(path.relative_to(folder) for path in folder.rglob("*") if path.is_file())


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return ""

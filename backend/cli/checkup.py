"""What `sightline doctor` looks at, section by section: facts for people, the same facts as data, and problems with cures.

A broken installation is what it is for, so whatever fails becomes a problem of its section, and the next section is
looked at all the same.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import psutil

from backend.ask import measured
from backend.ask.book import book
from backend.catalog import Choice, Entry, Memory, ModelStore, check_pair, consider, entries, load_catalog, places
from backend.catalog.fit import gigabytes
from backend.catalog.memory import gpus
from backend.cli.drawing import drawing
from backend.engine import complaints, facts
from backend.engine.process import log_file
from backend.errors import SightlineError
from backend.language import N_, _
from backend.memory.journal import default_path
from backend.preferences import Preferences, load_preferences
from backend.sanitise import one_line, quoted
from backend.terminal import Terminal

_COLUMNS, _ROWS = 80, 24
"""The smallest terminal that the app is made for."""
_LOG_LINES = 5
_BUILT_FOR = (
    N_("an NVIDIA driver answers and nvcc is here"),
    N_("an NVIDIA driver answers, but nvcc is missing: install the CUDA toolkit, then run scripts/setup"),
    N_("nvcc is here, but no NVIDIA driver answers"),
    N_("no NVIDIA driver answers"),
)
"""Why llama.cpp was built as it was, as set-up writes it (scripts/environment/flavour.py); for the catalogues."""

_DEPTHS = (N_("none"), N_("16 colours"), N_("256 colours"), N_("true colour"))
"""Those of `backend.terminal.environment.Depth`; for the catalogues."""

Row = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that is wrong, and what to do about it."""

    message: str
    cure: str
    stops: bool = False
    """No question can be answered before it is cured."""


@dataclass(frozen=True, slots=True)
class Section:
    """One part of the report."""

    name: str
    """Its heading, and its key in the JSON."""
    rows: tuple[Row, ...]
    data: dict[str, Any]
    problems: tuple[Problem, ...] = ()


def examine(model: str | None) -> list[Section]:
    """Every section; `model`: the name that the user insists on, None where the program chooses."""
    memory, found = Memory.detect(), gpus()
    return [terminal(), runtime(found), devices(memory, found), models(model, memory), folders(), log()]


def terminal() -> Section:
    """What the screen can show."""
    encoding = getattr(sys.__stderr__, "encoding", None) or "ascii"
    size = shutil.get_terminal_size()
    seen = Terminal.detect(os.environ, encoding, (size.columns, size.lines))
    live = sys.stdout.isatty()
    rows = [
        (N_("size"), f"{seen.columns}×{seen.rows}" + ("" if live else _(" (assumed: standard output is no terminal)"))),
        ("TERM", one_line(seen.term, 60) or _("not set")),
        (N_("colour"), _(seen.depth) + (_(" (NO_COLOR is set)") if seen.no_color else "")),
        (N_("Unicode"), _("yes") if seen.unicode else _("no: pictures are drawn in ASCII")),
        (N_("run inside"), ", ".join(seen.inside) or _("nothing")),
    ]
    problems = []
    try:
        preferences = load_preferences()
    except SightlineError as error:
        problems.append(Problem(error.message, error.cure))
        preferences = Preferences()
    drawn, pictures = drawing(preferences)
    rows += drawn
    if pictures["colour"] != seen.depth:
        at = next(at for at, (name, __) in enumerate(rows) if name == "colour")
        known = _("{depth} (this terminal is known to have it; its environment says {said})")
        rows[at] = ("colour", known.format(depth=_(pictures["colour"]), said=_(seen.depth)))
    if not seen.unicode and seen.depth != "none":
        problems.append(Problem(_("the locale is not UTF-8, so pictures are drawn in ASCII"), _("export LC_ALL=C.UTF-8")))
    if live and seen.depth == "none" and not seen.no_color:
        problems.append(
            Problem(
                _("TERM={term} has neither colour nor Unicode").format(term=quoted(seen.term)),
                _("set TERM to what it is, such as xterm-256color"),
            )
        )
    if live and (seen.columns < _COLUMNS or seen.rows < _ROWS):
        problems.append(
            Problem(
                _("{columns}×{rows} characters are too few for the app").format(columns=seen.columns, rows=seen.rows),
                _("make it {columns}×{rows} at least").format(columns=_COLUMNS, rows=_ROWS),
            )
        )
    data = {**asdict(seen), "inside": list(seen.inside), "live": live, "pictures": pictures}
    return Section(N_("terminal"), tuple(rows), data, tuple(problems))


def runtime(found: Sequence[tuple[str, int]]) -> Section:
    """The llama.cpp that is installed; asked in a process of its own. `found`: the GPUs that the driver knows."""
    bindings = facts.bindings()
    flavour, reason = facts.built_for()
    rows = [("llama-cpp-python", bindings or _("not installed"))]
    problems: list[Problem] = []
    if bindings and facts.too_old(bindings):
        oldest = ".".join(map(str, facts.OLDEST))
        problems.append(
            Problem(
                _(
                    "llama-cpp-python {bindings} is too old: ones earlier than {oldest} compute Qwen3-VL "
                    "positions wrongly, so boxes lie in the wrong place"
                ).format(bindings=bindings, oldest=oldest),
                _('scripts/setup --fresh (or: pip install "llama-cpp-python>={oldest}")').format(oldest=oldest),
            )
        )
    data: dict[str, Any] = {"llama_cpp_python": bindings or None, "built_for": flavour or None, "why": reason or None}
    try:
        build = facts.build()
    except SightlineError as error:
        return Section(N_("runtime"), tuple(rows), data, (*problems, Problem(error.message, error.cure, stops=True)))
    rows += [
        ("llama.cpp", f"ggml {build.ggml}"),
        (_("built for"), _(" and ").join(build.backends) + (f" ({_(reason)})" if reason else "")),
        (N_("features"), " ".join(build.features) or _("none")),
        *(
            (
                _("computes on"),
                _("{name}, {free} of {total} VRAM free").format(
                    name=gpu.name, free=gigabytes(gpu.free), total=gigabytes(gpu.total)
                ),
            )
            for gpu in build.gpus
        ),
    ]
    if found and not build.gpu_offload:
        problems.append(
            Problem(_("an NVIDIA GPU is here, and this llama.cpp was built without CUDA"), _("scripts/setup says why"))
        )
    return Section(N_("runtime"), tuple(rows), {**data, **asdict(build)}, tuple(problems))


def devices(memory: Memory, found: Sequence[tuple[str, int]]) -> Section:
    """Free memory, where models could run."""
    machine = psutil.virtual_memory()
    limited = memory.ram_free < machine.available
    rows = [
        (
            "RAM",
            _("{free} of {total} free").format(free=gigabytes(memory.ram_free), total=gigabytes(machine.total))
            + _(" within this container") * limited,
        ),
        (N_("processor"), _("{count} cores for this process").format(count=len(os.sched_getaffinity(0)))),
    ]
    rows += [
        ("GPU", _("{name}: {free} VRAM free").format(name=name, free=gigabytes(free)) + ("" if memory.gpu else _(", not used")))
        for name, free in found
    ]
    if not found:
        rows.append(("GPU", _("none that NVIDIA's driver knows")))
    return Section(
        N_("devices"),
        tuple(rows),
        {
            "ram_free": memory.ram_free,
            "ram_total": machine.total,
            "cores": len(os.sched_getaffinity(0)),
            "gpus": [{"name": name, "free": free, "used": bool(memory.gpu)} for name, free in found],
        },
    )


def models(name: str | None, memory: Memory) -> Section:
    """What is installed, whether it is whole and fits, and which model would answer."""
    problems: list[Problem] = []
    store, choice = ModelStore(), None
    try:
        catalog = load_catalog()
    except SightlineError as error:
        problems.append(Problem(error.message, error.cure, stops=True))
        catalog = load_catalog(user=Path(os.devnull))  # what is shipped can still be looked at
    try:
        choice = consider(catalog, store, name, memory=memory)
    except SightlineError as error:
        problems.append(Problem(error.message, error.cure, stops=True))
    if choice is not None:
        problems += [Problem(reason, _("sightline models check, or free memory")) for reason in choice.passed_over]
        if not choice.fit.ok:
            said = f"{choice.model.card.name} {choice.fit.sentence}"
            problems.append(Problem(said, _("free memory"), stops=True))
    if os.environ.get("SIGHTLINE_MODELS") and not store.root.is_dir():
        problems.append(
            Problem(
                _("SIGHTLINE_MODELS names {root}, which is no folder").format(root=quoted(store.root)),
                _("correct it, or pull a model into it"),
            )
        )
    return Section(N_("models"), *_models(entries(catalog, store, memory), choice), tuple(problems))


def _models(found: Sequence[Entry], choice: Choice | None) -> tuple[tuple[Row, ...], dict[str, Any]]:
    rows: list[Row] = []
    listed: list[dict[str, Any]] = []
    answers = choice.model.card.name if choice else ""
    for entry in found:
        about = _about(entry)
        mark = _(" (answers)") if entry.card.name == answers else ""
        rows += [(entry.card.name if n == 0 else "", line + mark * (n == 0)) for n, line in enumerate(about)]
        known = list(measured.kept(entry.installed)) if entry.installed else []
        measurements = [{"engine": engine, "sigma": error.share, "day": error.measured} for error, engine in known]
        needs = entry.fit.needs.as_dict() if entry.fit else None
        listed.append({**entry.as_dict(), "needs": needs, "measurements": measurements})
    return tuple(rows), {"answers": answers or None, "known": listed}


def _about(entry: Entry) -> list[str]:
    """One model, in a line or a few."""
    if entry.installed is None:
        fits = _("would fit") if entry.fit and entry.fit.ok else _("would not fit")
        return [
            _("not installed; {fits} with {total}").format(fits=fits, total=gigabytes(entry.fit.needs.total))
            if entry.fit
            else _("not installed")
        ]
    if entry.fit is None:
        return [_("broken: {problem}").format(problem=one_line(entry.problem))]
    whole = check_pair(entry.installed.text, entry.installed.mmproj, entry.installed.card)
    known = [f"σ: {error} on {one_line(', '.join(engine.values()), 120)}" for error, engine in measured.kept(entry.installed)]
    return [
        entry.fit.sentence
        if entry.fit.ok
        else _("does not fit into {available}").format(available=gigabytes(entry.fit.available)),
        str(entry.fit.needs),
        *(known or [f"σ: {measured.ASSUMED}"]),
        *whole.notes,
    ]


def folders() -> Section:
    """Where things are kept, whether they can be, and whether the user's tasks are understood."""
    settings = places.user_catalog()
    kept = {
        N_("models"): places.models_folder(),
        N_("settings"): settings,
        N_("tasks"): places.user_tasks(),
        N_("added models"): places.added_catalog(settings),
        N_("history"): default_path(),
        N_("measurements"): places.measurements_folder(),
        N_("cache"): places.cache_folder(),
        N_("sockets"): places.runtime_folder(),
        N_("logs"): places.log_folder(),
    }
    rows = [(what, one_line(str(path)) + ("" if path.exists() else _(" (not there yet)"))) for what, path in kept.items()]
    problems = [
        Problem(
            _("{what}: {path} cannot be written").format(what=_(what), path=quoted(path)),
            _("check its owner and permissions, and whether the disk is full"),
        )
        for what, path in kept.items()
        if not _writable(path)
    ]
    try:
        book()
    except SightlineError as error:
        problems.append(Problem(error.message, error.cure, stops=True))
    return Section(N_("folders"), tuple(rows), {what: str(path) for what, path in kept.items()}, tuple(problems))


def _writable(path: Path) -> bool:
    """Whether it can be written, or made where it is not there yet."""
    there = next((place for place in (path, *path.parents) if place.exists()), path)
    return os.access(there, os.W_OK, effective_ids=True)


def log() -> Section:
    """What the engine complained of last."""
    said = complaints.recent(_LOG_LINES)
    rows = [(N_("file"), one_line(str(log_file()))), *(("", line) for line in said)]
    if not said:
        rows.append(("", _("no errors in it")))
    return Section(N_("log"), tuple(rows), {"file": str(log_file()), "errors": said})

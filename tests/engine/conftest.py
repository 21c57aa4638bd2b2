"""The bundled pair through the real llama.cpp: in this process where internals are asked, in a worker everywhere else."""

from __future__ import annotations

import contextlib
import random
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import gguf
import numpy as np
import psutil
import pytest

import backend
from backend.engine.api import Message, ModelSpec, Request, Sampling
from backend.engine.llama.model import SEQUENCES, LanguageModel
from backend.engine.llama.native import StopFlag, open_backend
from backend.engine.llama.scheduler import Scheduler
from backend.engine.llama.vision import VisionTower
from backend.engine.supervisor import WorkerEngine
from backend.events import EngineEvent, Generated, Token
from backend.scene import Raster

DEMO = Path(backend.__file__).parent / "demo"
SPEC = ModelSpec(
    name="demo",
    text=DEMO / "demo-Q8_0.gguf",
    mmproj=DEMO / "mmproj-demo-Q8_0.gguf",
    context=2048,
    gpu_layers=0,
    image_max_tokens=512,
)
LOCATE = "Locate the red square, report bbox coordinates in JSON format."


def picture(width: int = 256, height: int = 192, seed: int = 0) -> Raster:
    """A red square somewhere on grey."""
    rng = random.Random(seed)
    left, top = rng.randrange(width - 50), rng.randrange(height - 50)
    rows = bytearray(bytes((120, 130, 140)) * (width * height))
    for y in range(top, top + 50):
        start = (y * width + left) * 3
        rows[start : start + 150] = bytes((220, 40, 40)) * 50
    return Raster(width, height, bytes(rows))


A, B = picture(seed=1), picture(320, 128, seed=2)


def question(*parts: str | Raster, max_tokens: int = 24, sampling: Sampling | None = None) -> Request:
    return Request((Message("user", parts),), sampling or Sampling(), max_tokens)


def follow_up(request: Request, answer: str, *parts: str | Raster) -> Request:
    said = (*request.messages, Message("assistant", (answer,)), Message("user", parts))
    return Request(said, request.sampling, request.max_tokens)


@dataclass(frozen=True)
class Reply:
    """What one request came to."""

    events: tuple[EngineEvent, ...]

    @property
    def end(self) -> EngineEvent:
        return self.events[-1]

    @property
    def generated(self) -> Generated:
        assert isinstance(self.end, Generated), self.end
        return self.end

    @property
    def tokens(self) -> list[tuple[str, float | None]]:
        """Texts and log-probabilities: the latter hold every logit of the vocabulary in their normaliser."""
        return [(event.text, event.logprob) for event in self.events if isinstance(event, Token)]


def ask(engine: WorkerEngine, request: Request) -> Reply:
    return Reply(tuple(engine.run(request)))


def answers(engine: WorkerEngine) -> bool:
    return isinstance(ask(engine, question(A, LOCATE)).end, Generated)


def workers() -> list[psutil.Process]:
    """Worker processes of this very test process that live."""
    found = []
    for child in psutil.Process().children():
        with contextlib.suppress(psutil.NoSuchProcess):  # it has just died
            if "backend.engine.worker" in child.cmdline():
                found.append(child)
    return found


def told(scheduler: Scheduler, request: Request) -> Reply:
    """What one request comes to, in this process."""
    return told_together(scheduler, request)[0]


def work_off(scheduler: Scheduler) -> None:
    """Step by step, until nothing is left to do."""
    while not scheduler.idle:
        scheduler.settle()
        scheduler.work()


def told_together(scheduler: Scheduler, *requests: Request) -> list[Reply]:
    """What requests come to that are asked at the same time."""
    heard: list[list[EngineEvent]] = [[] for _ in requests]
    for request, events in zip(requests, heard, strict=True):
        scheduler.submit(request, events.append)
    work_off(scheduler)
    return [Reply(tuple(events)) for events in heard]


@pytest.fixture(autouse=True)
def own_log(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Workers write their log where the tests may."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path_factory.getbasetemp() / "state"))


@pytest.fixture
def engine() -> Iterator[WorkerEngine]:
    """A worker of the test's own, not started yet."""
    running = WorkerEngine(SPEC)
    yield running
    running.close()


class Loaded:
    """The model in this very process, for what the events do not show."""

    def __init__(self, spec: ModelSpec = SPEC) -> None:
        open_backend()
        self._thinking = spec.thinking
        self.stop = StopFlag()
        self.model = LanguageModel(spec.text, context=spec.context, gpu_layers=0, threads=1, stop=self.stop, progress=_unheard)
        self.vision = VisionTower(
            spec.mmproj,
            self.model,
            max_tokens=spec.image_max_tokens,
            use_gpu=False,
            threads=1,
            stop=self.stop,
            progress=_unheard,
        )

    def scheduler(self) -> Scheduler:
        """One whose cache is empty."""
        for sequence in range(SEQUENCES):
            self.model.remove_from(0, sequence)
        return Scheduler(self.model, self.vision, thinking=self._thinking)


def _unheard(_fraction: float) -> None:
    pass


@pytest.fixture(scope="session")
def loaded() -> Loaded:
    return Loaded()


def copied_gguf(
    source: Path, target: Path, *, fields: Mapping[str, object] | None = None, damaged: Collection[str] = ()
) -> None:
    """A copy of a GGUF with some header fields changed, and some tensors made of what is not a number."""
    reader = gguf.GGUFReader(source)
    writer = gguf.GGUFWriter(target, reader.fields["general.architecture"].contents())
    for name, field in reader.fields.items():
        if name.startswith("GGUF.") or name == "general.architecture":
            continue
        inner = field.types[-1] if field.types[0] is gguf.GGUFValueType.ARRAY else None
        writer.add_key_value(name, (fields or {}).get(name, field.contents()), field.types[0], inner)
    for tensor in reader.tensors:
        data = np.full_like(tensor.data, np.nan) if tensor.name in damaged else tensor.data
        writer.add_tensor(tensor.name, data, raw_dtype=tensor.tensor_type)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()

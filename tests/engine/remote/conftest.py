"""One llama-server for all tests that ask a real one, and engines that are closed again."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from backend.catalog.card import Patience, Server
from backend.engine.api import Request
from backend.engine.remote.engine import RemoteEngine
from backend.engine.remote.retry import Retries
from backend.errors import SightlineError
from backend.events import Failed
from tests.engine.conftest import Reply
from tests.engine.remote.llama_server import LlamaServer, running
from tests.engine.remote.unruly import Unruly, running_unruly

QUICKLY = Retries(first_s=0.01, longest_s=0.02)
Connect = Callable[..., RemoteEngine]


def ask(engine: RemoteEngine, request: Request) -> Reply:
    return Reply(tuple(engine.run(request)))


def failure(reply: Reply) -> SightlineError:
    assert isinstance(reply.end, Failed), reply.end
    return reply.end.error


@pytest.fixture(scope="session")
def llama_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LlamaServer]:
    with running(tmp_path_factory.mktemp("llama-server") / "log") as server:
        yield server


@pytest.fixture
def unruly() -> Iterator[Unruly]:
    with running_unruly() as server:
        yield server


@pytest.fixture
def connect() -> Iterator[Connect]:
    """Make an engine for a server; closed when the test ends."""
    made: list[RemoteEngine] = []

    def engine(url: str, *, patience: Patience | None = None, model: str = "", api_key_env: str = "") -> RemoteEngine:
        server = Server(url, model, api_key_env, patience or Patience(5.0, 30.0, 30.0))
        made.append(RemoteEngine("over-there", server, QUICKLY))
        return made[-1]

    yield engine
    for each in made:
        each.close()

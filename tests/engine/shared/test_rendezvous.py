"""The runtime folder: whose it is, what lies in it, and who may come to the door."""

from __future__ import annotations

import os
import stat
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from backend.engine import rendezvous
from backend.engine.door import Door
from backend.engine.opening import is_running, is_shared, open_engine
from backend.engine.rendezvous import connected, folder, listening, made_private, socket_of
from backend.engine.wire import Channel
from backend.errors import EngineFailure, UsageError
from tests.engine.conftest import SPEC, answers, workers
from tests.engine.shared.conftest import Sessions


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_folder_and_socket_are_the_users_alone(runtime: Path) -> None:
    assert folder() == runtime
    assert mode(runtime) == 0o700
    with listening(socket_of(SPEC)):
        assert mode(socket_of(SPEC)) == 0o600


def test_a_folder_of_ours_that_others_can_look_into_is_closed(runtime: Path) -> None:
    runtime.mkdir(mode=0o755)
    folder()
    assert mode(runtime) == 0o700


def test_a_link_is_refused(runtime: Path, tmp_path: Path) -> None:
    runtime.symlink_to(tmp_path)
    with pytest.raises(EngineFailure, match="a link") as failed:
        folder()
    assert "SIGHTLINE_ENGINE=private" in failed.value.cure


def test_a_folder_of_somebody_else_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = made_private(tmp_path / "place")
    me = os.geteuid()
    monkeypatch.setattr(os, "geteuid", lambda: me + 1)
    with pytest.raises(EngineFailure, match="somebody else's"):
        made_private(place)


def test_a_place_whose_path_is_too_long_for_a_socket_is_not_used(monkeypatch: pytest.MonkeyPatch, runtime: Path) -> None:
    long = runtime.parent / ("x" * 80)
    long.mkdir(mode=0o700)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(long))
    assert folder() == Path(f"/tmp/sightline-{os.geteuid()}")


def test_one_socket_for_each_thing_that_is_loaded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    exchanged = tmp_path / "model.gguf"
    exchanged.write_bytes(b"one")
    mine = replace(SPEC, text=exchanged)
    found = {
        socket_of(SPEC),
        socket_of(replace(SPEC, context=4096)),
        socket_of(replace(SPEC, name="名" * 200)),
        socket_of(mine),
    }
    exchanged.write_bytes(b"other")
    found.add(socket_of(mine))
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "1")
    found.add(socket_of(SPEC))
    assert len(found) == 6
    assert all(len(os.fsencode(path)) <= 107 for path in found)
    assert socket_of(SPEC) == socket_of(replace(SPEC))


def test_a_worker_lets_no_other_user_in(monkeypatch: pytest.MonkeyPatch) -> None:
    let_in: list[Channel] = []
    door = Door(listening(socket_of(SPEC)), idle_s=0)
    me = os.geteuid()
    end = connected(door.path, 5)
    assert end is not None
    monkeypatch.setattr(os, "geteuid", lambda: me + 1)
    threading.Thread(target=door.attend, args=(let_in.append,), daemon=True).start()
    assert end.recv(1) == b""
    assert let_in == []
    monkeypatch.undo()


def test_small_models_are_private_and_large_ones_shared(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SIGHTLINE_ENGINE", "auto")
    assert not is_shared(SPEC)
    large = tmp_path / "large.gguf"
    with large.open("wb") as file:
        file.truncate(1 << 30)
    assert is_shared(replace(SPEC, text=large))
    monkeypatch.setenv("SIGHTLINE_ENGINE", "private")
    assert not is_shared(replace(SPEC, text=large))
    monkeypatch.setenv("SIGHTLINE_ENGINE", "communal")
    with pytest.raises(UsageError, match="communal"):
        is_shared(SPEC)


def test_a_small_one_that_is_running_anyway_is_used(session: Sessions, monkeypatch: pytest.MonkeyPatch) -> None:
    assert not is_running(SPEC)
    assert answers(session())
    monkeypatch.delenv("SIGHTLINE_ENGINE")
    assert is_running(SPEC)
    engine = open_engine(SPEC)
    assert answers(engine)
    engine.close()
    assert len(workers()) == 1


def test_somebody_who_holds_the_door_and_hangs_is_not_waited_for_for_ever(
    monkeypatch: pytest.MonkeyPatch, session: Sessions
) -> None:
    monkeypatch.setattr(rendezvous, "_DOOR_PATIENCE_S", 0.1)
    with rendezvous.door_lock(socket_of(SPEC)):
        assert not answers(session())

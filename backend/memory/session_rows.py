"""Sessions in the database's rows: the only code that knows how they are laid out. Everything runs in its caller's
transaction."""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from backend.memory.filing import spaced, stamp, storable
from backend.memory.session_values import FileStamp, Outcome, SessionHead, StoredConversation, StoredExchange

HEAD = "sessions.key, opened, model, began_at, used_at, name, view, left_at"
"""Columns that `head_of` reads."""
FINDINGS = ("boxes3d", "boxes", "points")


def paths_as_text(paths: Sequence[Path]) -> str:
    """Paths as JSON, the same for the same paths; readable, so that they can be searched, but for bytes that are no UTF-8."""
    names = [str(path) for path in paths]
    plain = json.dumps(names, ensure_ascii=False)
    return plain if storable(plain) == plain else json.dumps(names)


def head_of(row: tuple[Any, ...]) -> SessionHead:
    """From a row of HEAD."""
    key, opened, model, began, used, name, view, left = row
    return SessionHead(
        key,
        tuple(Path(path) for path in json.loads(opened)),
        model,
        datetime.fromisoformat(began),
        datetime.fromisoformat(used),
        name,
        json.loads(view),
        None if left is None else datetime.fromisoformat(left),
    )


def insert_session(connection: sqlite3.Connection, head: SessionHead) -> None:
    """Make a session that is not there; one that is stays as it is."""
    connection.execute(
        "INSERT OR IGNORE INTO sessions (key, opened, model, began_at, used_at, name, view) VALUES (?, ?, ?, ?, ?, ?, ?)",
        (
            head.key,
            paths_as_text(head.opened),
            storable(head.model),
            stamp(head.began),
            stamp(head.used),
            storable(head.name),
            json.dumps(head.view),
        ),
    )


def write_view(connection: sqlite3.Connection, key: str, view: Mapping[str, Any]) -> None:
    connection.execute("UPDATE sessions SET view = ? WHERE key = ?", (json.dumps(view), key))


def mark_used(connection: sqlite3.Connection, key: str, now: datetime, *, left: bool = False) -> None:
    """Something was just written to it; `left`: it was the last thing."""
    connection.execute(
        "UPDATE sessions SET used_at = ?, left_at = ? WHERE key = ?", (stamp(now), stamp(now) if left else None, key)
    )


def insert_conversation(connection: sqlite3.Connection, session: str, conversation: StoredConversation) -> int:
    """Make a conversation that is not there. Returns its number."""
    known = connection.execute("SELECT number FROM conversations WHERE key = ?", (conversation.key,)).fetchone()
    if known is not None:
        return int(known[0])
    (number,) = connection.execute(
        "INSERT INTO conversations (key, session) VALUES (?, ?) RETURNING number", (conversation.key, session)
    ).fetchone()
    connection.executemany(
        "INSERT INTO conversation_pictures (conversation, place, path) VALUES (?, ?, ?)",
        [(number, place, os.fsencode(path)) for place, path in enumerate(conversation.pictures)],
    )
    return int(number)


def insert_exchange(connection: sqlite3.Connection, conversation: int, exchange: StoredExchange) -> None:
    """Write down a question. A parent that was forgotten meanwhile is none; one that is there already is written over."""
    (number,) = connection.execute(
        "INSERT INTO exchanges (id, conversation, parent, asked_at, question, outcome, body)"
        " VALUES (?, ?, (SELECT id FROM exchanges WHERE id = ?), ?, ?, ?, ?)"
        " ON CONFLICT (id) DO UPDATE SET outcome = excluded.outcome, body = excluded.body RETURNING number",
        (
            exchange.id,
            conversation,
            exchange.parent,
            stamp(exchange.asked),
            storable(exchange.question),
            exchange.outcome.value,
            _body(exchange),
        ),
    ).fetchone()
    _write_around(connection, number, exchange)


def update_exchange(connection: sqlite3.Connection, exchange: StoredExchange) -> None:
    """Write down what has come of it; nothing where it was forgotten meanwhile."""
    row = connection.execute(
        "UPDATE exchanges SET outcome = ?, body = ? WHERE id = ? RETURNING number",
        (exchange.outcome.value, _body(exchange), exchange.id),
    ).fetchone()
    if row is not None and exchange.outcome is not Outcome.RUNNING:
        _write_around(connection, row[0], exchange)


def _write_around(connection: sqlite3.Connection, number: int, exchange: StoredExchange) -> None:
    """Its files, and the words by which it is found. Of an answer in the making only the question is indexed."""
    connection.executemany(
        "INSERT OR IGNORE INTO exchange_files (exchange, place, size, modified_ns, sha256) VALUES (?, ?, ?, ?, ?)",
        [(number, place, file.size, file.modified_ns, file.sha256) for place, file in enumerate(exchange.files)],
    )
    if exchange.answer is not None:
        connection.executemany(
            "UPDATE exchange_files SET sha256 = ? WHERE exchange = ? AND place = ?",
            [
                (str(told["sha256"]), number, place)
                for place, told in enumerate(exchange.answer.get("pictures", ()))
                if told.get("time") is None  # a frame's hash is not that of the film
            ],
        )
    connection.execute("DELETE FROM exchange_words WHERE rowid = ?", (number,))
    connection.execute(
        "INSERT INTO exchange_words (rowid, question, answer) VALUES (?, ?, ?)",
        (number, spaced(exchange.question), spaced(words_of(exchange))),
    )


def words_of(exchange: StoredExchange) -> str:
    """What an answer can be found by: its words, or the names of what was found where it is only coordinates."""
    if exchange.outcome is Outcome.RUNNING:
        return ""
    told = exchange.answer or {}
    found = [one for key in FINDINGS for one in told.get(key, ())] or exchange.findings
    labels = " ".join(str(one.get("label", "")) for one in found)
    prose = "" if exchange.text.lstrip().startswith(("[", "{", "```")) else exchange.text
    return f"{prose} {labels}".strip()


def interrupt(connection: sqlite3.Connection, session: str) -> None:
    """Whatever was running in it runs no more: its program is gone."""
    running = connection.execute(
        "SELECT exchanges.number, body FROM exchanges JOIN conversations ON conversations.number = conversation"
        " WHERE session = ? AND outcome = ?",
        (session, Outcome.RUNNING.value),
    ).fetchall()
    for number, body in running:
        connection.execute("UPDATE exchanges SET outcome = ? WHERE number = ?", (Outcome.INTERRUPTED.value, number))
        said = spaced(json.loads(body).get("text", ""))
        connection.execute("UPDATE exchange_words SET answer = ? WHERE rowid = ?", (said, number))


def conversations_of(connection: sqlite3.Connection, session: str) -> tuple[StoredConversation, ...]:
    """All of a session, in the order in which they began."""
    pictures: dict[int, list[Path]] = {}
    for number, path in connection.execute(
        "SELECT conversation, path FROM conversation_pictures JOIN conversations ON number = conversation"
        " WHERE session = ? ORDER BY conversation, place",
        (session,),
    ):
        pictures.setdefault(number, []).append(Path(os.fsdecode(path)))
    exchanges = _exchanges(connection, session)
    return tuple(
        StoredConversation(
            key, tuple(pictures.get(number, ())), tuple(exchanges.get(number, ())), json.loads(chosen), ended is not None
        )
        for number, key, chosen, ended in connection.execute(
            "SELECT number, key, chosen, ended_at FROM conversations WHERE session = ? ORDER BY number", (session,)
        ).fetchall()
    )


def _exchanges(connection: sqlite3.Connection, session: str) -> dict[int, list[StoredExchange]]:
    """By the number of their conversation."""
    files: dict[int, list[FileStamp]] = {}
    for number, size, modified, sha256 in connection.execute(
        "SELECT exchange, size, modified_ns, sha256 FROM exchange_files JOIN exchanges ON exchanges.number = exchange"
        " JOIN conversations ON conversations.number = conversation WHERE session = ? ORDER BY exchange, place",
        (session,),
    ):
        files.setdefault(number, []).append(FileStamp(size, modified, sha256))
    found: dict[int, list[StoredExchange]] = {}
    for number, conversation, *row in connection.execute(
        "SELECT exchanges.number, conversation, id, question, asked_at, outcome, parent, body FROM exchanges"
        " JOIN conversations ON conversations.number = conversation WHERE session = ? ORDER BY exchanges.number",
        (session,),
    ):
        found.setdefault(conversation, []).append(_exchange(row, tuple(files.get(number, ()))))
    return found


def _exchange(row: Sequence[Any], files: tuple[FileStamp, ...]) -> StoredExchange:
    number, question, asked, outcome, parent, text = row
    body = json.loads(text)
    error = body.get("error")
    first, second = body.get("turn", ("", ""))
    return StoredExchange(
        number,
        question,
        datetime.fromisoformat(asked),
        Outcome(outcome),
        parent,
        files,
        body.get("text", ""),
        body.get("reasoning", ""),
        tuple(body.get("findings", ())),
        body.get("answer"),
        (first, second),
        None if error is None else (error[0], error[1]),
        body.get("extras", {}),
    )


def _body(exchange: StoredExchange) -> str:
    """What nobody looks for by a column; without what says nothing."""
    told = {
        "text": exchange.text,
        "reasoning": exchange.reasoning,
        "findings": list(exchange.findings),
        "answer": exchange.answer,
        "turn": list(exchange.turn) if any(exchange.turn) else None,
        "error": exchange.error,
        "extras": exchange.extras,
    }
    return json.dumps({key: value for key, value in told.items() if value})

"""The commands of plain mode, by name, and what they do in a line each: help is made of this table."""

from __future__ import annotations

import difflib
import glob
import os
import shlex
from dataclasses import dataclass

from backend.errors import UsageError
from backend.language import N_, _
from backend.sanitise import one_line


@dataclass(frozen=True, slots=True)
class Command:
    """One of them."""

    name: str
    about: str
    takes: str = ""
    """What may follow it, for the help."""

    @property
    def usage(self) -> str:
        return f"/{self.name} {_(self.takes)}".rstrip()


COMMANDS = (
    Command("open", N_("Open pictures, films or a folder, or a picture of the list by its number."), N_("PATH or NUMBER")),
    Command("list", N_("List the pictures from this one on, or from a number on."), N_("[NUMBER]")),
    Command("next", N_("Go to the next picture.")),
    Command("previous", N_("Go to the previous picture.")),
    Command("picture", N_("Say which picture is open.")),
    Command("ask", N_("Ask something, also what begins with a slash."), N_("QUESTION")),
    Command("all", N_("Ask about all pictures of the list together."), N_("QUESTION")),
    Command("findings", N_("Tell everything that the last answer found, with places.")),
    Command("where", N_("Tell exactly where a finding is, and what lies beside it."), N_("NUMBER")),
    Command("claims", N_("Tell what the last answer claims, and what geometry says of it, with the numbers.")),
    Command(
        "depth",
        N_("Look for depth (the file's own, else by a network); it is a witness of what is said of near and far from then on."),
    ),
    Command("save", N_("Save the picture with what was found drawn in."), N_("[FILE]")),
    Command(
        "export", N_("Write this conversation: .txt, .md or .html to be read; .json, .jsonl, .csv, .png or .ply."), N_("FILE")
    ),
    Command("new", N_("Begin a new conversation about this picture.")),
    Command("sessions", N_("List earlier sessions.")),
    Command("resume", N_("Go on with an earlier session."), N_("NAME")),
    Command("language", N_("Say or change the language: en or zh_CN."), N_("[CODE]")),
    Command("help", N_("List the commands, or explain one."), N_("[COMMAND]")),
    Command("quit", N_("Leave.")),
)
_BY_NAME = {command.name: command for command in COMMANDS}


def parsed(line: str) -> tuple[Command, str]:
    """The command of a line that begins with a slash, and what follows it. A beginning that fits one command is enough.

    Raises UsageError for what is none, or could be several.
    """
    name, __, rest = line.removeprefix("/").partition(" ")
    name = name.casefold()
    fitting = [command for command in COMMANDS if name and command.name.startswith(name)]
    if name in _BY_NAME:
        return _BY_NAME[name], rest.strip()
    if len(fitting) == 1:
        return fitting[0], rest.strip()
    if fitting:
        said = _("/{name} is the beginning of several commands").format(name=name)
    else:
        said = _("there is no command /{name}").format(name=one_line(name, 40))
    near = [one.name for one in fitting] or difflib.get_close_matches(name, _BY_NAME, 2)
    cure = _("/help lists the commands; /ask asks what begins with a slash")
    if near:
        cure = _("did you mean {names}?").format(names=_(" or ").join(f"/{one}" for one in near))
    raise UsageError(said, cure=cure)


def help_lines(about: str = "") -> list[str]:
    """All commands, or one, in a line each."""
    if about:
        chosen, __ = parsed(about)
        return [f"{chosen.usage}: {_(chosen.about)}"]
    return [
        _("A line is a question about the open picture. Commands begin with a slash; their beginnings are enough."),
        *(f"{command.usage}: {_(command.about)}" for command in COMMANDS),
        _("Ctrl-C stops an answer, Ctrl-D leaves."),
    ]


def completed(word: str, first: bool) -> list[str]:
    """What may be meant by the beginning of a word: a command where it is the first of its line, else a file."""
    if first:
        return [f"/{command.name} " for command in COMMANDS if word and f"/{command.name}".startswith(word)]
    found = sorted(glob.glob(f"{glob.escape(os.path.expanduser(word))}*"))  # noqa: PTH111, PTH207 (as it is typed)
    return [
        shlex.quote(f"{name}/" if os.path.isdir(name) else name)  # noqa: PTH112
        for name in found
        if one_line(name) == name
    ]

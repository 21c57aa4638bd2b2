"""The `sightline` command: its sub-commands, and the one place that turns errors into messages and exit codes.

`sightline [PATH]…` without a sub-command opens the app. The app is handed in as a function, because the command line
must not know Textual.
"""

from __future__ import annotations

import importlib
import io
import os
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import click
from click.shell_completion import CompletionItem

from backend.cli.cameras import SaidOfCamera, camera_options
from backend.cli.complaint import report
from backend.cli.localised import localised
from backend.cli.naming import MODEL
from backend.cli.request import AppRequest
from backend.cli.speaking import Language, language_for
from backend.errors import SightlineError, UsageError
from backend.language import _, speak_everywhere
from backend.sanitise import quoted
from backend.terminal import GRAPHICS

OpenApp = Callable[[AppRequest], int]

_COMMANDS = {
    "ask": ("backend.cli.ask", "ask", "Answer questions about pictures."),
    "batch": ("backend.cli.batch", "batch", "Ask the same questions about many pictures, and go on where it ended."),
    "depth": ("backend.cli.depth", "depth", "Have a depth network look at a picture: heat map, order, metres by a fit."),
    "frames": ("backend.cli.frames", "frames", "List and save frames of a film."),
    "track": ("backend.cli.track", "track", "Follow things through a film and tell what happens to them."),
    "watch": ("backend.cli.watch", "watch", "Watch a camera, a stream, a film or a folder, frame by frame."),
    "camera": ("backend.cli.camera", "camera", "Tell a picture's camera, and what the findings say of it."),
    "compare": ("backend.cli.compare", "compare", "Say what moved, appeared and disappeared between pictures."),
    "stereo": ("backend.cli.stereo", "stereo", "Measure depth from two pictures: a stereo pair, or two free views."),
    "places": ("backend.cli.visits", "places", "Remember places, and tell what moved in them between visits."),
    "recall": ("backend.cli.recall", "recall", "Say where and when a thing was last seen."),
    "sessions": ("backend.cli.sessions", "sessions", "List, show, rename, export and delete sessions of the app."),
    "forget": ("backend.cli.recall", "forget", "Forget pictures, and what was asked about them."),
    "export": ("backend.cli.export", "export", "Export answers: reports, tables, data sets, evidence bundles."),
    "replay": ("backend.cli.replay", "replay", "Ask an evidence bundle's questions again, and compare."),
    "serve": ("backend.cli.serve", "serve", "Keep a model loaded for all sessions."),
    "models": ("backend.cli.models", "models", "List, pull, add and check models."),
    "words": ("backend.cli.words", "words", "Read the text in a picture."),
    "tasks": ("backend.cli.tasks", "tasks", "List what can be asked, and where your own tasks go."),
    "demo": ("backend.cli.demo", "demo", "Open the app on bundled scenes, or write scenes to try things on."),
    "completion": ("backend.cli.completion", "completion", "Print what makes a shell complete commands and names."),
    "doctor": ("backend.cli.doctor", "doctor", "Report what this installation can do and what is wrong with it."),
    "parse": ("backend.cli.parse", "parse", "Read a model's raw text and print what it located."),
    "schema": ("backend.cli.schema", "schema", "Print the JSON Schema of an answer."),
    "formats": ("backend.cli.formats", "formats", "List the picture and film formats that can be read."),
}
"""Sub-commands that are imported when they are called: module, attribute, and the line that --help shows."""

EXIT_CODES = (
    "Exit codes: 0 answered, 2 usage, 3 unreadable picture, 4 model missing or unfit, 5 engine failure or empty answer, "
    "130 cancelled."
)


class _Sightline(click.Group):
    """Sub-commands by name; anything else is a path to open in the app."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return [*_COMMANDS, *super().list_commands(ctx)]

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name in _COMMANDS:
            module, attribute, _ = _COMMANDS[name]
            command = getattr(importlib.import_module(module), attribute)
            assert isinstance(command, click.Command)
            return localised(command)
        return super().get_command(ctx, name)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list of commands, without importing them."""
        rows = [(name, _(text)) for name, (__, __, text) in _COMMANDS.items()]
        for name in super().list_commands(ctx):
            command = super().get_command(ctx, name)
            if command is not None and not command.hidden:
                rows.append((name, command.get_short_help_str(80)))
        with formatter.section(_("Commands")):
            formatter.write_dl(rows)

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """Commands and options; beside them files, as each may be opened."""
        found = [item for item in super().shell_complete(ctx, incomplete) if item.value != "open"]
        return found if incomplete.startswith("-") else [*found, CompletionItem(incomplete, type="file")]

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Where no command is named all options are the app's own, and may come after the paths."""
        rest = self.make_parser(ctx).parse_args(list(args))[1]
        ctx.allow_interspersed_args = bool(rest) and rest[0] not in self.list_commands(ctx)
        return super().parse_args(ctx, args)

    def resolve_command(self, ctx: click.Context, args: list[str]) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] not in self.list_commands(ctx):
            return "open", super().get_command(ctx, "open"), ["--", *args]
        return super().resolve_command(ctx, args)


@click.group(
    cls=_Sightline,
    invoke_without_command=True,
    no_args_is_help=False,
    epilog=EXIT_CODES,
    context_settings={"help_option_names": ["-h", "--help"], "ignore_unknown_options": False},
    subcommand_metavar="[PATH]… | COMMAND …",
)
@click.option("--model", "-m", type=MODEL, metavar="NAME", help="Use this model of the catalogue (sightline models list).")
@camera_options
@click.option("--new", is_flag=True, help="The app: begin a session instead of going on with the last one here.")
@click.option(
    "--resume",
    metavar="[NAME]",
    is_flag=False,
    flag_value="latest",
    help="The app: go on with this session (sightline sessions list), or the latest.",
)
@click.option("--no-memory", is_flag=True, help="Keep nothing of what is asked; SIGHTLINE_MEMORY=off does the same.")
@click.option(
    "--graphics",
    type=click.Choice(("auto", *GRAPHICS)),
    help="The app: draw pictures so, instead of asking the terminal (auto).",
)
@click.option(
    "--plain", is_flag=True, envvar="SIGHTLINE_PLAIN", help="Lines of text instead of a screen: for screen readers and pipes."
)
@click.option("--no-mouse", is_flag=True, help="The app: take no mouse clicks, so that the terminal selects text itself.")
@click.option(
    "--language",
    type=Language(),
    expose_value=False,
    help="Speak this language, whatever SIGHTLINE_LANGUAGE, config.toml and the locale say.",
)
@click.version_option(package_name="sightline", prog_name="sightline")
@click.pass_context
def sightline(
    ctx: click.Context,
    model: str | None,
    fov: str | None,
    intrinsics: str | None,
    calibration: Path | None,
    new: bool,
    resume: str | None,
    no_memory: bool,
    graphics: str | None,
    plain: bool,
    no_mouse: bool,
) -> None:
    """Ask pictures where things are, and see the evidence.

    With a folder or pictures, or nothing at all, the app opens on them.
    """
    ctx.ensure_object(dict)
    ctx.obj["model"], ctx.obj["graphics"] = model, graphics
    ctx.obj["camera"] = SaidOfCamera(fov, intrinsics, calibration)
    if new and resume is not None:
        raise UsageError(_("--new and --resume exclude each other"), cure=_("give one of them"))
    ctx.obj["new"], ctx.obj["resume"], ctx.obj["plain"] = new, resume, plain
    ctx.obj["mouse"] = not no_mouse
    if no_memory:
        os.environ["SIGHTLINE_MEMORY"] = "off"  # what every command looks at
    if ctx.invoked_subcommand is None:
        ctx.invoke(open_, paths=())


@sightline.command("open", hidden=True)
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@click.pass_context
def open_(ctx: click.Context, paths: tuple[Path, ...]) -> None:
    """Open the app on a folder or on pictures."""
    for path in paths:
        if not path.exists():
            commands = ", ".join(name for name in sightline.list_commands(ctx) if name != "open")
            raise UsageError(
                _("there is no file or folder {path}").format(path=quoted(path)),
                cure=_("give a path that exists, or one of: {commands}").format(commands=commands),
            )
    said = ctx.obj
    camera = said["camera"].camera()
    open_in_terminal(ctx, AppRequest(paths, said["model"], demo=False, camera=camera, new=said["new"], resume=said["resume"]))


def open_in_terminal(ctx: click.Context, request: AppRequest) -> None:
    """Open the app, or plain mode where it is wanted or the terminal can do no more, and leave with its exit code.

    Raises UsageError where the app has no terminal.
    """
    terminal = sys.stdin.isatty() and sys.stdout.isatty()
    if ctx.obj.get("plain"):
        request = replace(request, plain=True)
    elif terminal and os.environ.get("TERM") in ("dumb", "unknown"):
        click.echo(
            _("note: this terminal (TERM={name}) draws no screen, so this is plain mode").format(name=os.environ["TERM"]),
            err=True,
        )
        request = replace(request, plain=True)
    elif not terminal:
        raise UsageError(
            _("the app needs a terminal"), cure=_('without one, use: sightline ask "…" PICTURE, or sightline --plain PICTURE')
        )
    from backend.preferences import load_preferences

    open_app: OpenApp = ctx.obj["open_app"]
    preferred = load_preferences()
    graphics = ctx.obj.get("graphics") or preferred.graphics
    ctx.exit(open_app(replace(request, graphics=graphics, mouse=ctx.obj.get("mouse", True))))


def main(open_app: OpenApp, arguments: list[str] | None = None) -> int:
    """Run the command line and return its exit code."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # a terminal that is not UTF-8 must not end an answer
    arguments = sys.argv[1:] if arguments is None else arguments
    speak_everywhere(language_for(sightline, arguments))
    try:
        localised(sightline)
        code = sightline.main(args=arguments, prog_name="sightline", standalone_mode=False, obj={"open_app": open_app})
    except SightlineError as error:
        return report(error)
    except click.UsageError as error:
        hint = error.ctx.command_path if error.ctx else "sightline"
        return report(UsageError(error.format_message(), cure=_("{command} --help shows how").format(command=hint)))
    except click.ClickException as error:
        return report(UsageError(error.format_message()))
    except (click.Abort, KeyboardInterrupt):
        click.echo(_("cancelled"), err=True)
        return 130
    except BrokenPipeError:
        # Whoever read our output has gone (… | head). Python would complain once more while closing standard output.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    return code if isinstance(code, int) else 0

"""From what the command line asked for to a running app: which model, which folder, what the terminal can show.

Everything that can be refused is refused before the screen is taken over, so that the message stays on the terminal.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from backend.ask.loaded import is_loaded
from backend.catalog import Choice, ModelStore, consider, load_catalog
from backend.catalog.places import demo_folder
from backend.cli.request import AppRequest
from backend.errors import ModelError, SightlineError, UsageError
from backend.language import _
from backend.last_chosen import LastChosen, NotRemembered
from backend.memory.journal import Journal, JournalDamaged, JournalUnavailable, default_path, is_wanted
from backend.memory.sessions import OpenSession, Sessions
from backend.preferences import Preferences, PreferencesError, load_preferences, user_preferences
from backend.sanitise import quoted
from backend.terminal.asking import Question
from tui.actions import ACTIONS
from tui.actions.keys import refuse_mistakes
from tui.app import SightlineApp
from tui.opening import Opening
from tui.preset_keys import refuse_bad_presets
from tui.probed import probed
from tui.session_app import opening_in
from tui.theme import chosen as chosen_theme


def launch(request: AppRequest, question: Question | None = None) -> int:
    """Run the app until it is left. `question`: what the terminal was asked meanwhile."""
    preferences = preferences_of_user()
    refuse_bad_presets(preferences.keys)
    session, trouble = session_of(request)
    choice = _choice(request, session)
    was_used = session is not None and session.resumed and session.head.model == choice.model.card.name
    chosen = choice.model if was_used or _is_settled(request, choice) else None
    capabilities, driver_class = probed(question, request.graphics)
    if not capabilities.colour:
        os.environ["NO_COLOR"] = "1"  # Textual's own switch: it knows of the variable, but not of terminals without colour
    elif capabilities.true_colour:
        os.environ["COLORTERM"] = "truecolor"  # which it goes by as well
    last = LastChosen()
    try:
        wish, not_remembered = last.over(preferences).theme, None
    except NotRemembered as error:
        wish, not_remembered = preferences.theme, error
    app = SightlineApp(
        opening_of(request) if session is None else opening_of_session(request, session),
        chosen,
        capabilities,
        Journal(default_path()) if is_wanted() else None,
        samples=samples_folder(),
        passed_over=choice.passed_over,
        camera=request.camera,
        session=session,
        trouble=trouble,
        driver_class=driver_class,
        look=chosen_theme(wish, light=capabilities.light, environment=os.environ),
        preferences=preferences,
        last_chosen=last,
        not_remembered=not_remembered,
    )
    app.run(mouse=preferences.mouse and request.mouse)
    _leave_a_terminal_that_is_gone()
    return app.return_code or 0


def preferences_of_user() -> Preferences:
    """What config.toml says. Raises PreferencesError, also for keys that cannot be."""
    preferences = load_preferences()
    refuse_mistakes(preferences.keys, ACTIONS, PreferencesError, quoted(user_preferences()))
    return preferences


def _leave_a_terminal_that_is_gone() -> None:
    """Where the connection was lost, what is still to be written goes nowhere; Python would make another exit code of it."""
    for stream in filter(None, (sys.__stdout__, sys.__stderr__)):
        try:
            stream.flush()
        except OSError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def opening_of(request: AppRequest) -> Opening:
    """The folder to list and the picture to start on. Links are kept, as the user sees them, unless `..` leads through one."""
    if not request.paths:
        return Opening(samples_folder()) if request.demo else Opening(Path.cwd(), asked_for=False)
    given = request.paths[0]
    first = given.resolve() if ".." in given.parts else given.absolute()
    return Opening(first) if first.is_dir() else Opening(first.parent, first)


def session_of(request: AppRequest) -> tuple[OpenSession | None, SightlineError | None]:
    """The session to go on with, or a new one; None where nothing is to be kept or can be. And what the user should know of
    a memory that was damaged. Raises UsageError for a session that there is not, or that is open elsewhere.
    """
    if not is_wanted():
        if request.resume is not None:
            raise UsageError(_("no session can be resumed: the memory is off"), cure=_("leave out --no-memory"))
        return None, None
    sessions, paths, trouble = Sessions(default_path()), opened_paths(request), None
    for _attempt in range(2):
        try:
            if request.resume is not None:
                return sessions.resume(request.resume), trouble
            return (None if request.new else sessions.resume_last(paths)) or sessions.begin(paths), trouble
        except JournalDamaged as error:  # put aside: the second attempt finds none
            trouble = error
        except JournalUnavailable as error:
            if request.resume is not None:
                raise
            return None, error
    return None, trouble


def opened_paths(request: AppRequest) -> tuple[Path, ...]:
    """By which a session is found again."""
    return tuple(path.absolute() for path in request.paths) or (samples_folder() if request.demo else Path.cwd(),)


def opening_of_session(request: AppRequest, session: OpenSession) -> Opening:
    """Where it was left. A picture that the user names again is where they want to be, unless they never left the session."""
    asked = opening_of(request)
    if not session.resumed or (asked.picture is not None and session.head.left is not None and request.resume is None):
        return asked
    return opening_in(session.head)


def _choice(request: AppRequest, session: OpenSession | None) -> Choice:
    """The model that the user names, else the one that the session was with, else the best. A server's model is taken only
    where it is named, and the demo only where there is no other."""
    catalog, store = load_catalog(), ModelStore()
    choice = consider(catalog, store, "demo" if request.demo else request.model, is_loaded=is_loaded)
    named = request.demo or request.model or os.environ.get("SIGHTLINE_MODEL")
    before = session.head.model if session is not None and session.resumed else ""
    if named or before in ("", choice.model.card.name):
        return choice
    try:
        kept = consider(catalog, store, before, is_loaded=is_loaded)
    except ModelError:  # it was removed, or does not fit any more
        return choice
    return choice if kept.model.card.bundled or kept.model.card.server is not None else kept


def samples_folder() -> Path:
    """The scenes that come with the demo model."""
    return demo_folder() / "samples"


def _is_settled(request: AppRequest, choice: Choice) -> bool:
    """Whether the user said which model, or a real one is there; the first screen is shown otherwise."""
    return bool(request.demo or request.model or os.environ.get("SIGHTLINE_MODEL")) or not choice.model.card.bundled

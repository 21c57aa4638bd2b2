"""The conversation of plain mode: a line comes in, and is a question or a command. All of it belongs to one thread."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from uuid import uuid4

from backend import language
from backend.answer import Answer
from backend.ask import Asker, Question
from backend.ask.task import Observed, Tongue
from backend.errors import SightlineError, UsageError
from backend.language import _, ngettext
from backend.sanitise import one_line, quoted
from backend.spatial.known_camera import GivenCamera
from tui.conversation import Conversation, Conversations
from tui.exchange import Exchange
from tui.plain import asking, telling
from tui.plain.commands import Command, help_lines, parsed
from tui.plain.console import Console
from tui.plain.keeping import Keeping
from tui.plain.pictures import Pictures, beside, names_in


class Talk:
    """Everything that is known while plain mode runs."""

    def __init__(
        self, asker: Asker, console: Console, keeping: Keeping, pictures: Pictures, camera: GivenCamera | None = None
    ) -> None:
        self.pictures = pictures
        self._asker, self._console, self._keeping, self._camera = asker, console, keeping, camera
        self._conversations = Conversations()
        self._observed: dict[Path, Observed] = {}
        """How far everything is there."""

    def hear(self, line: str) -> bool:
        """Do what a line wants; False where it wants to leave. What goes wrong is told."""
        try:
            if not line.startswith("/"):
                self._ask(line, (self.pictures.current,))
                return True
            command, rest = parsed(line)
            if command.name == "quit":
                return False
            self._do(command, rest)
        except SightlineError as error:
            self._console.complain(error)
        return True

    def introduce(self) -> None:
        """Say where one is."""
        count = len(self.pictures.paths)
        said = ngettext("sightline, plain mode, {count} picture.", "sightline, plain mode, {count} pictures.", count)
        self._console.note(said.format(count=count))
        if count:
            self._tell_picture()
        self._console.note(_("Type a question, or /help for the commands."))

    # --- commands

    def _do(self, command: Command, rest: str) -> None:
        match command.name:
            case "open":
                self._open(rest)
            case "list":
                self._list(rest)
            case "next" | "previous":
                if not self.pictures.step(1 if command.name == "next" else -1):
                    self._console.say(_("The list has no further picture."))
                self._tell_picture()
            case "picture":
                self._tell_picture()
            case "ask":
                self._ask(rest, (self.pictures.current,))
            case "all":
                self._ask(rest, tuple(self.pictures.paths) or (self.pictures.current,))
            case "findings":
                self._say(telling.found(self._answer()), _("Nothing was found."))
            case "where":
                self._say(telling.where(self._finding(rest), self._answer()))
            case "claims":
                self._say(telling.claims(self._answer()), _("The answer claims nothing that geometry can judge."))
            case "depth":
                self._look_for_depth()
            case "save":
                self._save(rest)
            case "export":
                self._export(rest)
            case "new":
                self._keeping.ended((self.pictures.current,))
                self._conversations.clear((self.pictures.current,))
                self._console.say(_("A new conversation begins."))
            case "sessions":
                self._sessions()
            case "resume":
                self._resume(rest)
            case "language":
                self._language(rest)
            case _:
                for line in help_lines(rest.removeprefix("/")):
                    self._console.say(line)

    def _open(self, rest: str) -> None:
        if rest.isdecimal() and self.pictures.paths:
            self.pictures.go(int(rest))
        else:
            self.pictures.open([Path(name).expanduser() for name in names_in(rest)])
            count = len(self.pictures.paths)
            self._console.say(ngettext("{count} picture.", "{count} pictures.", count).format(count=count))
        self._tell_picture()

    def _list(self, rest: str) -> None:
        first = _number(rest) if rest else self.pictures.at + 1
        lines = list(self.pictures.listed(max(1, first)))
        self._say(lines, _("The list has no further picture."))
        left = len(self.pictures.paths) - (max(1, first) - 1 + len(lines))
        if lines and left > 0:
            said = ngettext("and {count} more: /list {next}", "and {count} more: /list {next}", left)
            self._console.say(said.format(count=left, next=max(1, first) + len(lines)))

    def _tell_picture(self) -> None:
        path = self.pictures.current
        at, count = self.pictures.at + 1, len(self.pictures.paths)
        self._console.say(_("Picture {at} of {count}: {name}.").format(at=at, count=count, name=one_line(str(path))))
        shown = self.pictures.shown(path, self._asker.model.card)
        size = _("{width} by {height} pixels").format(width=shown[0].width, height=shown[0].height)
        if shown[0].time is not None:
            size = _("a film, {size}, shown as {count} frames").format(size=size, count=len(shown))
        self._console.say(f"{size}.")

    def _ask(self, text: str, paths: tuple[Path, ...]) -> None:
        text = text.encode("utf-8", "backslashreplace").decode()
        if not text:
            raise UsageError(_("the question is empty"), cure=_('ask something, such as "Locate the red circle"'))
        card = self._asker.model.card
        shown = [picture for path in paths for picture in self.pictures.shown(path, card)]
        conversation = self._conversations.about(paths)
        exchange = Exchange(uuid4().hex[:12], text, paths)
        history = conversation.history()
        conversation.add(exchange)
        seen = self._observed.get(paths[0]) if len(paths) == 1 else None
        question = Question(
            text,
            tuple(shown),
            history=history,
            second_looks=True,
            camera=self._camera,
            observed=(seen,) if seen is not None else (),
            id=exchange.id,
        )
        self._keeping.put(exchange)
        try:
            asking.answered(self._asker, question, exchange, self._console)
        finally:
            self._keeping.put(exchange)
        if exchange.answer is not None:
            self._keeping.answered(exchange.answer)

    def _look_for_depth(self) -> None:
        from backend.ask.depths import DepthSight, observed, told
        from backend.scene import Box
        from backend.spatial.depth import measured

        path = self.pictures.current
        picture = self.pictures.shown(path, self._asker.model.card)[0]
        sight = DepthSight()
        (seen,) = observed(sight, (picture,))
        assert seen.depth is not None
        self._observed[path] = seen
        warning = sight.network.card.note if sight.network is not None and sight.network.card.bundled else ""
        self._console.note(_("Note: {warning}").format(warning=_(warning)) if warning else seen.depth.source)
        last = self._last((path,))
        known = measured(seen.depth, last.findings if last is not None else ())
        boxes = [one for one in last.findings if isinstance(one, Box) and one.id in known] if last is not None else []
        tongue: Tongue = "zh" if language.spoken().startswith("zh") else "en"
        self._console.say(told(seen.depth, boxes, tongue) or _("It shows no depth here."))

    def _save(self, rest: str) -> None:
        from backend.export.overlay import save_overlay
        from backend.spatial.camera import Camera

        path, answer = self.pictures.current, self._answer()
        picture = self.pictures.shown(path, self._asker.model.card)[0]
        at = next((n for n, one in enumerate(answer.pictures) if one.path == str(path)), 0)
        known = answer.pictures[at].camera
        camera = Camera.of(known, picture.width, picture.height) if known is not None else None
        findings = [finding for finding in answer.findings if finding.picture == at]
        target = Path(rest).expanduser() if rest else beside(path)
        save_overlay(target, picture, findings, camera)
        self._console.say(_("Saved as {path}.").format(path=one_line(str(target))))

    def _export(self, rest: str) -> None:
        from tui.plain.transcript import export

        if not rest:
            raise UsageError(_("no file was named"), cure=_("write /export conversation.txt, or report.html"))
        conversation = self._conversation((self.pictures.current,))
        target = Path(rest).expanduser()
        for note in export(conversation.exchanges, target):
            self._console.note(_("Note: {warning}").format(warning=note))
        self._console.say(_("Saved as {path}.").format(path=one_line(str(target))))

    def _sessions(self) -> None:
        from backend.memory.sessions import title

        found = self._keeping.list()
        for one in found:
            asked = ngettext("{count} question", "{count} questions", one.questions).format(count=one.questions)
            last = _("last: {question}").format(question=one_line(one.last_question, 80))
            self._console.say(f"{one.head.key}: {one_line(title(one.head), 60)}, {asked}, {last}")
        if not found:
            self._console.say(_("There is no earlier session."))

    def _resume(self, rest: str) -> None:
        name = rest or "latest"
        paths: list[Path] = []
        for conversation in self._keeping.resume(name):
            self._conversations.restore(conversation)
            paths += [path for path in conversation.pictures if path not in paths]
        if paths:
            self.pictures.paths, self.pictures.at = paths, len(paths) - 1
        for exchange in self._conversation((self.pictures.current,)).exchanges[-1:]:
            self._console.say(_("The last question was: {question}").format(question=one_line(exchange.question)))
        self._tell_picture()

    def _language(self, rest: str) -> None:
        wanted = next((code for code in language.LANGUAGES if rest and code.casefold().startswith(rest.casefold())), None)
        if rest and wanted is None:
            raise UsageError(
                _("sightline does not speak “{name}”").format(name=one_line(rest, 40)),
                cure=_("one of: {languages}").format(languages=", ".join(language.LANGUAGES)),
            )
        if wanted is not None:
            language.use(wanted)
            if self._console.interactive:  # a pipe speaks for itself alone
                self._remember(wanted)
        self._console.say(_("The language is {name}.").format(name=language.LANGUAGES[language.spoken()]))

    def _remember(self, code: str) -> None:
        """Begin with this language the next time, as the app does."""
        from backend.last_chosen import LastChosen
        from backend.preferences import load_preferences

        try:
            LastChosen().remember("language", code, load_preferences())
        except SightlineError as error:
            self._console.complain(error)

    # --- what there is

    def _conversation(self, paths: tuple[Path, ...]) -> Conversation:
        return self._conversations.about(paths)

    def _last(self, paths: tuple[Path, ...]) -> Answer | None:
        answers = [one.answer for one in self._conversation(paths).exchanges if one.answer is not None]
        return answers[-1] if answers else None

    def _answer(self) -> Answer:
        """The last one about the open picture, alone or among all. Raises UsageError where there is none."""
        alone, among = (self.pictures.current,), tuple(self.pictures.paths)
        answer = self._last(alone) or self._last(among)
        if answer is None:
            raise UsageError(_("nothing was asked about this picture yet"), cure=_("type a question"))
        return answer

    def _finding(self, rest: str) -> int:
        number, count = _number(rest), len(self._answer().findings)
        if not 1 <= number <= count:
            raise UsageError(
                _("there is no finding {number}; the answer has {count}").format(number=number, count=count),
                cure=_("/findings tells them"),
            )
        return number

    def _say(self, lines: Iterable[str], nothing: str = "") -> None:
        """The lines, or that there are none."""
        said = False
        for line in lines:
            self._console.say(line)
            said = True
        if not said and nothing:
            self._console.say(nothing)


def _number(rest: str) -> int:
    if not rest.strip().isdecimal():
        raise UsageError(_("{text} is no number").format(text=quoted(rest)), cure=_("write a number, such as 2"))
    return int(rest)

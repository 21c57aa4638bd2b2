"""The conversation about the picture that is shown: a question and its reply, again and again, the newest at the bottom.

While it has the focus there is a cursor in it: on a turn, and within the newest reply on a sentence, whose things light up.
"""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import dataclass, replace
from itertools import takewhile

from textual import on
from textual.app import ComposeResult
from textual.content import Content
from textual.message import Message
from textual.widgets import Static

from backend.language import _
from tui.actions import Where, bindings
from tui.clipboard import AnswerWanted, copy
from tui.conversation import Conversation, Exchange
from tui.reply import plain
from tui.units import Unit
from tui.widgets.followed import Followed
from tui.widgets.turn_view import TurnView
from tui.wording import Manner

_ABOUT_TURNS = frozenset(
    ("edit_question", "ask_again", "go_on", "branch", "alternative", "fold", "search_turns", "copy_answer", "copy_json")
)


_KEPT = 40
"""Turns that stay mounted while others are shown, at most."""


class ConversationPane(Followed):
    """All turns about one picture; it follows the newest while the reader is at the bottom.

    Turns that are left stay, hidden: who goes through the files and comes back to a long reply, perhaps one that is still
    streaming, does not wait for it to be parsed and laid out again.
    """

    BINDINGS = bindings(Where.CONVERSATION)

    @dataclass
    class Stood(Message):
        """The cursor or the mouse is on a part of an answer, which lights what it names; None: on no such part."""

        exchange: Exchange | None
        unit: Unit | None

    @dataclass
    class Wanted(Message):
        """Something is to be done with a turn: `what` is the action's name."""

        what: str
        exchange: Exchange
        by: int = 0

    class SearchWanted(Message):
        """A turn of this conversation is looked for."""

    def __init__(self, manner: Manner, examples: tuple[str, ...]) -> None:
        super().__init__(id="conversation")
        self._examples = examples
        self._manner = manner
        self._conversation: Conversation | None = None
        self._views: list[TurnView] = []
        """Those that are shown."""
        self._kept: list[TurnView] = []
        """All that are mounted, those that were shown last at the end."""
        self._nothing = Static(classes="invitation", markup=False)
        self._at: TurnView | None = None
        """The turn under the cursor."""

    def compose(self) -> ComposeResult:
        yield self._nothing

    @property
    def current(self) -> Exchange | None:
        """The turn that actions are about: that under the cursor, else the newest."""
        view = self._at or (self._views[-1] if self._views else None)
        return view.exchange if view is not None else None

    @property
    def turns(self) -> tuple[TurnView, ...]:
        """Those of the path that is shown, the newest last."""
        return tuple(self._views)

    def stand_on(self, id_: str) -> None:
        """Put the cursor on the turn of this exchange."""
        if (view := next((view for view in self._views if view.exchange.id == id_), None)) is not None:
            self._stand(view)

    async def show(self, conversation: Conversation | None, at: Exchange | None = None) -> None:
        """Show another conversation (None: there is no picture), or another path of it; the cursor on the turn `at`."""
        self._conversation = conversation
        self._uncover()
        self._at = None
        path = conversation.exchanges if conversation is not None else []
        await self._lay(path)
        self.following = at is None
        self.scroll_end(animate=False)
        if at is not None or self.has_focus:
            self._stand(next((view for view in self._views if view.exchange is at), None))

    async def _lay(self, path: Sequence[Exchange]) -> None:
        """Show these turns in the place of what is shown; where there are none, the invitation."""
        self._invite(shown=not path)
        mounted = {view.exchange.id: view for view in self._kept}
        again = [mounted[one.id] for one in takewhile(lambda one: one.id in mounted and mounted[one.id].exchange is one, path)]
        new = [TurnView(exchange, self._manner) for exchange in path[len(again) :]]
        for view in self._views:
            view.display = view in again
        self._views = [*again, *new]
        self._place()
        for view in again:
            view.display = True
            view.light(None)
            view.changed()
        await self.mount_all(new)
        await self._let_go({exchange.id for exchange in path})

    async def _let_go(self, shown: Set[str]) -> None:
        """Take down what was left longest ago, and what has been mounted anew: its turns had not all been kept."""
        left = [view for view in self._kept if view not in self._views]
        kept = [view for view in left if view.exchange.id not in shown][-_KEPT:]
        self._kept = [*kept, *self._views]
        for view in left:
            if view not in kept:
                await view.remove()

    def _invite(self, *, shown: bool) -> None:
        if shown and not (isinstance(self._nothing.content, Content) and self._nothing.content.is_same(self._invitation())):
            self._nothing.update(self._invitation())
        self._nothing.display = shown

    async def add(self, exchange: Exchange) -> None:
        """A question was just asked at the end of what is shown."""
        self._invite(shown=False)
        view = TurnView(exchange, self._manner)
        self._views.append(view)
        self._kept.append(view)
        self._place()
        await self.mount(view)
        self.following = True
        self.scroll_end(animate=False)
        if self.has_focus:
            self._stand(view)

    def changed(self, exchange: Exchange) -> None:
        """Something happened to a question; nothing is done if it is not on the screen."""
        for view in self._views:
            if view.exchange is exchange:
                view.changed()

    def light(self, exchange: Exchange | None, claim: int | None) -> None:
        """Have the words of one claim of one answer stand out."""
        for view in self._views:
            view.light(claim if view.exchange is exchange else None)

    def switch_thoughts(self) -> None:
        """Unfold what was reasoned before the answers, or fold it."""
        self._manner = replace(self._manner, thoughts=not self._manner.thoughts)
        for view in self._kept:
            view.rewrite(replace(view.manner, thoughts=self._manner.thoughts))

    def switch_evidence(self) -> None:
        """Show all that backs the answers, or only what speaks against them."""
        self._rewrite(replace(self._manner, evidence=not self._manner.evidence))

    def address(self, note: str, examples: tuple[str, ...]) -> None:
        """What is said of the model, and what is proposed to be asked, in another language; so are the replies."""
        self._examples = examples
        self._rewrite(replace(self._manner, known=(*self._manner.known, note)), anew=True)
        self._nothing.update(self._invitation())

    def _rewrite(self, manner: Manner, *, anew: bool = False) -> None:
        self._manner = manner
        for view in self._kept:
            view.rewrite(replace(manner, thoughts=view.manner.thoughts), anew=anew)  # each is unfolded for itself

    def _place(self) -> None:
        """Tell the turns which of their alternatives they are."""
        conversation = self._conversation
        if conversation is None:
            return
        for view in self._views:
            all_ = conversation.alternatives(view.exchange)
            at = next(number for number, one in enumerate(all_, 1) if one is view.exchange)
            view.place((at, len(all_)), open_end=conversation.branched(view.exchange))

    def _invitation(self) -> Content:
        if self._conversation is None:
            return Content("")
        return Content.assemble((_("Ask about this picture"), "bold"), ("\n\n" + "\n".join(self._examples), "$faint"))

    # --- the cursor

    def watch_has_focus(self, has_focus: bool) -> None:
        super().watch_has_focus(has_focus)
        if has_focus:
            view = self._at or (self._views[-1] if self._views else None)
            self._stand(view, self._unit, stay=view is not None and view.region.overlaps(self.region))
            return
        self._uncover()
        self._tell(None, None)

    def _uncover(self) -> None:
        """Show no cursor where it is."""
        if self._at is not None:
            self._at.has_cursor = False
            self._at.stand_on(None)

    @property
    def _unit(self) -> int | None:
        return self._at.under_cursor if self._at is not None else None

    def _stand(self, view: TurnView | None, unit: int | None = None, *, stay: bool = False) -> None:
        """Put the cursor there, bring it in sight (`stay`: it is, and a reply that streams in goes on being followed), and tell
        what it lights."""
        if self._at is not view:
            self._uncover()
        self._at = view
        if view is not None:
            view.has_cursor = self.has_focus
            view.stand_on(unit)
            target = view if unit is None else view.top_of(unit)
            if not stay:
                target.scroll_visible(animate=False, top=unit is None and target.size.height > self.size.height)
        self._tell(view, unit)

    def _tell(self, view: TurnView | None, unit: int | None) -> None:
        told = view.units[unit] if view is not None and unit is not None and unit < len(view.units) else None
        self.post_message(self.Stood(view.exchange if view is not None else None, told))

    def _move(self, by: int) -> None:
        stops: list[tuple[TurnView, int | None]] = [(view, None) for view in self._views]
        if not stops:
            return
        newest = self._views[-1]
        stops += [(newest, number) for number in range(len(newest.units))]
        here = (self._at or newest, self._unit)
        at = stops.index(here) if here in stops else len(self._views) - 1
        self._stand(*stops[max(0, min(len(stops) - 1, at + by))])

    @on(TurnView.Pointed)
    def _pointed(self, message: TurnView.Pointed) -> None:
        """The mouse lights what it is over, and puts the cursor there when it is pressed."""
        message.stop()
        view, unit = message.view, message.unit
        if message.pressed:
            self._stand(view, unit if view is self._views[-1] else None)
        elif view is self._views[-1]:
            self._tell(*((view, unit) if unit is not None else (self._at, self._unit)))

    # --- actions

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Nothing can be done with turns where there are none, nor be chosen where there is one."""
        return (True if self._views else None) if action in _ABOUT_TURNS else super().check_action(action, parameters)

    def action_cursor_down(self) -> None:
        self._move(1)

    def action_cursor_up(self) -> None:
        self._move(-1)

    def action_first(self) -> None:
        self._stand(self._views[0] if self._views else None)

    def action_last(self) -> None:
        self._stand(self._views[-1] if self._views else None)

    def action_fold(self) -> None:
        if (view := self._at or (self._views[-1] if self._views else None)) is not None:
            view.fold()

    def action_show_words(self) -> None:
        """Switch between the tidied reply and the model's own words."""
        self._rewrite(replace(self._manner, words=not self._manner.words))

    def action_copy_answer(self) -> None:
        """The text below the question, without the question: as it is shown, also while it streams."""
        view = self._at or (self._views[-1] if self._views else None)
        if view is not None and (text := plain(view.exchange, view.manner).plain.strip()):
            copy(self, text, _("the answer"))

    def action_copy_json(self) -> None:
        if (exchange := self.current) is not None:
            self.post_message(AnswerWanted(exchange))

    def action_search_turns(self) -> None:
        self.post_message(self.SearchWanted())

    def action_edit_question(self) -> None:
        self._want("edit_question")

    def action_ask_again(self) -> None:
        self._want("ask_again")

    def action_go_on(self) -> None:
        self._want("go_on")

    def action_branch(self) -> None:
        self._want("branch")

    def action_alternative(self, by: int) -> None:
        self._want("alternative", by)

    def _want(self, what: str, by: int = 0) -> None:
        if (exchange := self.current) is not None:
            self.post_message(self.Wanted(what, exchange, by))

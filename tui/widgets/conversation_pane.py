"""The conversation about the picture that is shown: a question and its reply, again and again, the newest at the bottom."""

from __future__ import annotations

from dataclasses import replace

from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from backend.language import _
from tui.actions import Where, bindings
from tui.conversation import Conversation, Exchange
from tui.widgets.turn_view import TurnView
from tui.wording import Manner


class ConversationPane(VerticalScroll):
    """All turns about one picture; it follows the newest while the reader is at the bottom."""

    BINDINGS = bindings(Where.CONVERSATION)

    def __init__(self, manner: Manner, examples: tuple[str, ...]) -> None:
        super().__init__(id="conversation")
        self._examples = examples
        self._manner = manner
        self._following = True
        self._conversation: Conversation | None = None

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        super().watch_scroll_y(old_value, new_value)
        self._following = new_value >= self.max_scroll_y - 1

    def watch_virtual_size(self) -> None:
        """The reply grew. (Textual's own anchor would hang a short conversation from the bottom.)"""
        if self._following:
            self.scroll_end(animate=False)

    async def show(self, conversation: Conversation | None) -> None:
        """Show another conversation (None: there is no picture)."""
        self._conversation = conversation
        await self.remove_children()
        if conversation is None or not conversation.exchanges:
            await self.mount(Static(self._invitation(), classes="invitation", markup=False))
        else:
            await self.mount_all(self._view(exchange) for exchange in conversation.exchanges)
        self._following = True
        self.scroll_end(animate=False)

    async def add(self, exchange: Exchange) -> None:
        """A question was just asked in the conversation that is shown."""
        await self.query(".invitation").remove()
        await self.mount(self._view(exchange))
        self._following = True
        self.scroll_end(animate=False)

    def changed(self, exchange: Exchange) -> None:
        """Something happened to a question; nothing is done if it is not on the screen."""
        for view in self.query(TurnView):
            if view.exchange is exchange:
                view.changed()

    def light(self, exchange: Exchange | None, claim: int | None) -> None:
        """Have the words of one claim of one answer stand out."""
        for view in self.query(TurnView):
            view.light(claim if view.exchange is exchange else None)

    def switch_words(self) -> None:
        """Switch between the tidied reply and the model's own words."""
        self._rewrite(replace(self._manner, words=not self._manner.words))

    def switch_thoughts(self) -> None:
        """Unfold what was reasoned before the answers, or fold it."""
        self._rewrite(replace(self._manner, thoughts=not self._manner.thoughts))

    def switch_evidence(self) -> None:
        """Show all that backs the answers, or only what speaks against them."""
        self._rewrite(replace(self._manner, evidence=not self._manner.evidence))

    def _rewrite(self, manner: Manner) -> None:
        self._manner = manner
        for view in self.query(TurnView):
            view.rewrite(self._manner)

    def _view(self, exchange: Exchange) -> TurnView:
        return TurnView(exchange, self._manner)

    def _invitation(self) -> Content:
        if self._conversation is None:
            return Content("")
        return Content.assemble((_("Ask about this picture"), "bold"), ("\n\n" + "\n".join(self._examples), "$faint"))

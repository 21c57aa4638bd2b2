"""The reasoning of one answer: told apart while it streams, and what a reader should know of it afterwards.

The engine knows by tokens what a thinking model reasons. Other models think unasked, in letters between `<think>` and
`</think>`, which the parser sets apart. Whoever listens cannot tell the two apart, and need not.
"""

from __future__ import annotations

from collections.abc import Iterator

from backend.ask.parsing import FindingParser
from backend.ask.posing import Posed
from backend.catalog.card import ModelCard
from backend.errors import EmptyAnswer
from backend.events import StopReason, Thought, Token
from backend.language import _


class Reasoning:
    """What one model has thought about one question."""

    def __init__(self, posed: Posed, card: ModelCard, parser: FindingParser) -> None:
        self._posed, self._card, self._parser = posed, card, parser
        self._texts: list[str] = []
        self._tokens = 0
        self._ended: Thought | None = None
        self._told = (0, 0)
        """Letters of the parser's thought and text that were told."""

    @property
    def text(self) -> str:
        return "".join(self._texts).strip()

    @property
    def tokens(self) -> int:
        """Tokens of it, as the engine counts them where it does."""
        return self._ended.tokens if self._ended else self._tokens

    def hear(self, event: Token | Thought) -> None:
        """A token of reasoning, or the end of it."""
        if isinstance(event, Thought):
            self._ended = event
        else:
            self._tokens += 1
            self._texts.append(event.text)

    def split(self, event: Token) -> Iterator[Token]:
        """A token that the parser has just read, as what it turned out to be: reasoning, answer, or the end of one and the
        beginning of the other. Letters that the parser holds back come with a later one."""
        thought, said = self._parser.thought[self._told[0] :], self._parser.text[self._told[1] :]
        self._told = (self._told[0] + len(thought), self._told[1] + len(said))
        if thought:
            reasoned = Token(event.request, thought, event.logprob, thinking=True)
            self.hear(reasoned)
            yield reasoned
        if said or not thought:
            yield Token(event.request, said, event.logprob)

    def rest(self) -> Iterator[Token]:
        """What the parser held back to the end."""
        yield from (token for token in self.split(Token(self._posed.question.id, "", None)) if token.text)

    def remarks(self) -> tuple[str, ...]:
        """What a reader should know of it, one sentence each."""
        wanted, ended, tokens = self._posed.request.thinking_tokens, self._ended, self.tokens
        if wanted is None:
            idle = self._posed.question.thinking_tokens is not None
            return (_("this model does not reason before it answers, so --thinking-tokens changes nothing"),) if idle else ()
        if self._card.server is not None and tokens > max(1, wanted):
            return (
                _("the server let the model reason for {tokens:,} tokens, although {wanted:,} were asked for").format(
                    tokens=tokens, wanted=wanted
                ),
            )
        match ended.ended if ended else "itself":
            case "budget" if tokens == 0 < wanted:
                return (
                    _("the model had to answer without reasoning: its context of {context:,} tokens is too full").format(
                        context=self._card.context
                    ),
                )
            case "budget" if tokens < wanted:
                full = _("the context of {context:,} tokens holds no more beside the answer").format(context=self._card.context)
                return (_("the reasoning was ended after {tokens:,} tokens: {full}").format(tokens=tokens, full=full),)
            case "budget" if wanted:
                return (
                    _("the reasoning was ended after {tokens:,} tokens; --thinking-tokens allows more").format(tokens=tokens),
                )
            case "loop":
                return (_("the reasoning repeated itself and was ended after {tokens:,} tokens").format(tokens=tokens),)
            case "turn":
                return (
                    _("the model broke off in its reasoning, after {tokens:,} tokens, and was made to answer").format(
                        tokens=tokens
                    ),
                )
        return ()

    def silence(self, reason: StopReason, answer_tokens: int) -> EmptyAnswer:
        """Why there is no answer. `answer_tokens`: how many it had all the same."""
        after = _("reasoned for {tokens:,} tokens and then ").format(tokens=self.tokens) if self.tokens else ""
        less = _("lower --thinking-tokens (0 skips the reasoning), or ask in other words")
        match reason:
            case "context":
                what = _("the model {after}had no room left to answer: its context of {context:,} tokens is full").format(
                    after=after, context=self._card.context
                )
                return EmptyAnswer(what, cure=_("start a new conversation, or show fewer or smaller pictures"))
            case "length" if self.tokens and self._ended is None:
                what = _("the model reasoned for {tokens:,} tokens, as long as it was let, and never came to an answer").format(
                    tokens=self.tokens
                )
                return EmptyAnswer(what, cure=_("raise --thinking-tokens, or have the server limit the reasoning"))
            case "loop" | "length":
                return EmptyAnswer(
                    _("the model {after}answered nothing but blank space until it was stopped").format(after=after), cure=less
                )
        if self.tokens:
            return EmptyAnswer(_("the model {after}said nothing").format(after=after), cure=less)
        if answer_tokens > 1:
            return EmptyAnswer(_("the model answered nothing but blank space"), cure=_("ask in other words"))
        return EmptyAnswer(_("the model answered nothing: it ended its turn at once"), cure=_("ask in other words"))

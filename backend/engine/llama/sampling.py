"""Drawing the next token, and how sure the model was of it.

Greedy is an argmax over the raw logits. Everything else is llama.cpp's sampler chain, in its own order. Probabilities
are always those of the unmodified model, so they mean the same whatever the rule was, and whether or not there is a form.

A decode loop that wants to sample no more than it must goes round like this, with one decode call a round:

    token, logprob = sampler.next()           # from the logits of what was decoded last
    ids = [token, *sampler.forced()]          # what comes behind it without a choice has no log-probability
    decode(ids)                               # unless the token ends the turn, sampler.finished or sampler.looping

`ids` may be more than one batch holds. What was said but not decoded at the end is read with the next turn, like a question.
"""

from __future__ import annotations

import numpy as np

from backend.engine.api import Sampling
from backend.engine.form import Form
from backend.engine.llama.constrained import Constraint
from backend.engine.llama.loops import LoopGuard
from backend.engine.llama.model import LanguageModel, Logits
from backend.engine.llama.native import llama
from backend.errors import EngineFailure
from backend.language import _


def log_probability(logits: Logits, token: int) -> float:
    """log softmax(logits)[token]."""
    shifted = logits - logits.max()
    return float(shifted[token]) - float(np.log(np.exp(shifted).sum(dtype=np.float64)))


class Sampler:
    """One answer's sampler. Close it: the chain is native memory."""

    def __init__(
        self, model: LanguageModel, rule: Sampling, max_tokens: int, form: Form | None = None, begun: str = ""
    ) -> None:
        """`begun`: what the answer goes on from. Where that has left the form, the rest is free."""
        self._model = model
        self._constraint = Constraint.behind(begun, form, model.vocabulary) if form is not None else None
        self._guard = LoopGuard()
        self.looping = False
        """The answer says the same over and over, and should be ended."""
        self._chain = self._build(rule, max_tokens) if rule.temperature > 0 else None

    @property
    def finished(self) -> bool:
        """The answer has its whole form: nothing but the end of the turn may follow, so it need not be sampled."""
        return self._constraint is not None and self._constraint.finished

    def _build(self, rule: Sampling, max_tokens: int) -> object:
        chain = llama.llama_sampler_chain_init(llama.llama_sampler_chain_default_params())
        steps = []
        if rule.presence_penalty:
            size = self._model.vocabulary_size
            steps.append(llama.llama_sampler_init_penalties(size, max_tokens, 1.0, 0.0, rule.presence_penalty))
        if rule.top_k > 0:
            steps.append(llama.llama_sampler_init_top_k(rule.top_k))
        if rule.top_p < 1:
            steps.append(llama.llama_sampler_init_top_p(rule.top_p, 1))
        if rule.min_p > 0:
            steps.append(llama.llama_sampler_init_min_p(rule.min_p, 1))
        steps.append(llama.llama_sampler_init_temp(rule.temperature))
        steps.append(llama.llama_sampler_init_dist(rule.seed & 0xFFFFFFFF))
        for step in steps:
            if not step:  # a null step is accepted by the chain, and crashes when it samples
                raise EngineFailure(_("llama.cpp refused the sampling settings"), cure=_("check them in models.toml"))
            llama.llama_sampler_chain_add(chain, step)
        return chain

    def next(self, row: int = -1) -> tuple[int, float]:
        """A token for what that row of the last decode call predicts, and its log-probability under the unmodified model."""
        logits = self._model.logits(row)
        if np.isnan(logits.max()):
            raise EngineFailure(
                _("the model computed values that are not numbers"), cure=_("check its files: sightline models check")
            )
        if self._chain is None:
            token = int(logits.argmax())
        else:
            token = int(llama.llama_sampler_sample(self._chain, self._model.context, row))
        if self._constraint is not None:
            token = self._constraint.choose(logits, token)
        self._said(token)
        return token, log_probability(logits, token)

    def begin_answer(self, form: Form | None) -> None:
        """What was said so far was reasoning: the form, penalties and the watch for repetition begin here."""
        if self._chain is not None:
            llama.llama_sampler_reset(self._chain)
        self._constraint = Constraint(form, self._model.vocabulary) if form is not None else None
        self._guard, self.looping = LoopGuard(), False

    def forced(self) -> list[int]:
        """The tokens that come next because the form leaves no choice; they count as said. Often none."""
        ids = list(self._constraint.forced()) if self._constraint is not None else []
        for token in ids:
            self._said(token)
        return ids

    def _said(self, token: int) -> None:
        if self._constraint is not None:
            self._constraint.accept(token)
        self.looping |= self._guard.push(token)

    def close(self) -> None:
        """Free the chain."""
        if self._chain is not None:
            llama.llama_sampler_free(self._chain)
            self._chain = None

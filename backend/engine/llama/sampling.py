"""Drawing the next token, and how sure the model was of it.

Greedy is an argmax over the raw logits. Everything else is llama.cpp's sampler chain, in its own order. Probabilities
are always those of the unmodified model, so they mean the same whatever the rule was.
"""

from __future__ import annotations

import numpy as np

from backend.engine.api import Sampling
from backend.engine.llama.model import LanguageModel, Logits
from backend.engine.llama.native import llama
from backend.errors import EngineFailure


def log_probability(logits: Logits, token: int) -> float:
    """log softmax(logits)[token]."""
    shifted = logits - logits.max()
    return float(shifted[token]) - float(np.log(np.exp(shifted).sum(dtype=np.float64)))


class Sampler:
    """One answer's sampler. Close it: the chain is native memory."""

    def __init__(self, model: LanguageModel, rule: Sampling, max_tokens: int) -> None:
        self._model = model
        self._chain = self._build(rule, max_tokens) if rule.temperature > 0 else None

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
                raise EngineFailure("llama.cpp refused the sampling settings", cure="check them in models.toml")
            llama.llama_sampler_chain_add(chain, step)
        return chain

    def next(self, row: int = -1) -> tuple[int, float]:
        """A token for what that row of the last decode call predicts, and its log-probability under the unmodified model."""
        logits = self._model.logits(row)
        if np.isnan(logits.max()):
            raise EngineFailure(
                "the model computed values that are not numbers", cure="check its files: sightline models check"
            )
        if self._chain is None:
            token = int(logits.argmax())
        else:
            token = int(llama.llama_sampler_sample(self._chain, self._model.context, row))
        return token, log_probability(logits, token)

    def close(self) -> None:
        """Free the chain."""
        if self._chain is not None:
            llama.llama_sampler_free(self._chain)
            self._chain = None

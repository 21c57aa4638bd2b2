"""Muon for the matrices inside the network, AdamW for the rest: about twice the progress per picture of AdamW alone.

Muon (K. Jordan, 2024, "Muon: An optimizer for hidden layers in neural networks") replaces the momentum of a matrix by the
nearest semi-orthogonal matrix, found by five Newton–Schulz steps. Rates fall linearly to zero with the share of the time
that has passed.
"""

from __future__ import annotations

from collections.abc import Iterable

import torch
from torch import Tensor, nn

from .architecture import precision

ORTHOGONALISE = (3.4445, -4.7750, 2.0315)
"""Coefficients of the quintic Newton–Schulz iteration (same source)."""


def orthogonalised(gradient: Tensor, steps: int = 5) -> Tensor:
    """The semi-orthogonal matrix nearest to the gradient, roughly."""
    a, b, c = ORTHOGONALISE
    x = gradient.to(precision)
    tall = x.shape[0] > x.shape[1]
    x = x.t() if tall else x
    x = x / (x.norm() + 1e-7)
    for _ in range(steps):
        square = x @ x.t()
        x = a * x + (b * square + c * square @ square) @ x
    return (x.t() if tall else x).float()


class Optimiser:
    """Both optimisers behind one `step(progress)`, `progress` being the share 0…1 of the training that is over."""

    def __init__(self, named: Iterable[tuple[str, nn.Parameter]], muon: float, adam: float, warm: int = 50) -> None:
        trained = [(name, p) for name, p in named if p.requires_grad]
        # Embeddings are no matrices in Muon's sense; the mergers' are so large that Newton–Schulz costs more than it gains.
        outer = ("embed", "merger.linear_fc1", "merger_list")
        self.matrices = [p for name, p in trained if p.ndim == 2 and not any(word in name for word in outer)]
        chosen = {id(p) for p in self.matrices}
        self.others = torch.optim.AdamW(
            [p for _, p in trained if id(p) not in chosen], lr=adam, betas=(0.9, 0.95), weight_decay=0.0
        )
        self.momentum = [torch.zeros_like(p) for p in self.matrices]
        self.rates = (muon, adam)
        self.warm, self.steps = warm, 0

    @torch.no_grad()
    def step(self, progress: float, floor: float = 0.0) -> None:
        """Apply the gradients and clear them."""
        self.steps += 1
        factor = min(1.0, self.steps / self.warm) * max(floor, 1.0 - progress)
        for p, momentum in zip(self.matrices, self.momentum, strict=True):
            if p.grad is None:
                continue
            momentum.lerp_(p.grad, 0.05)
            update = orthogonalised(p.grad.lerp(momentum, 0.95))
            p.mul_(1 - self.rates[0] * factor * 0.01)
            p.add_(update, alpha=-self.rates[0] * factor * max(1.0, p.shape[0] / p.shape[1]) ** 0.5)
            p.grad = None
        for group in self.others.param_groups:
            group["lr"] = self.rates[1] * factor
        self.others.step()
        self.others.zero_grad(set_to_none=True)

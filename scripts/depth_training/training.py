"""The training itself: as many examples as there is time for, each seen once, with the rate following the clock."""

from __future__ import annotations

import math
import time
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from scripts.depth_training.network import SIDE, DepthNet
from scripts.depth_training.pictures import example

BATCH = 8
PEAK = 3e-3
WARM_UP = 0.03
"""Share of the time until the rate has risen to its peak; then it falls along a cosine."""


def train(minutes: float, checkpoint: Path, seed: int, threads: int) -> DepthNet:
    """Train on scenes from `seed` on; writes the weights to `checkpoint` every two minutes, so that a cut-off loses little."""
    torch.set_num_threads(threads)
    torch.manual_seed(seed)
    network = DepthNet().to(memory_format=torch.channels_last)
    print(f"{sum(p.numel() for p in network.parameters()):,} parameters")
    optimiser = torch.optim.AdamW(network.parameters(), lr=PEAK, weight_decay=1e-3)
    averaged = torch.optim.swa_utils.AveragedModel(
        network, multi_avg_fn=torch.optim.swa_utils.get_ema_multi_avg_fn(0.995), use_buffers=True
    )
    checkpoint.parent.mkdir(parents=True, exist_ok=True)
    started = written = time.monotonic()
    step, losses = 0, []
    while (gone := (time.monotonic() - started) / (60 * minutes)) < 1:
        for group in optimiser.param_groups:
            group["lr"] = PEAK * min(gone / WARM_UP, 1) * (0.5 + 0.5 * math.cos(math.pi * gone)) + 1e-6
        examples = [example(seed + step * BATCH + n) for n in range(BATCH)]
        pictures, targets, counts = (torch.from_numpy(np.stack(part)) for part in zip(*examples, strict=True))
        loss = _loss(network(pictures.contiguous(memory_format=torch.channels_last))[:, 0], targets, counts)
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        optimiser.step()
        averaged.update_parameters(network)
        losses.append(loss.item())
        step += 1
        if step % 100 == 0:
            print(f"{step:6} steps  {gone:5.1%}  loss {np.mean(losses[-100:]):.4f}", flush=True)
        if time.monotonic() - written > 120:
            torch.save(averaged.module.state_dict(), checkpoint)
            written = time.monotonic()
    torch.save(averaged.module.state_dict(), checkpoint)
    return averaged.module.eval()


def _loss(answer: Tensor, target: Tensor, counts: Tensor) -> Tensor:
    """Weighted distance, and that of the steps between neighbours, which keeps edges where they are (as in MegaDepth, Li and
    Snavely 2018, here at one scale)."""
    apart = answer - target
    across, down = apart[:, :, 1:] - apart[:, :, :-1], apart[:, 1:] - apart[:, :-1]
    return (apart.abs() * counts).mean() + 0.5 * (across.abs().mean() + down.abs().mean())


def export(network: DepthNet, file: Path) -> None:
    """Write the ONNX file: input `image` (1, 3, SIDE, SIDE), output `inverse_depth` (1, SIDE, SIDE), float32."""

    class Whole(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.network = network

        def forward(self, image: Tensor) -> Tensor:
            return self.network(image)[:, 0]

    file.parent.mkdir(parents=True, exist_ok=True)
    torch.onnx.export(
        Whole().eval(),
        (torch.zeros(1, 3, SIDE, SIDE),),
        str(file),
        input_names=["image"],
        output_names=["inverse_depth"],
        opset_version=17,
        dynamo=False,
    )

"""A net to go on training, from the ONNX file of a released one.

The file has no batch norms: export folds them into the convolutions. Batch norms that do nothing would do for
running the net, but not for training it, where they use the statistics of the batch. So they are measured first, and
set so that the net gives the same answers as before.
"""
from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import numpy_helper
from torch import Tensor, nn

from .losses import matte_loss
from .net import PackshotNet


def stored_weights(path: Path) -> dict[str, np.ndarray]:
    """Name in the net -> float32 array, of weights that `export.compress` stored as int8 or float16."""
    found = {i.name: numpy_helper.to_array(i) for i in onnx.load(str(path)).graph.initializer}
    out = {}
    for name, data in found.items():
        if name.endswith(".q"):
            scale = found[name[:-2] + ".s"]
            out[name[:-2]] = data.astype(np.float32) * scale.reshape(-1, *[1] * (data.ndim - 1))
        elif name.endswith(".h"):
            out[name[:-2]] = data.astype(np.float32)
        elif not name.endswith(".s"):
            out[name] = data
    return {name.removeprefix("net."): data for name, data in out.items() if name.startswith("net.")}


def restore(path: Path, net: PackshotNet) -> None:
    """Puts a released net's weights into `net`, with batch norms that only add the folded bias.

    The coarse heads, which the file lacks, stay as they are.
    """
    weights = stored_weights(path)
    with torch.no_grad():
        for name, part in net.named_modules():
            if isinstance(part, nn.Conv2d) and f"{name}.weight" in weights:
                part.weight.copy_(torch.from_numpy(weights[f"{name}.weight"]))
                if part.bias is not None:
                    part.bias.copy_(torch.from_numpy(weights[f"{name}.bias"]))
            elif isinstance(part, nn.BatchNorm2d):
                before = name.rsplit(".", 1)[0] + ".0.bias"
                part.running_mean.zero_()
                part.running_var.fill_(1 - part.eps)
                part.weight.fill_(1)
                part.bias.copy_(torch.from_numpy(weights[before]))


@torch.no_grad()
def widen(net: PackshotNet, smaller: dict[str, Tensor]) -> None:
    """Puts a narrower net's weights into `net`: the old channels see only old ones, so the answers stay what they were;
    the new ones begin at random, and what they find comes in as it proves useful."""
    for name, new in net.state_dict().items():
        old = smaller.get(name)
        if old is None or old.ndim != new.ndim or any(a > b for a, b in zip(old.shape, new.shape)):
            continue
        if new.ndim == 4:
            new[:len(old), old.shape[1]:] = 0
        new[tuple(slice(side) for side in old.shape)] = old


@torch.no_grad()
def settle(net: PackshotNet, pictures: Iterable[Tensor]) -> None:
    """Gives neutral batch norms the statistics of what passes them; the net's answers stay what they were."""
    sums: dict[nn.BatchNorm2d, list[Tensor]] = {}

    def count(norm: nn.BatchNorm2d, args: tuple[Tensor]) -> None:
        x = args[0].double()
        new = [x.sum((0, 2, 3)), (x * x).sum((0, 2, 3)), torch.tensor(float(x.numel() // x.shape[1]))]
        sums[norm] = [a + b for a, b in zip(sums[norm], new)] if norm in sums else new

    hooks = [m.register_forward_pre_hook(count) for m in net.modules() if isinstance(m, nn.BatchNorm2d)]
    training = net.training
    net.eval()
    for x in pictures:
        net(x)
    for hook in hooks:
        hook.remove()
    for norm, (total, squares, n) in sums.items():
        mean = total / n
        var = (squares / n - mean * mean).clamp_min(1e-4)
        norm.running_mean.copy_(mean)
        norm.running_var.copy_(var)
        norm.weight.copy_((var + norm.eps).sqrt())
        norm.bias.add_(mean.float())
    net.train(training)


def fit_heads(net: PackshotNet, batches: Iterable[tuple[Tensor, Tensor]]) -> None:
    """Teaches the coarse heads, which a released file lacks, what the rest already knows, so that they do not disturb it."""
    training = net.training
    net.eval()
    adam = torch.optim.Adam(net.sides.parameters(), lr=2e-2)
    for step, (x, alpha) in enumerate(batches):
        for group in adam.param_groups:
            group["lr"] = 2e-2 / (1 + step / 20)
        with torch.no_grad():
            features = net.features(x)
        loss, _ = matte_loss([head(f) for head, f in zip(net.sides, features)], alpha)
        adam.zero_grad()
        loss.backward()
        adam.step()
    net.train(training)

"""Trains one upscaling net in one process; stops and resumes at any time.

The schedule follows training time, not steps. The denoise net of a factor begins with the plain net's weights
(`--init`) and sees damaged input (`--damaged`): the two stay close enough that their weights can be mixed.
"""
from __future__ import annotations

import argparse
import copy
import math
import os
import signal
import time
from datetime import datetime
from pathlib import Path

import cv2
import numpy as np
import torch

from packshot_models import pools
from packshot_models.lowres import Pairs
from packshot_models.upscale_net import UpscaleNet

LUMA = (.299, .587, .114)
BORDER = 2  # small pixels at the border of a pair that do not count: the net's padding reaches them


def upscale_loss(pred: torch.Tensor, true: torch.Tensor, border: int) -> torch.Tensor:
    """Mean absolute error of N x 3 x H x W in the colours plus that in brightness."""
    diff = (pred - true)[..., border:-border, border:-border]
    luma = (diff * torch.tensor(LUMA)[:, None, None]).sum(1)
    return diff.abs().mean() + luma.abs().mean()


def load(path: Path) -> tuple[UpscaleNet, dict]:
    """The averaged weights of a checkpoint, and the checkpoint."""
    state = torch.load(path, map_location="cpu", weights_only=True)
    net = UpscaleNet(*state["shape"])
    net.load_state_dict(state["ema"])
    return net, state


def adopt(net: UpscaleNet, start: UpscaleNet) -> None:
    """Takes over all layers of the same shape; between factors that is all but the last."""
    own, other = net.state_dict(), start.state_dict()
    net.load_state_dict({k: other[k] if k in other and other[k].shape == v.shape else v for k, v in own.items()})


def main() -> None:
    ap = argparse.ArgumentParser(description=__doc__)
    ap.add_argument("--cache", type=Path, default=pools.default_cache(), help="tiles made by generate_upscale.py")
    ap.add_argument("--out", type=Path, required=True, help="checkpoint to write, and to resume from where it exists")
    ap.add_argument("--scale", type=int, choices=(2, 4), required=True)
    ap.add_argument("--width", type=int, default=32)
    ap.add_argument("--depth", type=int, default=6)
    ap.add_argument("--init", type=Path, help="checkpoint to begin with: its averaged weights, a new optimiser")
    ap.add_argument("--damaged", action="store_true", help="input with JPEG blocks, noise, slight blur")
    ap.add_argument("--minutes", type=float, default=30)
    ap.add_argument("--until", help="HH:MM of today; the schedule then ends at that time, whatever the machine does meanwhile")
    ap.add_argument("--side", type=int, default=48, help="side of the small pictures")
    ap.add_argument("--batch", type=int, default=16)
    ap.add_argument("--lr", type=float, default=1.5e-3)
    ap.add_argument("--ema", type=float, default=.999)
    ap.add_argument("--threads", type=int, default=1)
    ap.add_argument("--seed", type=int, default=1)
    args = ap.parse_args()
    torch.set_num_threads(args.threads)
    cv2.setNumThreads(1)
    torch.manual_seed(args.seed)
    net = UpscaleNet(args.scale, args.width, args.depth)
    if args.init and not args.out.exists():
        adopt(net, load(args.init)[0])
    step, spent, t = 0, 0.0, 0.0
    net = net.to(memory_format=torch.channels_last)
    opt = torch.optim.Adam(net.parameters(), lr=args.lr, betas=(.9, .99), fused=True)
    ema = copy.deepcopy(net)
    if args.out.exists():
        state = torch.load(args.out, map_location="cpu", weights_only=True)
        net.load_state_dict(state["net"])
        ema.load_state_dict(state["ema"])
        opt.load_state_dict(state["opt"])
        step, spent, t = state["step"], state["spent"], state["progress"]
    pairs = Pairs(args.cache, args.scale, args.side, args.damaged)
    stop: list[int] = []
    signal.signal(signal.SIGTERM, lambda *_: stop.append(1))

    def save() -> None:
        state = {"net": net.state_dict(), "ema": ema.state_dict(), "opt": opt.state_dict(), "step": step, "spent": spent, "progress": t,
                 "shape": (args.scale, args.width, args.depth), "seed": args.seed}
        torch.save(state, args.out.with_suffix(".tmp"))
        os.replace(args.out.with_suffix(".tmp"), args.out)

    until = datetime.combine(datetime.now(), datetime.strptime(args.until, "%H:%M").time()).timestamp() if args.until else 0.0
    mean, last, saved = 0.0, time.monotonic(), time.monotonic()
    while t < 1 and not stop:
        small, large = pairs.batch(np.random.default_rng((args.seed, args.scale, args.damaged, step)), args.batch)
        x = torch.from_numpy(small).contiguous(memory_format=torch.channels_last)
        lr = args.lr * min(1.0, (t + .001) / .02) * (.01 + .99 * .5 * (1 + math.cos(math.pi * t)))
        for g in opt.param_groups:
            g["lr"] = lr
        loss = upscale_loss(net(x), torch.from_numpy(large), BORDER * args.scale)
        opt.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(net.parameters(), .5)
        opt.step()
        d = min(args.ema, (1 + step) / (20 + step))
        with torch.no_grad():
            for e, p in zip(ema.parameters(), net.parameters(), strict=True):
                e.lerp_(p, 1 - d)
        step += 1
        now = time.monotonic()
        took, last = now - last, now
        spent += took
        t = t + (1 - t) * min(1.0, took / max(took, until - time.time())) if args.until else spent / (args.minutes * 60)
        mean += (loss.item() - mean) * max(.005, 1 / step)
        if step % 100 == 0:
            print(f"{time.strftime('%H:%M:%S')} step {step} t {t:.3f} lr {lr:.2e} loss {mean * 255:.3f} {step / spent:.2f} steps/s", flush=True)
        if now - saved > 60:
            save()
            saved = now
    save()


if __name__ == "__main__":
    main()

"""Trains the matting net, from random initialisation, a checkpoint or a released file; stops and resumes at any time.

The schedule follows training time, not steps: give it the minutes of each core that you have (of the clock, with
`--until`), and learning rate and picture size follow. On CPUs it runs one single-threaded process per core and averages
gradients (that loses less to other programs on the machine than threads do). With CUDA it is one process with larger batches.
"""
from __future__ import annotations

import argparse
import copy
import math
import os
import signal
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path

import cv2
import numpy as np
import torch
import torch.distributed as dist
import torch.multiprocessing as mp
from torch.utils.data import DataLoader, IterableDataset, get_worker_info

from packshot_models import pools, sources
from packshot_models.composite import WEIGHTS, Composer
from packshot_models.losses import matte_loss
from packshot_models.mixture import SHARES, Mixture
from packshot_models.net import PLANS, PackshotNet
from packshot_models.export import fold
from packshot_models.inference import MEAN, STD
from packshot_models.restore import fit_heads, restore, settle, widen

EARLY, LATE = {192: .2, 256: .8}, {384: 1.0}  # picture size: share of batches
FINISH = ("u2", "head2", "near", "detail", "full", "u1", "head")  # parts of the net that place the edge; learned last, alone
PAUSE = 5.0  # seconds; a step that took longer was held up by something else, and does not count as training


class Pictures(IterableDataset):
    """Endless batches of composed pictures; the number of pixels a batch holds is about constant."""

    def __init__(self, args: argparse.Namespace, rank: int, start: int, progress: mp.Value) -> None:
        self.args, self.rank, self.start, self.progress = args, rank, start, progress

    def __iter__(self) -> Iterator[tuple[torch.Tensor, torch.Tensor]]:
        cv2.setNumThreads(1)
        info = get_worker_info()
        worker = info.id if info else 0
        a = self.args
        mix = dict(zip(WEIGHTS, a.mix, strict=True))
        comp = Composer(a.cache, list(sources.free_photos(a.photos).values()), mix)
        comp.scene_share, comp.outdoor_share, comp.place_share = a.scenes, a.outdoor, a.places
        mixture = Mixture(comp, a.cache, dict(zip(SHARES, a.shares, strict=True)), a.trust)
        k = self.start
        while True:
            rng = np.random.default_rng((a.seed, self.rank, worker, k))
            if k % 50 == 0:
                mixture.refresh()
            late = self.progress.value > 1 - a.late
            sizes = LATE if late else EARLY
            n = int(rng.choice(list(sizes), p=list(sizes.values())))
            count = max(4, round(a.batch * (192 / n) ** 2))
            pairs = [mixture.sample(rng, n, exact=late) for _ in range(count)]
            yield normalised(np.stack([p[0] for p in pairs])), torch.from_numpy(np.stack([p[1] for p in pairs]))[:, None].float().div_(255)
            k += 1


def normalised(rgb: np.ndarray) -> torch.Tensor:
    x = torch.from_numpy(rgb).permute(0, 3, 1, 2).float().div_(255)
    x.sub_(torch.from_numpy(MEAN)[:, None, None]).div_(torch.from_numpy(STD)[:, None, None])
    return x.contiguous(memory_format=torch.channels_last)


def begin(net: PackshotNet, args: argparse.Namespace) -> None:
    """Takes the weights of a checkpoint, of a net as wide or narrower, or of a released file, whose coarse heads are new."""
    if args.init.suffix == ".onnx":
        restore(args.init, net)
        other = argparse.Namespace(**{**vars(args), "seed": args.seed + 1000, "batch": 24})
        fine, coarse = (Pictures(other, 0, 0, mp.Value("d", t)) for t in (1.0, 0.0))
        settle(net, (x for x, _ in islice(fine, 16)))
        fit_heads(net, islice(coarse, 60))
    else:
        start = torch.load(args.init, map_location="cpu", weights_only=True)["ema"]
        widen(net, start)


def learning_rate(t: float, peak: float) -> float:
    """Short warm-up, then a cosine down to 1 % of the peak; t runs from 0 to 1 in each of the two stages."""
    return peak * (min(1.0, (t + .001) / .02) * (.01 + .99 * .5 * (1 + math.cos(math.pi * min(t, 1)))))


def average_gradients(net: torch.nn.Module, world: int) -> None:
    grads = [p.grad for p in net.parameters() if p.grad is not None]
    flat = torch.cat([g.reshape(-1) for g in grads])
    dist.all_reduce(flat)
    flat.div_(world)
    at = 0
    for g in grads:
        g.copy_(flat[at:at + g.numel()].view_as(g))
        at += g.numel()


def update_ema(ema: torch.nn.Module, net: torch.nn.Module, step: int, decay: float) -> None:
    """Slow average of the weights; it is what gets exported."""
    d = min(decay, (1 + step) / (20 + step))
    with torch.no_grad():
        for e, p in zip(ema.state_dict().values(), net.state_dict().values(), strict=True):
            if e.dtype.is_floating_point:
                e.lerp_(p, 1 - d)
            else:
                e.copy_(p)


def optimiser(net: PackshotNet, args: argparse.Namespace, fine: bool) -> torch.optim.Optimizer:
    """For the net that finds the subject, without the parts that stay; or, from then on, for the finish alone."""
    for name, part in net.named_children():
        if (name not in FINISH) if fine else (name in FINISH or name in args.freeze):
            part.eval().requires_grad_(False)
            folded = copy.deepcopy(part)
            fold(folded)
            part.forward = folded.forward  # as quick as it will be in the end
        else:
            part.train().requires_grad_(True)
            part.__dict__.pop("forward", None)
            if args.still:
                for norm in (m for m in part.modules() if isinstance(m, torch.nn.BatchNorm2d)):
                    norm.eval()
    free = [p for p in net.parameters() if p.requires_grad]
    return torch.optim.AdamW([{"params": [p for p in free if p.ndim > 1], "weight_decay": 1e-2},
                              {"params": [p for p in free if p.ndim <= 1], "weight_decay": 0.0}], lr=args.lr, betas=(.9, .98), fused=True)


def run(rank: int, world: int, args: argparse.Namespace) -> None:
    cuda = torch.cuda.is_available()
    dev = torch.device("cuda" if cuda else "cpu")
    if not cuda:
        torch.set_num_threads(1)
    if world > 1:
        os.setsid()  # one session each: Linux would otherwise schedule all our processes as one
        os.environ.update(MASTER_ADDR="127.0.0.1", MASTER_PORT=str(args.port))
        dist.init_process_group("gloo", rank=rank, world_size=world, timeout=timedelta(hours=6))
    torch.manual_seed(args.seed)
    net = PackshotNet(args.plan)
    ckpt = args.out / "checkpoint.pt"
    if args.init and not ckpt.exists():
        begin(net, args)
    net.to(dev, memory_format=torch.channels_last)
    ema = copy.deepcopy(net).eval()
    step, images, spent, t = 0, 0, 0.0, 0.0
    if ckpt.exists():
        s = torch.load(ckpt, map_location=dev, weights_only=True)
        net.load_state_dict(s["net"])
        ema.load_state_dict(s["ema"])
        step, images, spent, t = s["step"], s["images"], s["spent"], s["progress"]
    progress = mp.Value("d", t)
    fine = t > 1 - args.late
    opt = optimiser(net, args, fine)
    if ckpt.exists() and s["fine"] == fine:
        opt.load_state_dict(s["opt"])
    loader = DataLoader(Pictures(args, rank, step, progress), batch_size=None, num_workers=args.workers if cuda else 0,
                        pin_memory=cuda)
    stop = torch.zeros(1)
    signal.signal(signal.SIGTERM, lambda *_: stop.fill_(1))

    def save() -> None:
        state = {"net": net.state_dict(), "ema": ema.state_dict(), "opt": opt.state_dict(), "step": step,
                 "images": images, "spent": spent, "seed": args.seed, "plan": args.plan,
                 "progress": progress.value, "fine": fine}
        torch.save(state, ckpt.with_suffix(".tmp"))
        os.replace(ckpt.with_suffix(".tmp"), ckpt)

    until = datetime.combine(datetime.now(), datetime.strptime(args.until, "%H:%M").time()).timestamp() if args.until else 0.0
    log: dict[str, float] = {}
    clock = time.monotonic if cuda else time.process_time  # where other programs take the cores, only what we got counts
    last, begun, saved = time.monotonic(), clock(), time.monotonic()
    for x, a in loader:
        if args.max_step is not None and step >= args.max_step:
            break
        if not fine and progress.value > 1 - args.late:
            fine = True
            net.load_state_dict(ema.state_dict())
            opt = optimiser(net, args, fine)
        lr = learning_rate((t - 1 + args.late) / args.late if fine else t / (1 - args.late), args.lr)
        for g in opt.param_groups:
            g["lr"] = lr
        x, a = x.to(dev, non_blocking=True), a.to(dev, non_blocking=True)
        with torch.autocast("cuda", torch.bfloat16, enabled=cuda):
            levels = net(x, fine)
        loss, parts = matte_loss([level.float() for level in levels], a, args.regions)
        opt.zero_grad(set_to_none=True)
        loss.backward()
        if world > 1:
            average_gradients(net, world)
        torch.nn.utils.clip_grad_norm_(net.parameters(), 2.0)
        opt.step()
        update_ema(ema, net, step, args.ema)
        step, images = step + 1, images + x.shape[0] * world
        now = time.monotonic()
        step_s, last = now - last, now
        spent, begun = spent + min(clock() - begun, PAUSE), clock()
        if args.until:
            t += (1 - t) * min(1.0, step_s / max(step_s, until - time.time()))
        else:
            t = spent / (args.minutes * 60)
        tick = torch.tensor([float(stop.item()), spent, t], dtype=torch.float64)
        if world > 1:
            dist.all_reduce(tick, dist.ReduceOp.MAX)
        spent, t = float(tick[1]), float(tick[2])
        progress.value = t
        for k, v in parts.items():
            log[k] = log.get(k, v) * .98 + v * .02
        if rank == 0 and step % 25 == 0:
            print(f"{time.strftime('%H:%M:%S')} step {step} images {images} t {progress.value:.3f} lr {lr:.2e} n {x.shape[-1]} "
                  + " ".join(f"{k} {v:.4f}" for k, v in log.items()) + f" {images / spent:.1f} img/s", flush=True)
        done = tick[0] > 0 or progress.value >= 1
        if rank == 0 and (done or now - saved > args.save_every):
            save()
            saved = now
        if done:
            break
    if rank == 0:
        save()
    if world > 1:
        dist.destroy_process_group()


def main() -> None:
    ap = argparse.ArgumentParser(description=__doc__)
    ap.add_argument("--cache", type=Path, default=pools.default_cache(), help="pools made by generate.py")
    ap.add_argument("--photos", type=Path, help="folder with the free photos named in sources.py")
    ap.add_argument("--out", type=Path, default=pools.default_cache() / "run")
    ap.add_argument("--minutes", type=float, default=78)
    ap.add_argument("--until", help="HH:MM of today; the schedule then ends at that time, whatever the machine does meanwhile")
    ap.add_argument("--init", type=Path, help="checkpoint (its averaged weights) or released .onnx file to begin with")
    ap.add_argument("--plan", choices=PLANS, default="plain", help="which net of net.py's PLANS")
    ap.add_argument("--freeze", nargs="*", default=[], help="parts of the net that stay as they are, to save time")
    ap.add_argument("--still", action="store_true", help="keep the batch norms' statistics: a trained net then moves only as far as it learns")
    ap.add_argument("--late", type=float, default=.14, help="share of the time for the finish")
    ap.add_argument("--batch", type=int, default=64 if torch.cuda.is_available() else 14, help="pictures of 192 px per process")
    ap.add_argument("--lr", type=float, default=2e-3)
    ap.add_argument("--ema", type=float, default=.998)
    ap.add_argument("--shares", type=float, nargs=len(SHARES), default=list(SHARES.values()), help=f"of the sources {', '.join(SHARES)}")
    ap.add_argument("--trust", type=float, default=.3, help="the teacher's share in the targets of the pictures it was shown")
    ap.add_argument("--regions", type=float, default=0.5, help="weight of the error of the worst regions")
    ap.add_argument("--places", type=float, default=.4, help="share of backgrounds that are photos of real places")
    ap.add_argument("--mix", type=float, nargs=len(WEIGHTS), default=list(WEIGHTS.values()), help=f"weights of the subjects of {', '.join(WEIGHTS)}")
    ap.add_argument("--scenes", type=float, default=.1, help="share of whole rendered scenes")
    ap.add_argument("--outdoor", type=float, default=.27, help="share of backgrounds from the outdoor pool")
    ap.add_argument("--seed", type=int, default=1)
    ap.add_argument("--procs", type=int, default=1 if torch.cuda.is_available() else 2)
    ap.add_argument("--workers", type=int, default=12, help="loader processes with CUDA")
    ap.add_argument("--port", type=int, default=29517)
    ap.add_argument("--save-every", type=float, default=120)
    ap.add_argument("--max-step", type=int)
    args = ap.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)
    if args.procs > 1:
        children = mp.spawn(run, (args.procs, args), nprocs=args.procs, join=False)
        signal.signal(signal.SIGTERM, lambda *_: [os.kill(p.pid, signal.SIGTERM) for p in children.processes])
        while not children.join():
            pass
    else:
        run(0, 1, args)


if __name__ == "__main__":
    main()

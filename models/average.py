"""Averages checkpoints of one plan: python models/average.py OUT CHECKPOINT=SHARE... .

A net that learns something new strays from what it knew. Between the weights before and after lie nets that have most
of both; which one is best, `compare.py` says.
"""
from __future__ import annotations

import argparse
from pathlib import Path

import torch


def average(states: list[dict[str, torch.Tensor]], shares: list[float]) -> dict[str, torch.Tensor]:
    """The weighted mean of the floating-point entries; the others are the first one's."""
    whole = sum(shares)
    return {name: sum(s[name] * (share / whole) for s, share in zip(states, shares)) if first.dtype.is_floating_point else first
            for name, first in states[0].items()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=Path)
    parser.add_argument("parts", nargs="+", metavar="CHECKPOINT=SHARE")
    args = parser.parse_args()
    paths, shares = zip(*((Path(path), float(share)) for path, share in (part.rsplit("=", 1) for part in args.parts)))
    loaded = [torch.load(path, map_location="cpu", weights_only=True) for path in paths]
    if len({state.get("plan", "plain") for state in loaded}) > 1:
        parser.error("the checkpoints are of different plans")
    mean = average([state["ema"] for state in loaded], list(shares))
    kept = {key: loaded[-1][key] for key in ("step", "images", "spent", "seed")}
    args.out.parent.mkdir(parents=True, exist_ok=True)
    torch.save({"net": mean, "ema": mean, "plan": loaded[-1].get("plan", "plain"), **kept}, args.out)


if __name__ == "__main__":
    main()

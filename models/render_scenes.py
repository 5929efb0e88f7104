"""Renders training scenes until it is stopped; started again with the same seed it goes on where it was.

    python models/render_scenes.py ASSETS OUT [--seed 1] [--scenes 4000] [--held-out] [--side 320] [--threads 2]

Writes NAME.jpg, NAME.png (exact alpha) and a line in index.csv for each view. Needs models/requirements-scenes.txt.
"""
from __future__ import annotations

import argparse
import tempfile
import time
from pathlib import Path

from PIL import Image

from packshot_scenes.assets import Assets
from packshot_scenes.scenes import views


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("assets", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--seed", type=int, default=1, help="the first scene's seed")
    parser.add_argument("--scenes", type=int, default=4000)
    parser.add_argument("--held-out", action="store_true", help="only objects and environments that training never shows")
    parser.add_argument("--side", type=int, default=320)
    parser.add_argument("--threads", type=int, default=2)
    args = parser.parse_args()

    assets = Assets(args.assets, args.held_out)
    args.out.mkdir(parents=True, exist_ok=True)
    done = args.out / "scenes.txt"
    finished = {int(line) for line in done.read_text().split()} if done.exists() else set()
    scratch = Path(tempfile.mkdtemp()) / "view.exr"
    for seed in (s for s in range(args.seed, args.seed + args.scenes) if s not in finished):
        begun, lines = time.monotonic(), []
        try:
            for view, (picture, alpha, what) in enumerate(views(seed, assets, args.side, args.threads, scratch)):
                name = f"{seed:06d}-{view}"
                Image.fromarray(picture).save(args.out / f"{name}.jpg", quality=93, subsampling=0)
                Image.fromarray(alpha).save(args.out / f"{name}.png", optimize=True)
                lines.append(f"{name},{what.replace(' ', ',')},{(alpha > 127).mean():.3f}\n")
        except (RuntimeError, KeyError, ReferenceError) as fault:
            # One broken file of a catalogue must not end a night's work.
            print(f"{seed}: {fault}", flush=True)
        with (args.out / "index.csv").open("a") as index:
            index.writelines(lines)
        with done.open("a") as log:
            log.write(f"{seed}\n")
        print(f"{seed}: {len(lines)} views in {time.monotonic() - begun:.1f} s", flush=True)


if __name__ == "__main__":
    main()

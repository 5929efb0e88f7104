"""Makes the pools of photoreal pictures and of lessons: `view`, `rendered`, `place`, and `taught` with a teacher's answers.

    python models/teach.py --scenes OUT-OF-RENDER_SCENES --assets ASSETS --photos PHOTOS [--lessons 6000]

Goes on where it was, and takes in scenes that were rendered since. The teacher is u2netp of $PACKSHOT_TEST_DATA.
"""
from __future__ import annotations

import argparse
import multiprocessing as mp
from pathlib import Path

import cv2
import numpy as np

from packshot_models import pools, rendered, sources
from packshot_models.composite import Composer
from packshot_models.inference import Onnx
from packshot_models.mixture import SIDE, Mixture, lesson

KEY = 8  # of the pool, as in generate.py
REAL_PLACES = .6
SUBJECTS = {"real": .25, "rendered": .5, "near": .1, "hard": .08, "relief": .07}  # the teacher knows photos: little is drawn


def teach(job: tuple[argparse.Namespace, int]) -> None:
    """Worker: pictures first, first + step, ... of the pool of lessons."""
    args, first = job
    cv2.setNumThreads(1)
    composer = Composer(args.cache, list(sources.free_photos(args.photos).values()), SUBJECTS)
    composer.place_share = REAL_PLACES
    mixture = Mixture(composer, args.cache, {}, 0)
    teacher = Onnx(sources.data_root() / "models" / "u2netp-fp16.onnx", minmax=True, threads=1)
    data, done = pools.create(args.cache, "taught", args.lessons, SIDE, 5)
    for k, i in enumerate(range(first, args.lessons, args.workers)):
        if not done[i]:
            if k % 20 == 0:
                mixture.refresh()
            data[i] = lesson(np.random.default_rng((args.seed, KEY, i)), mixture, teacher, args.views)
            done[i] = 1


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cache", type=Path, default=pools.default_cache())
    parser.add_argument("--scenes", type=Path, required=True)
    parser.add_argument("--first-seed", type=int, default=1, help="of the scenes")
    parser.add_argument("--count", type=int, default=4000, help="of scenes there may be")
    parser.add_argument("--assets", type=Path, required=True, help="what the scenes were made of")
    parser.add_argument("--photos", type=Path, help="folder with the free photos named in sources.py")
    parser.add_argument("--lessons", type=int, default=0, help="size of the pool `taught`")
    parser.add_argument("--views", type=float, default=.4, help="share of lessons that are rendered views")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    if not (args.cache / "place.npy").exists():
        print(rendered.add_places(args.cache, args.assets), "places")
    print("%d views, %d cut-outs" % rendered.add_views(args.cache, args.scenes, args.first_seed, args.count), flush=True)
    if args.lessons:
        pools.create(args.cache, "taught", args.lessons, SIDE, 5)
        with mp.get_context("spawn").Pool(args.workers) as workers:
            workers.map(teach, [(args, k) for k in range(args.workers)], chunksize=1)


if __name__ == "__main__":
    main()

"""A recipe in a pipeline of Ray Data:  python with_ray.py photos results

Without an address, Ray starts on this machine alone. On a cluster, the package `packshot` has to be on each node.
"""

import os
import sys
from pathlib import Path

# Ray reports how it is used, unless this is set.
os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")

import ray

import packshot
from packshot.ray import RunRecipe

photos, results = map(Path, sys.argv[1:])
results.mkdir(parents=True, exist_ok=True)
ray.init(num_cpus=2, include_dashboard=False, log_to_driver=False)

recipe = packshot.Recipe.preset("white-background").with_variables(size=600)
rows = (
    ray.data.read_binary_files(str(photos.resolve()), include_paths=True)
    .map_batches(
        RunRecipe,
        fn_constructor_kwargs={"recipe": recipe},
        batch_size=4,
        compute=ray.data.ActorPoolStrategy(size=1),
        num_cpus=1,
    )
    .take_all()
)
for row in sorted(rows, key=lambda row: str(row["path"])):
    name = Path(row["path"])
    if row["error"]:
        print(f"{name.name}: {row['message']}")
        continue
    (results / f"{name.stem}.jpg").write_bytes(row["rendition"])
    print(f"{name.name}: {row['width']} x {row['height']}, {len(row['rendition']) // 1024} KiB")
ray.shutdown()

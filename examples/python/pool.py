"""One engine, several threads:  python pool.py photos results

Python goes on while an engine works, so threads are enough. From folder to folder, `folder.py` is shorter; this is for
photos that come from elsewhere, and results that go elsewhere.
"""

import sys
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path

import packshot

photos, results = map(Path, sys.argv[1:])
results.mkdir(parents=True, exist_ok=True)
engine = packshot.Engine(threads=1)
recipe = packshot.Recipe.preset("web").with_variables(size=800)


def make(photo: Path) -> str:
    rendition = engine.run_recipe(photo.read_bytes(), recipe)
    rendition.save(results / f"{photo.stem}.{rendition.format}")
    return f"{rendition.width} x {rendition.height}, {len(rendition.bytes) // 1024} KiB"


with ThreadPoolExecutor(max_workers=2) as pool:
    jobs = {pool.submit(make, photo): photo.name for photo in sorted(photos.glob("*.jpg"))}
    for job in as_completed(jobs):
        try:
            print(f"{jobs[job]}: {job.result()}")
        except packshot.PackshotError as error:
            print(f"{jobs[job]}: {error}")

"""Cut out a folder, with progress; Ctrl-C stops it:  python folder.py photos cut-outs [--stop-after N]"""

import argparse
from pathlib import Path

import packshot

parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("photos", type=Path)
parser.add_argument("target", type=Path)
parser.add_argument("--stop-after", type=int, metavar="N", help="cancel when N photos are done")
words = parser.parse_args()

photos = sorted(path for path in words.photos.iterdir() if path.suffix.lower() in {".jpg", ".png", ".webp", ".tif"})
words.target.mkdir(parents=True, exist_ok=True)
engine, cancel = packshot.Engine(), packshot.CancelToken()
done: list[Path] = []


def show(progress: packshot.Progress) -> None:
    name = photos[len(done)].name
    print(f"\r{len(done) + progress.fraction:4.1f} of {len(photos)}  {name}  {progress.stage:10}", end="", flush=True)


try:
    for photo in photos:
        if len(done) == words.stop_after:
            cancel.cancel()
        cutout = engine.remove_background(photo, progress=show, cancel=cancel)
        cutout.save(words.target / f"{photo.stem}.png")
        done.append(photo)
except (packshot.CancelledError, KeyboardInterrupt):
    print("\nstopped", end="")
print(f"\n{len(done)} photos are in {words.target}")

"""A recipe for a folder, with progress; Ctrl-C stops it, and the same command continues:

python folder.py photos results [--recipe NAME|FILE] [--set NAME=VALUE] [--stop-after N]
"""

import argparse
from pathlib import Path

import packshot

parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("photos", type=Path)
parser.add_argument("results", type=Path)
parser.add_argument("--recipe", default="transparent-png", help="a preset, or a file that ends in .toml or .json")
parser.add_argument("--set", action="append", default=[], metavar="NAME=VALUE", help="another value for a variable")
parser.add_argument("--stop-after", type=int, metavar="N", help="cancel when N photos are made")
words = parser.parse_args()

is_file = words.recipe.endswith((".toml", ".json"))
recipe = packshot.Recipe.open(words.recipe) if is_file else packshot.Recipe.preset(words.recipe)
recipe = recipe.with_variables(**dict(word.split("=", 1) for word in words.set))
cancel = packshot.CancelToken()


def show(event: packshot.BatchEvent) -> None:
    item = event.item
    finished = event.done + event.resumed + event.skipped + event.failed
    speed = f"{event.rate:.1f} photos/s" + ("" if event.left is None else f", {event.left:.0f} s left")
    print(f"{finished} of {event.total}  {item.input.name}: {item.outcome}  {speed}", flush=True)
    if item.error:
        print(f"    {item.error}")
    if event.done == words.stop_after:
        cancel.cancel()


try:
    report = packshot.Engine().batch(recipe, words.photos, words.results, progress=show, cancel=cancel)
except (packshot.CancelledError, KeyboardInterrupt):
    raise SystemExit("stopped; run the same command to continue") from None
made = f"{report.done} made, {report.resumed} made before, {report.failed} failed"
print(f"{report.output}: {made} in {report.seconds:.1f} s")

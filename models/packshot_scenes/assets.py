"""What there is to render: a folder with `objects/index.csv`, `hdri`, `textures` and `backgrounds`.

A tenth of the objects and a fifth of the environments and textures are held out: no training picture shows them, so
pictures made of them measure what a net does with things it has never seen. The name decides, not the seed.
"""
from __future__ import annotations

import csv
import hashlib
from dataclasses import dataclass
from pathlib import Path

PICTURES = (".jpg", ".jpeg", ".png", ".webp")

# Words in an object's id. The first kind that matches counts.
KINDS = {
    "shoe": ("shoe", "bootie", "slipper", "mocassin"),
    "soft": ("gen_", "pillow", "quilt", "towel", "blanket", "sleeping_bag", "puff", "futon", "folded_clothes"),
    "wear": ("mh_female", "mh_male", "dress", "trousers", "jacket", "skirt", "suit", "hanging_clothes", "glove", "socket"),
    "vehicle": ("car_model", "truck", "motorbike", "bicycle", "bike", "biplane", "scooter", "tricycle", "stroller", "wheelchair"),
    "furniture": ("chair", "sofa", "couch", "bed", "table", "desk", "stool", "cabinet", "shelf", "wardrobe", "bench", "nightstand",
                  "dressing", "refrigerator", "piano", "lounge", "tv_stand", "shoerack"),
    "glass": ("glass", "bottle", "vase", "aquarium", "jar", "coffee_press", "flacon"),
    "thin": ("racket", "umbrella", "fork", "spoon", "knife", "hanger", "plant", "tulip", "lily", "orchid", "bamboo", "ficus", "yucca",
             "ladder", "basket", "scissors", "comb", "keys", "ring", "headphone", "lamp", "chandelier", "drainer", "fan"),
    "box": ("book", "box", "crate", "carton", "milk", "safe", "calendar", "trunck"),
}


@dataclass(frozen=True)
class Thing:
    """An object's file and what it is."""

    id: str
    path: Path
    kind: str

    @property
    def rigged(self) -> bool:
        """A person in a T-pose, in centimetres."""
        return self.id.startswith("valid_")


class Assets:
    """The objects, environments and textures of one side: those for training, or those held out."""

    def __init__(self, folder: Path, held_out: bool) -> None:
        def ours(paths: list[Path], every: int) -> list[Path]:
            return [p for p in paths if is_held_out(p.stem, every) == held_out]

        rows = csv.DictReader((folder / "objects/index.csv").open())
        things = [Thing(r["id"], folder / r["path"], kind(r["id"], r["folder"])) for r in rows]
        self.things = [t for t in things if is_held_out(t.id, 10) == held_out]
        self.environments = ours(sorted((folder / "hdri").glob("*.exr")), 5)
        fine, coarse = (ours(pictures(folder / "textures" / name), 5) for name in ("hi", "ambientcg_128"))
        # The few fine ones as often as the many coarse ones.
        self.textures = fine * max(1, len(coarse) // max(1, len(fine))) + coarse
        self.backdrops = [p for p in pictures(folder / "backgrounds") if is_held_out(environment_of(p), 5) == held_out]

    def of(self, *kinds: str) -> list[Thing]:
        return [t for t in self.things if t.kind in kinds]


def kind(name: str, folder: str) -> str:
    if folder == "humans":
        return "person"
    return next((k for k, words in KINDS.items() if any(w in name for w in words)), "product")


def environment_of(backdrop: Path) -> str:
    """The environment that a backdrop was cut from, with which it is held out: `ph_NAME_3.jpg` comes from `NAME_1k.exr`."""
    return backdrop.stem.removeprefix("ph_").rsplit("_", 1)[0] + "_1k"


def is_held_out(name: str, every: int) -> bool:
    return int(hashlib.sha256(name.encode()).hexdigest(), 16) % every == 0


def pictures(folder: Path) -> list[Path]:
    return sorted(p for p in folder.iterdir() if p.suffix.lower() in PICTURES)

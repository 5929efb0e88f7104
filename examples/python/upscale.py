"""Make a photo larger:  python upscale.py shoe.jpg shoe-large.png [--scale 2 | --size 2000] [--denoise 0.5]"""

import argparse

import packshot

parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("photo")
parser.add_argument("target")
parser.add_argument("--scale", type=float, help="the factor of both sides, 1 to 8")
parser.add_argument("--size", help="the size to reach, such as 2000 for the longer side, or 1200x800")
parser.add_argument("--denoise", type=float, help="how much noise to take away, 0 to 1")
words = parser.parse_args()

photo = packshot.upscale(words.photo, scale=words.scale, size=words.size, denoise=words.denoise)
photo.save(words.target)
print(f"{words.target}: {photo.width} x {photo.height}, {photo.scale:g} times as large, by {photo.ran.model}")

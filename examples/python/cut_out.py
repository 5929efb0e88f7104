"""Cut out one photo:  python cut_out.py shoe.jpg shoe.png"""

import sys

import packshot

photo, target = sys.argv[1:]
cutout = packshot.remove_background(photo)
cutout.save(target)
print(f"{target}: {cutout.width} x {cutout.height}, subject at {cutout.subject}")

"""rembg: cut-outs, its alpha matting alone, and the first cut-out of a process.

    with_rembg.py cutout u2net_custom|dis_custom MODEL PHOTO
    with_rembg.py matting PHOTO MASK                  alpha of its alpha matting, with its default thresholds
    with_rembg.py start MODEL PHOTO ANSWER            one cut-out with u2net_custom, written to a file
"""

import os
import sys
from pathlib import Path

# rembg takes models of one's own from its models folder only.
if sys.argv[1] in ("cutout", "start"):
    model = sys.argv[3 if sys.argv[1] == "cutout" else 2]
    os.environ["U2NET_HOME"] = str(Path(model).parent)

from rembg import new_session, remove

if sys.argv[1] == "start":
    _, _, model, photo, answer = sys.argv
    session = new_session("u2net_custom", model_path=model)
    Path(answer).write_bytes(remove(Path(photo).read_bytes(), session=session))
    sys.exit()

from protocol import serve

if sys.argv[1] == "cutout":
    _, _, kind, model, photo = sys.argv
    session = new_session(kind, model_path=model)
    photo = Path(photo).read_bytes()
    serve(lambda: remove(photo, session=session))
else:
    from PIL import Image
    from rembg.bg import alpha_matting_cutout

    photo = Image.open(sys.argv[2]).convert("RGB")
    mask = Image.open(sys.argv[3]).convert("L")
    serve(lambda: alpha_matting_cutout(photo, mask, 240, 10, 10).getchannel("A").tobytes())

"""rembg: cut-outs, a folder of them, its alpha matting alone, and the first cut-out of a process.

    with_rembg.py cutout u2net_custom|dis_custom MODEL PHOTO
    with_rembg.py matting PHOTO MASK                  alpha of its alpha matting, with its default thresholds
    with_rembg.py folder u2net_custom MODEL FOLDER    a folder of photos to a folder of JPEGs on white
    with_rembg.py start MODEL PHOTO ANSWER            one cut-out with u2net_custom, written to a file
"""

import os
import sys
from pathlib import Path

# rembg takes models of one's own from its models folder only.
if sys.argv[1] in ("cutout", "folder", "start"):
    model = sys.argv[2 if sys.argv[1] == "start" else 3]
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
elif sys.argv[1] == "folder":
    from PIL import Image

    _, _, kind, model, folder = sys.argv
    session = new_session(kind, model_path=model)
    output = Path(folder + ".python")
    output.mkdir(exist_ok=True)

    def work():
        """Every photo of the folder; the first file is the answer."""
        for path in sorted(Path(folder).glob("*.jpg")):
            with Image.open(path) as photo:
                cutout = remove(photo, session=session)
            flat = Image.new("RGB", cutout.size, "white")
            flat.paste(cutout, mask=cutout.getchannel("A"))
            flat.save(output / path.name, quality=90)
        return (output / "00.jpg").read_bytes()

    serve(work)
else:
    from PIL import Image
    from rembg.bg import alpha_matting_cutout

    photo = Image.open(sys.argv[2]).convert("RGB")
    mask = Image.open(sys.argv[3]).convert("L")
    serve(lambda: alpha_matting_cutout(photo, mask, 240, 10, 10).getchannel("A").tobytes())

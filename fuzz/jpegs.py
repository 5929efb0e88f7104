"""Writes JPEGs of every kind, and beside each what libjpeg-turbo makes of it.

    python jpegs.py FOLDER          all, some thousands: for `cargo xtask soak jpeg`
    python jpegs.py FOLDER --few    a handful: how core/tests/data/jpeg was made

It needs Pillow, whose decoder is libjpeg-turbo, and cjpeg and jpegtran of libjpeg-turbo. index.txt has a line for each
file: its name and one of

    picture       read, with the samples of NAME.raw
    maybe         refused with any code of a photo, or read with these samples
    CODE,CODE     refused with one of these codes

NAME.raw holds 8-bit gray or RGB; of CMYK, RGB without colour management.
"""

import io
import math
import random
import subprocess
import sys
from pathlib import Path

from PIL import Image, ImageFile

from jpeg_writer import written

FOLDER = Path(sys.argv[1])
FEW = "--few" in sys.argv
# Files of a kind among the few.
MOST_OF_FEW = 1
EOI = b"\xff\xd9"
CUT, CORRUPT, UNSUPPORTED = "photo_truncated", "photo_corrupt", "photo_unsupported"
RANDOM = random.Random(12)
SIZES = [(1, 1), (2, 3), (3, 5), (5, 2), (7, 9), (8, 8), (9, 17), (15, 16), (16, 16), (17, 33), (31, 32), (33, 15),
         (48, 64), (63, 40), (65, 65), (200, 130)]
SAMPLINGS = ["1x1", "2x1", "1x2", "2x2", "4x1", "1x4", "4x2", "2x4", "3x1", "1x3", "3x2", "2x2,2x1,2x1", "2x2,1x2,1x2",
             "2x2,2x1,1x2", "2x1,1x1,2x1", "4x1,2x1,1x1", "1x1,2x2,2x2", "1x1,2x1,2x1", "1x2,2x1,2x1", "2x2,1x1,2x2",
             "4x4,1x1,1x1", "2x1,2x1,2x1", "2x2,2x2,2x2"]
UNEVEN = [[(3, 1), (2, 1), (2, 1)], [(2, 3), (1, 2), (1, 2)], [(3, 3), (2, 2), (1, 1)]]
SCANS = ["0;1;2;", "0 1 2;", "1;0;2;", "2;1;0;", "0;1 2;", "0 2;1;", "1 2;0;"]
SPECTRAL = [
    "0,1,2: 0-0, 0, 1; 0: 1-5, 0, 2; 2: 1-63, 0, 1; 1: 1-63, 0, 1; 0: 6-63, 0, 2; 0: 1-63, 2, 1; 0,1,2: 0-0, 1, 0;"
    "2: 1-63, 1, 0; 1: 1-63, 1, 0; 0: 1-63, 1, 0;",
    "0: 0-0, 0, 0; 1: 0-0, 0, 0; 2: 0-0, 0, 0; 0: 1-63, 0, 0; 1: 1-63, 0, 0; 2: 1-63, 0, 0;",
    "0,1,2: 0-0, 0, 3; 0,1,2: 0-0, 3, 2; 0,1,2: 0-0, 2, 1; 0,1,2: 0-0, 1, 0; 0: 1-9, 0, 0; 1: 1-9, 0, 0; 2: 1-9, 0, 0;"
    "0: 10-63, 0, 0; 1: 10-63, 0, 0; 2: 10-63, 0, 0;",
    "0,1,2: 0-0, 0, 0; 1: 1-63, 0, 2; 2: 1-63, 0, 2; 0: 1-63, 0, 2; 0: 1-63, 2, 1; 1: 1-63, 2, 1; 2: 1-63, 2, 1;"
    "0: 1-63, 1, 0; 1: 1-63, 1, 0; 2: 1-63, 1, 0;",
]
INDEX = []


def picture(size, mode="RGB"):
    """Waves and edges, a little noise; no two rows or columns alike."""
    width, height = size
    channels = {"L": 1, "LA": 2, "RGB": 3, "CMYK": 4}[mode]
    phase = RANDOM.random() * 6
    data = bytearray()
    for y in range(height):
        for x in range(width):
            for c in range(channels):
                wave = 90 * math.sin(phase + x / (5 + 3 * c)) + 50 * math.cos(y / (4 + c) - x / 11)
                edge = 70 if (x // 7 + y // 9 + c) % 3 == 0 else 0
                data.append(max(0, min(255, int(100 + wave + edge + RANDOM.randrange(9)))))
    return Image.frombytes(mode, size, bytes(data))


def run(program, *words, data):
    return subprocess.run([program, *words], input=data, capture_output=True, check=True).stdout


def cjpeg(image, *words):
    file = io.BytesIO()
    image.save(file, "PPM")
    return run("cjpeg", *words, data=file.getvalue())


def script_file(script):
    path = FOLDER / "scans"
    path.write_text(script)
    return str(path)


def with_scans(data, script, *words):
    return run("jpegtran", "-scans", script_file(script), *words, data=data)


def samples(data):
    """What libjpeg-turbo reads, or None."""
    try:
        image = Image.open(io.BytesIO(data))
        image.load()
    except Exception:
        return None
    if image.mode != "CMYK":
        return image.tobytes()
    inks = image.tobytes()
    light = bytearray()
    for place in range(0, len(inks), 4):
        black = 255 - inks[place + 3]
        light += bytes(((255 - ink) * black + 127) // 255 for ink in inks[place : place + 3])
    return bytes(light)


def add(name, data, verdict="picture", like=None):
    """`like` is the file whose samples these are, if libjpeg-turbo refuses the file itself."""
    if FEW and sum(f"-{name}.jpg" in line for line in INDEX) >= MOST_OF_FEW:
        return
    name = f"{len(INDEX):04}-{name}.jpg"
    (FOLDER / name).write_bytes(data)
    if verdict in ("picture", "maybe"):
        raw = samples(data if like is None else like)
        if raw is None:
            assert verdict == "maybe", name
            raw = b""
        (FOLDER / f"{name}.raw").write_bytes(raw)
    INDEX.append(f"{name} {verdict}\n")


# --- Segments -------------------------------------------------------------------------------------------------------


def segments(data):
    """Pairs of a marker and all its bytes, up to and with the coded samples of the first scan; then the rest."""
    at, out = 2, []
    while True:
        marker, length = data[at + 1], int.from_bytes(data[at + 2 : at + 4], "big")
        if marker == 0xDA:
            return out, data[at:]
        out.append((marker, data[at : at + 2 + length]))
        at += 2 + length


def assembled(parts, rest):
    return b"\xff\xd8" + b"".join(body for _, body in parts) + rest


def segment(marker, body):
    return (marker, bytes([0xFF, marker]) + (len(body) + 2).to_bytes(2, "big") + body)


def without(data, *markers):
    parts, rest = segments(data)
    return assembled([part for part in parts if part[0] not in markers], rest)


def before_all(data, *new):
    parts, rest = segments(data)
    return assembled([*new, *parts], rest)


def frame_changed(data, change):
    """`change` gets the frame's body as a bytearray."""
    parts, rest = segments(data)
    out = []
    for marker, body in parts:
        if marker in (0xC0, 0xC1, 0xC2):
            body = bytearray(body)
            change(body)
        out.append((marker, bytes(body)))
    return assembled(out, rest)


def renamed(data, ids):
    """Other ids for the components, in the frame and in the (single) scan."""

    def change(body):
        for place, new in enumerate(ids):
            body[10 + 3 * place] = new

    parts, rest = segments(frame_changed(data, change))
    rest = bytearray(rest)
    for place, new in enumerate(ids):
        rest[5 + 2 * place] = new
    return assembled(parts, bytes(rest))


def adobe(transform, length=12):
    return segment(0xEE, (b"Adobe\0\x64\0\0\0\0" + bytes([transform]))[:length])


JFIF = segment(0xE0, b"JFIF\0\1\1\0\0\1\0\1\0\0")


# --- Kinds ----------------------------------------------------------------------------------------------------------


def samplings():
    for sampling in SAMPLINGS:
        for size in SIZES if not FEW else [(37, 29)]:
            image = picture(size)
            factors = [sampling] if "," in sampling else [sampling, "1x1", "1x1"]
            words = ["-sample", ",".join(factors), "-quality", str(RANDOM.choice([30, 75, 92, 100]))]
            blocks = sum(int(a) * int(b) for a, b in (f.split("x") for f in ",".join(factors).split(",")))
            name = sampling.replace(",", "_")
            if blocks > 10:
                # Too many for a scan with all components.
                add(f"scans-{name}", cjpeg(image, *words, "-scans", script_file(SCANS[0])))
                continue
            data = cjpeg(image, *words)
            add(f"base-{name}", data)
            if FEW and sampling not in ("2x2", "1x1,2x2,2x2", "4x1"):
                continue
            add(f"progressive-{name}", run("jpegtran", "-progressive", data=data))
            add(f"scans-{name}", with_scans(data, RANDOM.choice(SCANS)))
            add(f"restart-{name}", run("jpegtran", "-restart", RANDOM.choice(["1B", "2B", "3B", "1", "2"]), data=data))
    for factors in UNEVEN:
        for size in SIZES[7:10]:
            add("uneven", written(picture(size), factors), UNSUPPORTED)


def scans():
    for size in SIZES[4:] if not FEW else [(37, 29)]:
        for sampling in ("1x1", "2x1", "2x2"):
            data = cjpeg(picture(size), "-sample", sampling, "-quality", "88")
            for script in SCANS if not FEW else SCANS[2:5:2]:
                add("scans", with_scans(data, script))
                add("scans-restart", with_scans(data, script, "-restart", "2B"))
            for script in SPECTRAL if not FEW else SPECTRAL[:1]:
                add("spectral", with_scans(data, script))
                add("spectral-restart", with_scans(data, script, "-restart", "3B"))


def gray():
    for size in SIZES if not FEW else [(23, 19)]:
        image = picture(size, "L")
        for words in (["-quality", "90"], ["-progressive"], ["-restart", "1B"], ["-sample", "2x2"], ["-sample", "3x2"]):
            add("gray", cjpeg(image, "-grayscale", *words))


def inks():
    """CMYK and YCCK, also with components of several sizes."""
    one = (1, 1)
    factors = [[one] * 4, [(2, 2), one, one, (2, 2)], [one, one, one, (2, 2)], [one, one, one, (2, 1)],
               [(2, 1), one, one, (2, 1)], [(2, 2), one, one, one], [(1, 2), one, one, (1, 2)]]
    for size in SIZES[:14] if not FEW else [(19, 21)]:
        image = picture(size, "CMYK")
        for each in factors if not FEW else factors[1:3]:
            data = written(image, each)
            name = "".join(f"{h}{v}" for h, v in each)
            for number, marker in enumerate(([], [adobe(0)], [adobe(2)], [JFIF, adobe(2)], [adobe(1)])):
                add(f"inks-{name}-{number}", before_all(data, *marker))
            data = before_all(data, adobe(RANDOM.choice([0, 2])))
            add("inks-progressive", run("jpegtran", "-copy", "all", "-progressive", data=data))
            add("inks-restart", run("jpegtran", "-restart", "1B", data=data))
            add("inks-scans", with_scans(data, RANDOM.choice(["0;1;2;3;", "3;0 1;2;", "0 1 2;3;"])))


def colors():
    """Every mixture of JFIF, Adobe and names of components."""
    for size in [(16, 16), (33, 15), (40, 40)] if not FEW else [(16, 8)]:
        plain = without(cjpeg(picture(size), "-sample", "2x1"), 0xE0)
        for ids in (b"\1\2\3", b"RGB", b"rgb", b"\0\1\2", b"\1\2\4", b"BGR", b"\x22\x23\x24"):
            short, other = segment(0xE0, b"JFIF\0\1\1"), segment(0xE0, b"JFXX\0\x10")
            headers = {"bare": [], "jfif": [JFIF], "short": [short], "jfxx": [other]}
            for header, jfif in headers.items():
                for transform in (None, 0, 1, 2, 7):
                    is_plain = transform in (None, 0) and header in ("bare", "jfif")
                    if FEW and not (is_plain and ids in (b"\1\2\3", b"RGB")):
                        continue
                    new = jfif + ([adobe(transform)] if transform is not None else [])
                    add(f"colors-{header}-{transform}-{ids.hex()}", before_all(renamed(plain, ids), *new))


def oddities():
    """Harmless: read as if nothing were."""
    for size in [(17, 33), (48, 31), (200, 130)] if not FEW else [(21, 17)]:
        for words in (["-sample", "2x2"], ["-sample", "1x1"], ["-progressive"], ["-restart", "1B"]):
            data = cjpeg(picture(size), *words)
            for length in (0, 4, 5, 7, 11):
                add("adobe-short", before_all(data, adobe(0, length)), like=data)
            for body in (b"", b"E", b"Exif", b"Exif\0", b"Exif\0\0", b"Exif\0\0II*\0", b"http://ns.adobe.com/xap/1.0/"):
                add("app1-short", before_all(data, segment(0xE1, body)), like=data)
            for marker in (0xE2, 0xED, 0xE5, 0xEF, 0xFE):
                add("segment-empty", before_all(data, segment(marker, b"")), like=data)
            junks = (b"\0", b"\0\0\0\0", b"junk", b"\xff\xff\xff", b"\xff\0", b"\xff\0\xff\0junk", bytes(range(200)))
            for junk in junks:
                more = [segment(0xFE, b"x"), (0, junk)]
                add("junk", before_all(data, *more, *more), like=data)
            parts, rest = segments(data)
            add("second-start", before_all(data, (0, b"\xff\xd8")), like=data)
            add("comments", before_all(data, *[segment(0xFE, b"x" * 50)] * 40), like=data)
            add("no-end", data[:-2], like=data)
            add("no-end-half", data[:-1], like=data)
            add("end-and-more", data + b"\xff\xd8\xff\xe0 more" + bytes(99), like=data)
            add("end-padded", data[:-2] + b"\xff\xff\xff" + EOI, like=data)
            add("zeros-before-end", data[:-2] + bytes(20) + EOI, "maybe")
            if words[0] != "-progressive":
                add("no-tables", without(data, 0xC4))
                add("tables-twice", assembled([*parts, *parts[1:2], *[p for p in parts if p[0] == 0xC4]], rest))
            if words[0] == "-sample":
                height = size[1].to_bytes(2, "big")

                def zero(body):
                    body[5:7] = b"\0\0"

                late = frame_changed(data, zero)
                add("late-height", late[:-2] + b"\xff\xdc\0\4" + height + EOI, like=data)
                add("no-height", late, CORRUPT)


def refused():
    """Kinds that cannot be read, and say so."""
    for size in [(17, 33), (64, 64)] if not FEW else [(9, 9)]:
        data = cjpeg(picture(size))
        add("arithmetic", run("jpegtran", "-arithmetic", data=data), UNSUPPORTED)
        add("arithmetic-progressive", run("jpegtran", "-arithmetic", "-progressive", data=data), UNSUPPORTED)
        for marker in (0xC3, 0xC5, 0xC6, 0xC7, 0xC9, 0xCA, 0xCB, 0xCD, 0xCE, 0xCF):

            def other(body):
                body[1] = marker

            add(f"frame-{marker:x}", frame_changed(data, other), UNSUPPORTED)
        for precision in (2, 7, 9, 12, 16):

            def deep(body):
                body[4] = precision

            add(f"bits-{precision}", frame_changed(data, deep), UNSUPPORTED)
        add("two-components", written(picture(size, "LA"), [(1, 1), (1, 1)]), UNSUPPORTED)
        add("no-scan", assembled(segments(data)[0], EOI), f"{CUT},{CORRUPT}")


def damage():
    """Cut, ended early, higher than its data, and with wrong bits."""
    bases = [("base", ["-sample", "2x2"]), ("full", ["-sample", "1x1"]), ("progressive", ["-progressive"]),
             ("restart", ["-restart", "1"]), ("gray", ["-grayscale"]), ("best", ["-quality", "100"])]
    sizes = [(33, 31), (64, 64), (200, 130), (300, 400)] if not FEW else [(40, 32)]
    for size in sizes:
        image = picture(size)
        files = [(name, cjpeg(image, *words)) for name, words in bases]
        files.append(("scans", with_scans(files[1][1], "0;1;2;")))
        for name, data in files if not FEW else files[::2]:
            for tenth in range(1, 10) if not FEW else (3, 9):
                cut = data[: len(data) * tenth // 10]
                add(f"cut-{name}", cut, CUT)
                add(f"ended-{name}", cut + EOI, f"{CUT},{CORRUPT}")
            for more in (1, 8, 16, 100, 3000):

                def higher(body):
                    body[5:7] = (size[1] + more).to_bytes(2, "big")

                # Rows that fill up the last blocks are there.
                verdict = "maybe" if size[1] % 16 and more <= 16 else f"{CUT},{CORRUPT}"
                add(f"higher-{name}", frame_changed(data, higher), verdict)
            for _ in range(12 if not FEW else 1):
                wrong = bytearray(data)
                for _ in range(RANDOM.choice([1, 1, 2, 5])):
                    wrong[RANDOM.randrange(20, len(wrong))] ^= 1 << RANDOM.randrange(8)
                add(f"bits-{name}", bytes(wrong), "maybe")
            coded = len(data) - len(segments(data)[1])
            for _ in range(12 if not FEW else 1):
                wrong = bytearray(data)
                wrong[RANDOM.randrange(coded + 14, len(wrong) - 2)] ^= 1 << RANDOM.randrange(8)
                add(f"coded-{name}", bytes(wrong), "maybe")
        lost = bytearray(files[3][1])
        at = lost.index(b"\xff\xd0")
        add("restart-lost", bytes(lost[:at] + lost[at + 2 :]), f"{CUT},{CORRUPT}")
        add("restart-wrong", bytes(lost[: at + 1] + b"\xd5" + lost[at + 2 :]), f"{CUT},{CORRUPT}")


def main():
    ImageFile.MAXBLOCK = 1 << 22
    FOLDER.mkdir(parents=True, exist_ok=True)
    for kind in (samplings, scans, gray, inks, colors, oddities, refused, damage):
        kind()
    (FOLDER / "scans").unlink(missing_ok=True)
    (FOLDER / "index.txt").write_text("".join(INDEX))
    print(len(INDEX), "files")


main()

"""Writes the photos and the net here that are made up from numbers. The net needs the packages onnx and numpy.

photos/tagged.png  64 x 48, a gradient of strong colours with the profile of a display with wide primaries
photos/noisy.png   64 x 64, gray, a slope under noise
photos/ring.png    64 x 64, a red ring on a pale ground, which shows through it
photos/disc.png    a mask for it that knows nothing of the hole
photos/bust.png    a mask of 320 x 272 that the lower edge cuts off
photos/pages.tif   two pages of 4 x 4
tiles.onnx         image [1, 3, h, w] -> [1, 3, 2h, 2w], half of each pixel and half of the mean of all: its answer shows
                   which pixels it was given together
"""

import random
import struct
import zlib
from pathlib import Path

import numpy as np
from onnx import TensorProto, checker, helper, numpy_helper, save

FOLDER = Path(__file__).parent


def png(width, height, kind, pixels, *chunks):
    line = len(pixels) // height
    lines = b"".join(b"\0" + pixels[start : start + line] for start in range(0, len(pixels), line))
    head = struct.pack(">IIBBBBB", width, height, 8, kind, 0, 0, 0)
    parts = [(b"IHDR", head), *chunks, (b"IDAT", zlib.compress(lines, 9)), (b"IEND", b"")]
    chunk = lambda name, data: struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunk(name, data) for name, data in parts)


def profile():
    """ICC version 2, red, green and blue as Display P3 has them (adapted to D50), and a gamma of 2.2."""
    fixed = lambda *values: b"".join(struct.pack(">i", round(value * 65536)) for value in values)
    place = lambda *values: b"XYZ " + bytes(4) + fixed(*values)
    text = b"Wide\0"
    curve = b"curv" + bytes(4) + struct.pack(">IH", 1, round(2.2 * 256)) + bytes(2)
    tags = {
        b"desc": b"desc" + bytes(4) + struct.pack(">I", len(text)) + text + bytes(78) + bytes(1),
        b"cprt": b"text" + bytes(4) + b"None\0" + bytes(3),
        b"wtpt": place(0.9642, 1.0, 0.8249),
        b"rXYZ": place(0.51512, 0.24120, -0.00105),
        b"gXYZ": place(0.29198, 0.69225, 0.04189),
        b"bXYZ": place(0.15710, 0.06657, 0.78407),
        b"rTRC": curve,
        b"gTRC": curve,
        b"bTRC": curve,
    }
    start, table, body = 128 + 4 + 12 * len(tags), b"", b""
    for name, data in tags.items():
        table += name + struct.pack(">II", start + len(body), len(data))
        body += data + bytes(-len(data) % 4)
    rest = struct.pack(">I", len(tags)) + table + body
    head = struct.pack(">I4sI4s4s4s", 128 + len(rest), bytes(4), 0x02400000, b"mntr", b"RGB ", b"XYZ ")
    head += struct.pack(">6H4s", 2026, 11, 30, 0, 0, 0, b"acsp") + bytes(28) + fixed(0.9642, 1.0, 0.8249)
    return head.ljust(128, b"\0") + rest


def tagged():
    pixels = bytes(value for y in range(48) for x in range(64) for value in (240 - 3 * x, 20 + 4 * y, 40 + 3 * x))
    return png(64, 48, 2, pixels, (b"iCCP", b"wide\0\0" + zlib.compress(profile(), 9)))


def noisy():
    noise = random.Random(1)
    value = lambda x, y: min(max(round(60 + 2 * x + noise.gauss(0, 12)), 0), 255)
    return png(64, 64, 0, bytes(value(x, y) for y in range(64) for x in range(64)))


def round_pixels(value):
    distance = lambda x, y: ((x - 31.5) ** 2 + (y - 31.5) ** 2) ** 0.5
    return b"".join(value(distance(x, y)) for y in range(64) for x in range(64))


def ring():
    return png(64, 64, 2, round_pixels(lambda far: b"\xc0\x20\x30" if 12 <= far < 26 else b"\xe0\xe4\xe8"))


def bust():
    inside = lambda x, y: 60 <= x < 220 and y >= 90
    return png(320, 272, 0, bytes(255 * inside(x, y) for y in range(272) for x in range(320)))


def disc():
    return png(64, 64, 0, round_pixels(lambda far: b"\xff" if far < 26 else b"\0"))


def pages():
    file = struct.pack("<2sHI", b"II", 42, 8 + 16)  # 16 samples, then the directories
    file += bytes(range(0, 256, 16))
    fields = [(256, 4), (257, 4), (258, 8), (259, 1), (262, 1), (273, 8), (277, 1), (278, 4), (279, 16)]
    for page in range(2):
        end = len(file) + 2 + 12 * len(fields) + 4
        file += struct.pack("<H", len(fields))
        file += b"".join(struct.pack("<HHII", tag, 4, 1, value) for tag, value in fields)
        file += struct.pack("<I", end if page == 0 else 0)
    return file


def tiles():
    port = lambda name, *sides: helper.make_tensor_value_info(name, TensorProto.FLOAT, [1, 3, *sides])
    tensor = lambda name, values: numpy_helper.from_array(np.asarray(values, np.float32), name)
    nodes = [
        helper.make_node("ReduceMean", ["image"], ["mean"], axes=[2, 3], keepdims=1),
        helper.make_node("Add", ["image", "mean"], ["sum"]),
        helper.make_node("Conv", ["sum", "halves"], ["each"], kernel_shape=[1, 1]),
        helper.make_node("DepthToSpace", ["each"], ["large"], blocksize=2, mode="CRD"),
    ]
    halves = tensor("halves", np.repeat(np.eye(3) / 2, 4, 0).reshape(12, 3, 1, 1))
    graph = helper.make_graph(nodes, "tiles", [port("image", "h", "w")], [port("large", "2h", "2w")], [halves])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    checker.check_model(model)
    return model


(FOLDER / "photos/tagged.png").write_bytes(tagged())
(FOLDER / "photos/noisy.png").write_bytes(noisy())
(FOLDER / "photos/ring.png").write_bytes(ring())
(FOLDER / "photos/disc.png").write_bytes(disc())
(FOLDER / "photos/bust.png").write_bytes(bust())
(FOLDER / "photos/pages.tif").write_bytes(pages())
save(tiles(), FOLDER / "tiles.onnx")

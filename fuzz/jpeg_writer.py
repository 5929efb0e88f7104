"""A small JPEG encoder for what others do not write: any number of components, of any size. Baseline, a single scan."""

import math

STEP = 12
COSINES = [
    [math.cos((2 * x + 1) * u * math.pi / 16) * (0.5 if u else math.sqrt(1 / 8)) for x in range(8)] for u in range(8)
]
ZIGZAG = sorted(
    ((y, x) for y in range(8) for x in range(8)),
    key=lambda place: (sum(place), place[0] if sum(place) % 2 else place[1]),
)


# All symbols with a run of zeros and up to ten bits: codes of eight bits, none of which is all ones.
SYMBOLS = [run << 4 | size for run in range(16) for size in range(11)]


def written(image, factors):
    """The components are the image's channels; `factors` has the sampling factors of each."""
    width, height = image.size
    most = max(h for h, _ in factors), max(v for _, v in factors)
    groups = math.ceil(width / 8 / most[0]), math.ceil(height / 8 / most[1])
    planes = []
    for channel, (h, v) in zip(image.split(), factors):
        size = math.ceil(width * h / most[0]), math.ceil(height * v / most[1])
        pixels = channel.resize(size).load()
        planes.append(lambda x, y, p=pixels, s=size: p[min(x, s[0] - 1), min(y, s[1] - 1)] - 128)
    bits, last = Bits(), [0] * len(factors)
    for gy in range(groups[1]):
        for gx in range(groups[0]):
            for number, (h, v) in enumerate(factors):
                for by in range(v):
                    for bx in range(h):
                        left, top = 8 * (gx * h + bx), 8 * (gy * v + by)
                        block = [[planes[number](left + x, top + y) for x in range(8)] for y in range(8)]
                        values = transformed(block)
                        last[number] = code(bits, values, last[number])
    count = len(factors)
    table = bytes([0, 0, 0, 0, 0, 0, 0, len(SYMBOLS), 0, 0, 0, 0, 0, 0, 0, 0]) + bytes(SYMBOLS)
    dc = bytes([0, 0, 0, 0, 0, 0, 0, 12, 0, 0, 0, 0, 0, 0, 0, 0]) + bytes(range(12))
    frame = bytes([8]) + height.to_bytes(2, "big") + width.to_bytes(2, "big") + bytes([count])
    frame += b"".join(bytes([number + 1, h << 4 | v, 0]) for number, (h, v) in enumerate(factors))
    scan = bytes([count]) + b"".join(bytes([number + 1, 0]) for number in range(count)) + bytes([0, 63, 0])
    tables = [(0xDB, b"\0" + bytes([STEP] * 64)), (0xC4, b"\0" + dc), (0xC4, b"\x10" + table)]
    parts = [*tables, (0xC0, frame), (0xDA, scan)]
    head = b"".join(bytes([0xFF, marker]) + (len(body) + 2).to_bytes(2, "big") + body for marker, body in parts)
    return b"\xff\xd8" + head + bits.end() + b"\xff\xd9"


def transformed(block):
    rows = [[sum(row[x] * COSINES[u][x] for x in range(8)) for u in range(8)] for row in block]
    return [round(sum(rows[y][u] * COSINES[v][y] for y in range(8)) / STEP) for v, u in ZIGZAG]


def code(bits, values, before):
    size = abs(values[0] - before).bit_length()
    bits.put(size, 8)
    bits.value(values[0] - before, size)
    zeros = 0
    for value in values[1:]:
        if value == 0:
            zeros += 1
            continue
        while zeros > 15:
            bits.put(SYMBOLS.index(0xF0), 8)
            zeros -= 16
        size = abs(value).bit_length()
        bits.put(SYMBOLS.index(zeros << 4 | size), 8)
        bits.value(value, size)
        zeros = 0
    if zeros:
        bits.put(SYMBOLS.index(0), 8)
    return values[0]


class Bits:
    def __init__(self):
        self.bits = []

    def put(self, number, size):
        self.bits += [number >> place & 1 for place in reversed(range(size))]

    def value(self, value, size):
        self.put(value if value >= 0 else value + (1 << size) - 1, size)

    def end(self):
        self.bits += [1] * (-len(self.bits) % 8)
        groups = (self.bits[place : place + 8] for place in range(0, len(self.bits), 8))
        data = bytes(sum(bit << 7 - place for place, bit in enumerate(group)) for group in groups)
        return data.replace(b"\xff", b"\xff\0")

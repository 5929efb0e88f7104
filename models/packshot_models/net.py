"""The matting net: a residual encoder-decoder that finds the subject at 256 px, and a thin finish at 384 px.

Why plain 3x3 convolutions: on the CPUs we train and run on they reach several times the arithmetic
rate of depthwise ones, so at equal time they hold more capacity. Why two sizes: whether something is
*the subject* is a question about the whole picture, which 256 px answer as well and much sooner; where
exactly its edge runs is a local question, which needs pixels and few channels. Why attention: the two
shoes of a pair, or the two ends of a car, are far apart for convolutions.
"""
from __future__ import annotations

from dataclasses import dataclass

import torch
import torch.nn as nn
import torch.nn.functional as F
from torch import Tensor


@dataclass(frozen=True)
class Plan:
    """What nets of this family differ in. Widths at 1/32, and of what meets the attention there, are the same in all."""

    widths: tuple[int, int, int, int] = (16, 32, 64, 96)  # at 1/2, 1/4, 1/8 and 1/16 on the way down
    up: tuple[int, int] = (48, 32)  # at 1/8 and 1/4 on the way up
    blocks: int = 0  # transformer blocks at 1/16, through which all that is deeper is reached


PLANS = {"plain": Plan(), "context": Plan(blocks=6), "wide": Plan((32, 64, 128, 160), (64, 48))}


def conv_bn(cin: int, cout: int, k: int = 3, stride: int = 1, dilation: int = 1, act: bool = True) -> nn.Sequential:
    """Convolution and batch norm (folded at export), with ReLU unless the caller adds first."""
    pad = dilation * (k // 2)
    layers: list[nn.Module] = [nn.Conv2d(cin, cout, k, stride, pad, dilation, bias=False), nn.BatchNorm2d(cout)]
    if act:
        layers.append(nn.ReLU(inplace=True))
    return nn.Sequential(*layers)


def sides(x: Tensor) -> list[int]:
    """Height and width, as numbers also where the graph is traced."""
    return [int(side) for side in x.shape[-2:]]


class Residual(nn.Module):
    """Two 3x3 convolutions around an identity path."""

    def __init__(self, c: int, dilation: int = 1) -> None:
        super().__init__()
        self.a = conv_bn(c, c, dilation=dilation)
        self.b = conv_bn(c, c, act=False)

    def forward(self, x: Tensor) -> Tensor:
        return F.relu(x + self.b(self.a(x)))


class Context(nn.Module):
    """Dilated branches plus a global average: gives every cell a view of the whole picture."""

    def __init__(self, c: int, mid: int) -> None:
        super().__init__()
        self.squeeze = conv_bn(c, mid, 1)
        self.branches = nn.ModuleList(conv_bn(mid, mid, dilation=d) for d in (1, 2, 4))
        self.whole = nn.Sequential(nn.Conv2d(c, c, 1), nn.ReLU(inplace=True))
        self.merge = conv_bn(mid * 4, c, 1)

    def forward(self, x: Tensor) -> Tensor:
        s = self.squeeze(x)
        parts = [s]
        for branch in self.branches:  # chained, so that dilations add up to a wide field
            parts.append(branch(parts[-1]))
        whole = self.whole(F.adaptive_avg_pool2d(x, 1))
        return x + self.merge(torch.cat(parts, 1)) + whole


class Attention(nn.Module):
    """Lets every cell look at every other one that resembles it; it starts as nothing."""

    def __init__(self, c: int, heads: int = 4) -> None:
        super().__init__()
        self.heads = heads
        self.query, self.key, self.value = (conv_bn(c, c, 1, act=False) for _ in range(3))
        self.out = conv_bn(c, c, 1, act=False)

    def forward(self, x: Tensor) -> Tensor:
        b, c, h, w = map(int, x.shape)
        q, k, v = (m(x).reshape(b, self.heads, c // self.heads, h * w) for m in (self.query, self.key, self.value))
        weights = torch.softmax(k.transpose(2, 3) @ q * (c // self.heads) ** -.5, dim=2)
        return F.relu(x + self.out((v @ weights).reshape(b, c, h, w)))


class Block(nn.Module):
    """A transformer block on a map: attention, then each cell by itself; it starts as nothing."""

    def __init__(self, c: int) -> None:
        super().__init__()
        self.look = Attention(c)
        self.think = nn.Sequential(conv_bn(c, 3 * c, 1), conv_bn(3 * c, c, 1, act=False))
        self.near = conv_bn(c, c, 3, act=False)

    def forward(self, x: Tensor) -> Tensor:
        x = self.look(x)
        return F.relu(x + self.think(x) + self.near(x))


class Up(nn.Module):
    """Brings the deeper map to the size of `skip`, adds both after 1x1 projections, refines."""

    def __init__(self, cdeep: int, cskip: int, cout: int, n: int) -> None:
        super().__init__()
        self.deep = conv_bn(cdeep, cout, 1, act=False)
        self.skip = conv_bn(cskip, cout, 1, act=False)
        self.refine = nn.Sequential(*[conv_bn(cout, cout) for _ in range(n)])

    def forward(self, deep: Tensor, skip: Tensor) -> Tensor:
        up = F.interpolate(self.deep(deep), scale_factor=2, mode="bilinear", align_corners=False)
        return self.refine(F.relu(up + self.skip(skip)))


class PackshotNet(nn.Module):
    """RGB picture (ImageNet-normalised) to logits of alpha.

    `forward(x)` finds the subject in a reduction by 1.5 and gives logits at full size, then those of the
    coarser levels. `forward(x, fine=False)` takes the reduced picture, of about 256 px, and gives only the
    coarser levels, from a quarter of its size: the rest costs twice as much, and is learned last.
    """

    def __init__(self, plan: str = "plain") -> None:
        super().__init__()
        self.plan = plan
        (w2, w4, w8, w16), (up8, up4), blocks = (getattr(PLANS[plan], f) for f in ("widths", "up", "blocks"))
        self.stem = nn.Sequential(conv_bn(3, w2, stride=2), conv_bn(w2, w2))
        self.s4 = nn.Sequential(conv_bn(w2, w4, stride=2), Residual(w4), Residual(w4))
        self.s8 = nn.Sequential(conv_bn(w4, w8, stride=2), Residual(w8), Residual(w8))
        self.s16 = nn.Sequential(conv_bn(w8, w16, stride=2), Residual(w16), Residual(w16, 2), Residual(w16, 4))
        self.path = nn.Sequential(*[Block(w16) for _ in range(blocks)])
        self.s32 = nn.Sequential(conv_bn(w16, 128, stride=2), Residual(128), Context(128, 64))
        self.whole = nn.Sequential(Residual(128), Attention(128), Residual(128), Attention(128))
        self.u16 = Up(128, w16, 80, 2)
        self.like = Attention(80)
        self.u8 = Up(80, w8, up8, 2)
        self.u4 = Up(up8, w4, up4, 2)
        self.u2 = Up(up4, w2, 16, 1)
        self.head2 = nn.Conv2d(16, 1, 1)
        self.near = conv_bn(3, 16, stride=2)
        self.detail = nn.Sequential(conv_bn(32, 16), conv_bn(16, 16, act=False))
        self.full = conv_bn(3, 8)
        self.u1 = Up(16, 8, 8, 1)
        self.head = nn.Conv2d(8, 1, 3, padding=1)
        self.sides = nn.ModuleList(nn.Conv2d(c, 1, 1) for c in (up4, up8, 80, 128))
        for m in self.modules():
            if isinstance(m, nn.Conv2d):
                nn.init.kaiming_normal_(m.weight, nonlinearity="relu")
                if m.bias is not None:
                    nn.init.zeros_(m.bias)
        for m in self.modules():  # what was added to a trained net starts as nothing
            if isinstance(m, Residual):
                nn.init.constant_(m.b[1].weight, 0.5)
            elif isinstance(m, Attention):
                nn.init.zeros_(m.out[1].weight)
            elif isinstance(m, Block):
                nn.init.zeros_(m.think[1][1].weight)
                nn.init.zeros_(m.near[1].weight)
        for m in (self.s16[3], self.whole[0], self.whole[2]):
            nn.init.zeros_(m.b[1].weight)
        nn.init.zeros_(self.detail[1][1].weight)
        nn.init.zeros_(self.head.weight)

    def features(self, x: Tensor) -> list[Tensor]:
        """What the coarse heads see, finest first, and after those the features at half size."""
        f2 = self.stem(x)
        f4 = self.s4(f2)
        f8 = self.s8(f4)
        f16 = self.path(self.s16(f8))
        f32 = self.whole(self.s32(f16))
        d16 = self.like(self.u16(f32, f16))
        d8 = self.u8(d16, f8)
        d4 = self.u4(d8, f4)
        return [d4, d8, d16, f32, f2]

    def find(self, x: Tensor) -> tuple[Tensor, Tensor, list[Tensor]]:
        """Features at half and at quarter size, and coarse logits, finest first."""
        d4, *others, f2 = self.features(x)
        return f2, d4, [m(f) for m, f in zip(self.sides, (d4, *others))]

    def finish(self, x: Tensor, f2: Tensor, d4: Tensor) -> Tensor:
        """Logits at the size of `x`: of the features at hand, enlarged, plus what the pixels say about the edge."""
        d2 = self.u2(d4, f2)
        near = self.near(x)
        rough = F.interpolate(self.head2(d2), size=sides(x), mode="bilinear", align_corners=False)
        d2 = F.interpolate(d2, size=sides(near), mode="bilinear", align_corners=False)
        d2 = F.relu(d2 + self.detail(torch.cat([d2, near], 1)))
        return rough + self.head(self.u1(d2, self.full(x)))

    def forward(self, x: Tensor, fine: bool = True) -> list[Tensor]:
        if not fine:
            return self.find(x)[2]
        small = F.interpolate(x, size=[side * 2 // 3 for side in sides(x)], mode="bilinear", align_corners=False)
        f2, d4, coarse = self.find(small)
        return [self.finish(x, f2, d4), *coarse]


class Deployed(nn.Module):
    """What the ONNX file computes: alpha in 0..1, no side outputs."""

    def __init__(self, net: PackshotNet) -> None:
        super().__init__()
        self.net = net.eval()

    def forward(self, image: Tensor) -> Tensor:
        return torch.sigmoid(self.net(image)[0])

"""The matting net: a small residual encoder-decoder made of plain convolutions.

Why plain 3x3 convolutions: on the CPUs we train and run on they reach several times the arithmetic
rate of depthwise ones, so at equal time they hold more capacity. Why 1/32: whether something is *the
subject* is a question about the whole picture, so the deepest level mixes dilated branches and a
global average. The last two levels are thin; they only place the edge.
"""
from __future__ import annotations

import torch
import torch.nn as nn
import torch.nn.functional as F
from torch import Tensor


def conv_bn(cin: int, cout: int, k: int = 3, stride: int = 1, dilation: int = 1, act: bool = True) -> nn.Sequential:
    """Convolution and batch norm (folded at export), with ReLU unless the caller adds first."""
    pad = dilation * (k // 2)
    layers: list[nn.Module] = [nn.Conv2d(cin, cout, k, stride, pad, dilation, bias=False), nn.BatchNorm2d(cout)]
    if act:
        layers.append(nn.ReLU(inplace=True))
    return nn.Sequential(*layers)


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
    """RGB picture (ImageNet-normalised) to logits of alpha at the same size.

    In training it also returns coarse logits (1/4, 1/8, 1/16, 1/32) for deep supervision. Most of the
    training asks for `fine=False`: logits at half size from `head2`, without the full-size level, which
    costs a third of the time and is learned in the last part.
    """

    def __init__(self) -> None:
        super().__init__()
        self.full = conv_bn(3, 8)
        self.stem = nn.Sequential(conv_bn(3, 16, stride=2), conv_bn(16, 16))
        self.s4 = nn.Sequential(conv_bn(16, 32, stride=2), Residual(32), Residual(32))
        self.s8 = nn.Sequential(conv_bn(32, 64, stride=2), Residual(64), Residual(64))
        self.s16 = nn.Sequential(conv_bn(64, 96, stride=2), Residual(96), Residual(96, 2))
        self.s32 = nn.Sequential(conv_bn(96, 128, stride=2), Residual(128), Context(128, 64))
        self.u16 = Up(128, 96, 80, 2)
        self.u8 = Up(80, 64, 48, 2)
        self.u4 = Up(48, 32, 32, 2)
        self.u2 = Up(32, 16, 16, 1)
        self.u1 = Up(16, 8, 8, 1)
        self.head = nn.Conv2d(8, 1, 3, padding=1)
        self.sides = nn.ModuleList(nn.Conv2d(c, 1, 1) for c in (32, 48, 80, 128))
        self.head2 = nn.Conv2d(16, 1, 1)
        for m in self.modules():
            if isinstance(m, nn.Conv2d):
                nn.init.kaiming_normal_(m.weight, nonlinearity="relu")
                if m.bias is not None:
                    nn.init.zeros_(m.bias)
            elif isinstance(m, Residual):
                nn.init.constant_(m.b[1].weight, 0.5)
        nn.init.zeros_(self.head.weight)

    def forward(self, x: Tensor, fine: bool = True) -> tuple[Tensor, list[Tensor]]:
        f2 = self.stem(x)
        f4 = self.s4(f2)
        f8 = self.s8(f4)
        f16 = self.s16(f8)
        f32 = self.s32(f16)
        d16 = self.u16(f32, f16)
        d8 = self.u8(d16, f8)
        d4 = self.u4(d8, f4)
        d2 = self.u2(d4, f2)
        sides = [m(f) for m, f in zip(self.sides, (d4, d8, d16, f32))] if self.training else []
        logits = self.head2(d2)
        if fine:  # what the full-size level adds; it starts as nothing
            up = F.interpolate(logits, scale_factor=2, mode="bilinear", align_corners=False)
            logits = up + self.head(self.u1(d2, self.full(x)))
        return logits, sides


class Deployed(nn.Module):
    """What the ONNX file computes: alpha in 0..1, no side outputs.

    A checkpoint from before the fine part has only half-size logits; they are enlarged.
    """

    def __init__(self, net: PackshotNet, fine: bool) -> None:
        super().__init__()
        self.net, self.fine = net.eval(), fine

    def forward(self, image: Tensor) -> Tensor:
        logits = self.net(image, self.fine)[0]
        if not self.fine:
            logits = F.interpolate(logits, scale_factor=2, mode="bilinear", align_corners=False)
        return torch.sigmoid(logits)

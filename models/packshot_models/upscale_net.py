"""The upscaling net: plain 3x3 convolutions at the small size, added to a fixed bicubic enlargement.

No convolution but the first has a bias, and that of the first only moves white to zero. So a white surrounding gives
zeros in every layer and comes out as exactly white, whatever the weights, also where two sets of weights are mixed.
"""
from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

SLOPE = .1  # of the leaky rectifier


def cubic(t: float) -> float:
    """Keys' kernel with a = -0.5, as in the bicubic filter of Pillow and Matlab."""
    t = abs(t)
    return 1.5 * t ** 3 - 2.5 * t ** 2 + 1 if t < 1 else -.5 * t ** 3 + 2.5 * t ** 2 - 4 * t + 2 if t < 2 else 0.0


def anchor(scale: int) -> Tensor:
    """Fixed (scale * scale * 3) x 3 x 5 x 5 filters that enlarge bicubically; channel (dy * scale + dx) * 3 + colour."""
    taps = torch.tensor([[cubic((d + .5) / scale - .5 - k) for k in range(-2, 3)] for d in range(scale)])
    taps = taps / taps.sum(1, keepdim=True)
    planes = torch.einsum("ay,bx->abyx", taps, taps)
    return torch.einsum("abyx,oi->aboiyx", planes, torch.eye(3)).reshape(scale * scale * 3, 3, 5, 5).contiguous()


class UpscaleNet(nn.Module):
    """Picture 1x3xHxW of 0..1 to 1x3x(scale H)x(scale W); `depth` inner convolutions of `width` channels."""

    def __init__(self, scale: int, width: int = 32, depth: int = 6) -> None:
        super().__init__()
        self.scale, self.width, self.depth = scale, width, depth
        sizes = [3, *[width] * (depth + 1), 3 * scale * scale]
        self.body = nn.ModuleList(nn.Conv2d(a, b, 3, padding=1, bias=False) for a, b in zip(sizes[:-1], sizes[1:], strict=True))
        self.register_buffer("anchor", anchor(scale), persistent=False)
        for conv in self.body:
            nn.init.kaiming_normal_(conv.weight, a=SLOPE, nonlinearity="leaky_relu")
        for conv in self.body[1:-1]:  # each layer begins as a residual one: that is part of its middle tap
            with torch.no_grad():
                conv.weight.mul_(.5)
                conv.weight[:, :, 1, 1] += torch.eye(width)
        nn.init.normal_(self.body[-1].weight, std=1e-3)

    @property
    def halo(self) -> int:
        """Pixels of the input around a tile that its result depends on."""
        return len(self.body)

    def forward(self, image: Tensor) -> Tensor:
        x = image - 1
        for conv in self.body[:-1]:
            x = F.leaky_relu(conv(x), SLOPE)
        x = self.body[-1](x) + F.conv2d(image, self.anchor, padding=2)
        n, _, h, w = x.shape
        s = self.scale
        return x.view(n, s, s, 3, h, w).permute(0, 3, 4, 1, 5, 2).reshape(n, 3, h * s, w * s)

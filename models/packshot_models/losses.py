"""Training loss for alpha mattes."""
from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor


def edge_weight(alpha: Tensor, radius: int = 4, gain: float = 3.0) -> Tensor:
    """1 away from the contour, 1 + gain near it: the edge is few pixels, but it is what buyers see."""
    k = 2 * radius + 1
    mean = F.avg_pool2d(F.avg_pool2d(alpha, (k, 1), 1, (radius, 0)), (1, k), 1, (0, radius))
    return 1.0 + gain * 4.0 * mean * (1.0 - mean)


def soft_iou(p: Tensor, a: Tensor) -> Tensor:
    """1 - IoU per picture, on soft masks; it counts a small object as much as a large one."""
    inter = (p * a).sum((1, 2, 3))
    union = (p + a - p * a).sum((1, 2, 3))
    return (1 - (inter + 1) / (union + 1)).mean()


def worst_regions(p: Tensor, a: Tensor, cells: int = 16, share: float = .06) -> Tensor:
    """Mean error of the worst few of 16 x 16 regions of a picture: a hole in a cushion, or a patch of ground that stayed.

    Averages over the whole picture hardly notice either, and an error of both signs along an edge cancels here.
    """
    size = max(1, p.shape[-1] // cells)
    error = F.avg_pool2d(p - a, size).abs().flatten(1)
    return error.topk(max(1, round(share * error.shape[1])), 1).values.mean()


def matte_loss(levels: list[Tensor], alpha: Tensor, regions: float = 0.0) -> tuple[Tensor, dict[str, float]]:
    """Weighted cross entropy + soft IoU + L1 + gradient difference for the finest logits, the first two for the others;
    and `regions` times the error of the worst ones."""
    whole, (logits, *coarse) = alpha, levels
    if logits.shape[-1] != alpha.shape[-1]:
        alpha = F.interpolate(alpha, size=logits.shape[-2:], mode="area")
    w = edge_weight(alpha, 4 if logits.shape[-1] == whole.shape[-1] else 2)
    p = torch.sigmoid(logits)
    bce = (F.binary_cross_entropy_with_logits(logits, alpha, reduction="none") * w).sum() / w.sum()
    l1 = ((p - alpha).abs() * w).sum() / w.sum()
    iou = soft_iou(p, alpha)
    gx = ((p[..., 1:] - p[..., :-1]) - (alpha[..., 1:] - alpha[..., :-1])).abs().mean()
    gy = ((p[..., 1:, :] - p[..., :-1, :]) - (alpha[..., 1:, :] - alpha[..., :-1, :])).abs().mean()
    worst = worst_regions(p, alpha)
    main = bce + iou + l1 + 2.0 * (gx + gy) + regions * worst
    side = logits.new_zeros(())
    for s in coarse:
        a = F.interpolate(whole, size=s.shape[-2:], mode="area")
        side = side + F.binary_cross_entropy_with_logits(s, a) + soft_iou(torch.sigmoid(s), a)
    total = main + 0.25 * side
    return total, {"bce": bce.item(), "iou": 1 - iou.item(), "l1": l1.item(), "worst": worst.item(), "total": total.item()}

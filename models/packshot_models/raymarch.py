"""A small sphere tracer (numba) for solids made of a few primitives, giving geometry buffers and shadows.

Each primitive is a row of PRIM floats: kind, world-to-local rotation (9), centre (3), four sizes,
blend radius, material, operation (0 add, 1 cut away), lathe table row. Distances of curved kinds are
lower bounds, hence the step factor below 1.
"""
from __future__ import annotations

import numpy as np
from numba import njit

PRIM = 21
ELLIPSOID, BOX, CAPSULE, CYLINDER, TORUS, LATHE = range(6)
TABLE = 64


@njit(fastmath=True, error_model="numpy", inline="always")
def _local(q, r, x, y, z):  # noqa: ANN001, ANN202 - numba infers
    dx, dy, dz = x - q[r, 10], y - q[r, 11], z - q[r, 12]
    return (q[r, 1] * dx + q[r, 2] * dy + q[r, 3] * dz, q[r, 4] * dx + q[r, 5] * dy + q[r, 6] * dz,
            q[r, 7] * dx + q[r, 8] * dy + q[r, 9] * dz)


@njit(fastmath=True, error_model="numpy")
def _distance(q, tables, r, x, y, z):  # noqa: ANN001, ANN202
    px, py, pz = _local(q, r, x, y, z)
    a, b, c, e = q[r, 13], q[r, 14], q[r, 15], q[r, 16]
    kind = int(q[r, 0])
    if kind == ELLIPSOID:
        k0 = np.sqrt((px / a) ** 2 + (py / b) ** 2 + (pz / c) ** 2)
        k1 = np.sqrt((px / (a * a)) ** 2 + (py / (b * b)) ** 2 + (pz / (c * c)) ** 2)
        return k0 * (k0 - 1.0) / max(k1, 1e-6)
    if kind == BOX:
        qx, qy, qz = abs(px) - a + e, abs(py) - b + e, abs(pz) - c + e
        mx, my, mz = max(qx, 0.0), max(qy, 0.0), max(qz, 0.0)
        return np.sqrt(mx * mx + my * my + mz * mz) + min(max(qx, max(qy, qz)), 0.0) - e
    if kind == CAPSULE:
        t = min(max((py + a) / (2.0 * a), 0.0), 1.0)
        dy = py - (2.0 * t - 1.0) * a
        return np.sqrt(px * px + dy * dy + pz * pz) - (b + (c - b) * t)
    if kind == TORUS:
        py2 = max(abs(py) - c, 0.0)
        m = np.sqrt(px * px + py2 * py2) - a
        return np.sqrt(m * m + pz * pz) - b
    rho = np.sqrt(px * px + pz * pz)
    if kind == CYLINDER:
        qx, qy = rho - a + e, abs(py) - b + e
        mx, my = max(qx, 0.0), max(qy, 0.0)
        return np.sqrt(mx * mx + my * my) + min(max(qx, qy), 0.0) - e
    row = int(q[r, 20])
    f = min(max((py / b * .5 + .5) * (TABLE - 1), 0.0), TABLE - 1.001)
    i = int(f)
    rad = tables[row, i] * (1 - (f - i)) + tables[row, i + 1] * (f - i)
    qx, qy = (rho - rad) * c, abs(py) - b
    return max(qx, qy) if qx < 0 or qy < 0 else np.sqrt(qx * qx + qy * qy)


@njit(fastmath=True, error_model="numpy")
def field(q, tables, x, y, z):  # noqa: ANN001, ANN202
    """Distance to the solid and the row of the primitive that is nearest."""
    d, row = 1e9, 0
    for r in range(q.shape[0]):
        e = _distance(q, tables, r, x, y, z)
        k = q[r, 17]
        if q[r, 19] > .5:
            if -e > d:
                d, row = -e, r
        else:
            if e < d:
                row = r
            if k > 0:
                h = max(k - abs(d - e), 0.0) / k
                d = min(d, e) - h * h * k * .25
            else:
                d = min(d, e)
    return d, row


@njit(fastmath=True, error_model="numpy")
def _shadow(q, tables, x, y, z, lx, ly, lz, soft):  # noqa: ANN001, ANN202
    res, t = 1.0, .03
    for _ in range(28):
        d, _r = field(q, tables, x + lx * t, y + ly * t, z + lz * t)
        res = min(res, .5 + .5 * d / (soft * t))
        if res < 0.0 or t > 5.0:
            break
        t += min(max(d, .03), .3)
    res = min(max(res, 0.0), 1.0)
    return res * res * (3 - 2 * res)


@njit(fastmath=True, error_model="numpy")
def trace(q, tables, n, eye, right, up, fwd, focal, key, soft, floor, radius):  # noqa: ANN001, ANN202
    """Buffers of n x n: coverage, normal in view space, uv, material, key-light shadow, occlusion, floor light.

    y is up; the floor (if any) is y = 0. Coverage at the outline comes from how closely a ray misses.
    """
    cover = np.zeros((n, n), np.float32)
    nrm = np.zeros((n, n, 3), np.float32)
    uv = np.zeros((n, n, 2), np.float32)
    mat = np.zeros((n, n), np.int32)
    sun = np.ones((n, n), np.float32)
    occ = np.ones((n, n), np.float32)
    ground = np.ones((n, n), np.float32)
    pix = 1.0 / (n * focal)
    dist0 = np.sqrt(eye[0] ** 2 + eye[1] ** 2 + eye[2] ** 2)
    for j in range(n):
        for i in range(n):
            sx, sy = (i + .5) / n - .5, .5 - (j + .5) / n
            dx = fwd[0] * focal + right[0] * sx + up[0] * sy
            dy = fwd[1] * focal + right[1] * sx + up[1] * sy
            dz = fwd[2] * focal + right[2] * sx + up[2] * sy
            ln = 1.0 / np.sqrt(dx * dx + dy * dy + dz * dz)
            dx, dy, dz = dx * ln, dy * ln, dz * ln
            tf = 1e9
            if floor and dy < -1e-4:
                tf = -eye[1] / dy
            # bounding sphere around (0, radius * .8, 0)
            ox, oy, oz = eye[0], eye[1] - radius * .8, eye[2]
            bq = ox * dx + oy * dy + oz * dz
            cq = ox * ox + oy * oy + oz * oz - (radius * 1.5) ** 2
            disc = bq * bq - cq
            best, tb, t, hit, row = 1e9, 0.0, 0.0, False, 0
            if disc > 0:
                t = max(-bq - np.sqrt(disc), 0.0)
                tmax = min(-bq + np.sqrt(disc), tf + .02)
                for _ in range(90):
                    d, row = field(q, tables, eye[0] + dx * t, eye[1] + dy * t, eye[2] + dz * t)
                    rel = d / (t * pix)
                    if rel < best:
                        best, tb = rel, t
                    if rel < .25:
                        hit = True
                        break
                    t += d * .85
                    if t > tmax:
                        break
            if not hit and best < .75:
                t = tb
                _d, row = field(q, tables, eye[0] + dx * t, eye[1] + dy * t, eye[2] + dz * t)
            if hit or best < .75:
                cover[j, i] = 1.0 if hit else max(0.0, 1.0 - (best - .25) * 2)
                x, y, z = eye[0] + dx * t, eye[1] + dy * t, eye[2] + dz * t
                h = .5 * t * pix + 5e-4
                ax = field(q, tables, x + h, y, z)[0] - field(q, tables, x - h, y, z)[0]
                ay = field(q, tables, x, y + h, z)[0] - field(q, tables, x, y - h, z)[0]
                az = field(q, tables, x, y, z + h)[0] - field(q, tables, x, y, z - h)[0]
                m = 1.0 / max(np.sqrt(ax * ax + ay * ay + az * az), 1e-9)
                ax, ay, az = ax * m, ay * m, az * m
                nrm[j, i, 0] = ax * right[0] + ay * right[1] + az * right[2]
                nrm[j, i, 1] = -(ax * up[0] + ay * up[1] + az * up[2])
                nrm[j, i, 2] = -(ax * fwd[0] + ay * fwd[1] + az * fwd[2])
                px, py, pz = _local(q, row, x, y, z)
                kind = int(q[row, 0])
                if kind == CYLINDER or kind == LATHE or kind == CAPSULE:
                    uv[j, i, 0] = np.arctan2(px, pz) * .32
                    uv[j, i, 1] = -py
                else:
                    qx = q[row, 1] * ax + q[row, 2] * ay + q[row, 3] * az
                    qy = q[row, 4] * ax + q[row, 5] * ay + q[row, 6] * az
                    qz = q[row, 7] * ax + q[row, 8] * ay + q[row, 9] * az
                    if abs(qz) >= abs(qx) and abs(qz) >= abs(qy):
                        uv[j, i, 0], uv[j, i, 1] = px * np.sign(qz), -py
                    elif abs(qx) >= abs(qy):
                        uv[j, i, 0], uv[j, i, 1] = -pz * np.sign(qx), -py
                    else:
                        uv[j, i, 0], uv[j, i, 1] = px, pz
                mat[j, i] = int(q[row, 18])
                e = .01
                sun[j, i] = _shadow(q, tables, x + ax * e, y + ay * e, z + az * e, key[0], key[1], key[2], soft)
                o = 0.0
                for s in range(1, 4):
                    g = .06 * s
                    o += max(0.0, g - field(q, tables, x + ax * g, y + ay * g, z + az * g)[0]) / (g * (1 << s))
                occ[j, i] = max(0.0, 1.0 - o)
            if cover[j, i] < 1.0 and tf < dist0 * 4:
                x, z = eye[0] + dx * tf, eye[2] + dz * tf
                s = _shadow(q, tables, x, .002, z, key[0], key[1], key[2], soft)
                o = 0.0
                for k in range(1, 5):
                    g = .08 * k
                    o += max(0.0, g - field(q, tables, x, g, z)[0]) / (g * (1 << k))
                ground[j, i] = (.45 + .55 * s) * (1.0 - .75 * min(o, 1.0))
    return cover, nrm, uv, mat, sun, occ, ground

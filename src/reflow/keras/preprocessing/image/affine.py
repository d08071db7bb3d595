"""Rotations, shifts, shears and zooms of pictures, fixed and random."""

from __future__ import annotations

import numpy as np

__all__ = [
    "apply_affine_transform",
    "random_rotation",
    "random_shear",
    "random_shift",
    "random_zoom",
]


def affine_matrix(theta=0, tx=0, ty=0, shear=0, zx=1, zy=1):
    """The matrix, 3 x 3, that takes the new picture's (row, column, 1) to the old one's.

    It is rotation @ shift @ shear @ zoom, with angles in degrees:

        [cos t  -sin t  0]   [1  0  tx]   [1  -sin s  0]   [zx   0  0]
        [sin t   cos t  0] @ [0  1  ty] @ [0   cos s  0] @ [ 0  zy  0]
        [  0       0    1]   [0  0   1]   [0     0    1]   [ 0   0  1]
    """
    matrix = np.eye(3)
    if theta:
        t = np.deg2rad(theta)
        matrix = matrix @ [[np.cos(t), -np.sin(t), 0], [np.sin(t), np.cos(t), 0], [0, 0, 1]]
    if tx or ty:
        matrix = matrix @ [[1, 0, tx], [0, 1, ty], [0, 0, 1]]
    if shear:
        s = np.deg2rad(shear)
        matrix = matrix @ [[1, -np.sin(s), 0], [0, np.cos(s), 0], [0, 0, 1]]
    if zx != 1 or zy != 1:
        matrix = matrix @ [[zx, 0, 0], [0, zy, 0], [0, 0, 1]]
    return matrix


def around_centre(matrix, height, width):
    """The same transformation around the point (height / 2 + 1/2, width / 2 + 1/2), as in Keras."""
    row, column = height / 2.0 + 0.5, width / 2.0 + 0.5
    there = np.array([[1, 0, row], [0, 1, column], [0, 0, 1]])
    back = np.array([[1, 0, -row], [0, 1, -column], [0, 0, 1]])
    return there @ matrix @ back


def apply_affine_transform(
    x,
    theta=0,
    tx=0,
    ty=0,
    shear=0,
    zx=1,
    zy=1,
    row_axis=0,
    col_axis=1,
    channel_axis=2,
    fill_mode="nearest",
    cval=0.0,
    order=1,
):
    """Rotates, shifts, shears and zooms a picture around its centre.

    Args:
      x: an array of rank 3.
      theta: the rotation in degrees.
      tx: the shift along the rows, in pixels.
      ty: the shift along the columns.
      shear: the shear angle in degrees.
      zx: the zoom along the rows; less than 1 makes things larger.
      zy: the zoom along the columns.
      row_axis, col_axis, channel_axis: which axis is which.
      fill_mode: ``"nearest"``, ``"constant"``, ``"reflect"`` or ``"wrap"``: what stands outside.
      cval: the constant for ``"constant"``.
      order: the order of the spline that interpolates, 0 to 5.

    Returns:
      An array of the same shape and dtype.

    Raises:
      RuntimeError: if ``fill_mode`` is another name.
    """
    if not (theta or tx or ty or shear or zx != 1 or zy != 1):
        return x
    matrix = affine_matrix(theta, tx, ty, shear, zx, zy)
    matrix = around_centre(matrix, x.shape[row_axis], x.shape[col_axis])
    channels = np.moveaxis(x, channel_axis, 0)
    rows, columns = np.indices(channels.shape[1:], dtype=np.float64)
    places = [(m[2] + m[0] * rows) + m[1] * columns for m in matrix[:2]]
    changed = [_sampled(channel, places, fill_mode, cval, order) for channel in channels]
    return np.moveaxis(np.stack(changed, axis=0), 0, channel_axis)


def _sampled(channel, places, fill_mode, cval, order):
    """A channel's values between its pixels, by splines.

    They are those of SciPy 1.4, which TensorFlow 2.1 came with: coordinates outside are moved
    inside first, and splines continue by mirroring. Later versions treat the edges otherwise.
    """
    from scipy import ndimage

    coefficients = channel.astype(np.float64)
    if order > 1:
        coefficients = ndimage.spline_filter(coefficients, order, mode="mirror")
    inside = [_moved_inside(at, n, fill_mode) for at, n in zip(places, channel.shape, strict=True)]
    values = ndimage.map_coordinates(
        coefficients, inside, order=order, mode="mirror", prefilter=False
    )
    if fill_mode == "constant":
        outside = [(at < 0) | (at > n - 1) for at, n in zip(places, channel.shape, strict=True)]
        values = np.where(outside[0] | outside[1], cval, values)
    return _as_type(values, channel.dtype)


def _moved_inside(at, n, fill_mode):
    """Coordinates on an axis of n pixels, with those beyond its ends moved."""
    if fill_mode in ("nearest", "constant"):
        return np.clip(at, 0, n - 1)
    if n == 1:
        return np.zeros_like(at)
    if fill_mode == "wrap":
        period = n - 1
        low = at + period * (np.trunc(-at / period) + 1)
        high = at - period * np.trunc(at / period)
        return np.where(at < 0, low, np.where(at > n - 1, high, at))
    if fill_mode == "reflect":
        turn = 2 * n
        low = np.where(at < -turn, turn * np.trunc(-at / turn) + at, at)
        low = np.where(low < -n, low + turn, -low - 1)
        high = at - turn * np.trunc(at / turn)
        high = np.where(high >= n, turn - high - 1, high)
        return np.where(at < 0, low, np.where(at > n - 1, high, at))
    raise RuntimeError("boundary mode not supported")


def _as_type(values, dtype):
    """Values as another type: to unsigned integers, rounded to the nearest; to others, cut off."""
    if dtype.kind == "u":
        values = np.where(values > 0, values + 0.5, 0)
    return values.astype(dtype)


def _changed(x, channel_axis, fill_mode, cval, order, **change):
    """What the random functions do: the centre is that of axes 0 and 1, wherever the rows are.

    Keras of TF 2.1 takes it there, and so its pictures with the channels first turn around a point
    that is not their centre.
    """
    return apply_affine_transform(
        x, **change, channel_axis=channel_axis, fill_mode=fill_mode, cval=cval, order=order
    )


def random_rotation(
    x,
    rg,
    row_axis=1,
    col_axis=2,
    channel_axis=0,
    fill_mode="nearest",
    cval=0.0,
    interpolation_order=1,
):
    """Rotates a picture by an angle drawn from ``[-rg, rg)`` degrees.

    Args:
      x: an array of rank 3.
      rg: the largest angle.
      row_axis, col_axis: not used, as in TF 2.1; see ``_changed``.
      channel_axis: which axis has the channels.
      fill_mode, cval, interpolation_order: see ``apply_affine_transform``.
    """
    theta = np.random.uniform(-rg, rg)
    return _changed(x, channel_axis, fill_mode, cval, interpolation_order, theta=theta)


def random_shift(
    x,
    wrg,
    hrg,
    row_axis=1,
    col_axis=2,
    channel_axis=0,
    fill_mode="nearest",
    cval=0.0,
    interpolation_order=1,
):
    """Shifts a picture by random parts of its width and height.

    Args:
      x: an array of rank 3.
      wrg, hrg: the largest parts of the width and of the height.
      row_axis, col_axis, channel_axis: which axis is which.
      fill_mode, cval, interpolation_order: see ``apply_affine_transform``.
    """
    tx = np.random.uniform(-hrg, hrg) * x.shape[row_axis]
    ty = np.random.uniform(-wrg, wrg) * x.shape[col_axis]
    return _changed(x, channel_axis, fill_mode, cval, interpolation_order, tx=tx, ty=ty)


def random_shear(
    x,
    intensity,
    row_axis=1,
    col_axis=2,
    channel_axis=0,
    fill_mode="nearest",
    cval=0.0,
    interpolation_order=1,
):
    """Shears a picture by an angle drawn from ``[-intensity, intensity)`` degrees.

    Args:
      x: an array of rank 3.
      intensity: the largest angle.
      row_axis, col_axis: not used, as in TF 2.1; see ``_changed``.
      channel_axis: which axis has the channels.
      fill_mode, cval, interpolation_order: see ``apply_affine_transform``.
    """
    shear = np.random.uniform(-intensity, intensity)
    return _changed(x, channel_axis, fill_mode, cval, interpolation_order, shear=shear)


def random_zoom(
    x,
    zoom_range,
    row_axis=1,
    col_axis=2,
    channel_axis=0,
    fill_mode="nearest",
    cval=0.0,
    interpolation_order=1,
):
    """Zooms a picture, rows and columns apart.

    Args:
      x: an array of rank 3.
      zoom_range: the smallest and the largest factor; less than 1 makes things larger.
      row_axis, col_axis: not used, as in TF 2.1; see ``_changed``.
      channel_axis: which axis has the channels.
      fill_mode, cval, interpolation_order: see ``apply_affine_transform``.

    Raises:
      ValueError: if ``zoom_range`` is no pair.
    """
    if len(zoom_range) != 2:
        raise ValueError(
            f"`zoom_range` should be a tuple or list of two floats. Received: {zoom_range}"
        )
    zx, zy = drawn_zoom(zoom_range)
    return _changed(x, channel_axis, fill_mode, cval, interpolation_order, zx=zx, zy=zy)


def drawn_zoom(zoom_range):
    """Two factors from a range; nothing is drawn for the range (1, 1)."""
    if zoom_range[0] == 1 and zoom_range[1] == 1:
        return 1, 1
    return np.random.uniform(zoom_range[0], zoom_range[1], 2)

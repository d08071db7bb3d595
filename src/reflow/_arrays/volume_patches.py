"""``tf.extract_volume_patches``."""

from __future__ import annotations

from reflow.image.patches import volume_patches
from reflow.nn import _windows as windows

__all__ = ["extract_volume_patches"]


def extract_volume_patches(input, ksizes, strides, padding, name=None):
    """Cuts volumes into patches and lays each patch's elements side by side.

    Args:
      input: a tensor ``(batch, depth, height, width, channels)`` of real numbers.
      ksizes: the patches' size, ``[1, planes, rows, columns, 1]``.
      strides: from one patch to the next, ``[1, planes, rows, columns, 1]``.
      padding: "SAME" (with zeros) or "VALID".
      name: unused in eager code.

    Returns:
      A tensor with a patch's elements in its last axis.

    Raises:
      TypeError: if sizes are no lists.
      InvalidArgumentError: if the shapes do not fit.
    """
    names = "extract_volume_patches ExtractVolumePatches"
    return volume_patches(
        input,
        ksizes=windows.full_sizes(ksizes, 5, "ksizes", names),
        strides=windows.full_sizes(strides, 5, "strides", names),
        rates=(1, 1, 1, 1, 1),
        padding=windows.same_or_valid(padding, "ExtractVolumePatches"),
    )

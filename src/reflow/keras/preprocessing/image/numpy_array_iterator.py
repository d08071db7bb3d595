"""Batches of changed pictures from an array."""

from __future__ import annotations

import os
import warnings

import numpy as np

from reflow.keras.backend.configuration import floatx, image_data_format
from reflow.keras.preprocessing.image.conversion import array_to_img
from reflow.keras.preprocessing.image.iterator import Iterator

__all__ = ["NumpyArrayIterator"]


class NumpyArrayIterator(Iterator):
    """Gives batches of an array of pictures, each changed as a generator says.

    Args:
      x: an array of rank 4; or a pair of it and a list of other arrays to give along.
      y: labels, or None.
      image_data_generator: an ``ImageDataGenerator``.
      batch_size: samples in a batch.
      shuffle: whether the order is random.
      sample_weight: weights, or None.
      seed: see ``Iterator``.
      data_format: ``"channels_last"`` or ``"channels_first"``; the backend's by default.
      save_to_dir: a folder to write every picture to, for a look.
      save_prefix, save_format: of those files' names.
      subset: ``"training"`` or ``"validation"``: a part, by the generator's validation_split.
      dtype: the batches' type; ``floatx`` by default.

    Raises:
      ValueError: if shapes or lengths do not fit, or ``subset`` is another name.
    """

    def __init__(
        self,
        x,
        y,
        image_data_generator,
        batch_size=32,
        shuffle=False,
        sample_weight=None,
        seed=None,
        data_format=None,
        save_to_dir=None,
        save_prefix="",
        save_format="png",
        subset=None,
        dtype=None,
    ):
        data_format = image_data_format() if data_format is None else data_format
        self.dtype = dtype or floatx()
        x, others = _apart(x)
        _check_lengths(x, y, sample_weight)
        if subset is not None:
            x, others, y = _part(x, others, y, subset, image_data_generator._validation_split)
        self.x = np.asarray(x, dtype=self.dtype)
        self.x_misc = others
        if self.x.ndim != 4:
            raise ValueError(
                "Input data in `NumpyArrayIterator` should have rank 4. You passed an array with "
                "shape",
                self.x.shape,
            )
        _warn_of_channels(self.x.shape, 3 if data_format == "channels_last" else 1, data_format)
        self.y = None if y is None else np.asarray(y)
        self.sample_weight = None if sample_weight is None else np.asarray(sample_weight)
        self.image_data_generator = image_data_generator
        self.data_format = data_format
        self.save_to_dir = save_to_dir
        self.save_prefix = save_prefix
        self.save_format = save_format
        super().__init__(len(self.x), batch_size, shuffle, seed)

    def _get_batches_of_transformed_samples(self, index_array):
        batch = np.zeros((len(index_array), *self.x.shape[1:]), dtype=self.dtype)
        generator = self.image_data_generator
        for i, j in enumerate(index_array):
            x = self.x[j]
            change = generator.get_random_transform(x.shape)
            x = generator.apply_transform(x.astype(self.dtype), change)
            batch[i] = generator.standardize(x)
        if self.save_to_dir:
            for i, j in enumerate(index_array):
                image = array_to_img(batch[i], self.data_format, scale=True)
                name = f"{self.save_prefix}_{j}_{np.random.randint(10**4)}.{self.save_format}"
                image.save(os.path.join(self.save_to_dir, name))
        inputs = [batch] + [other[index_array] for other in self.x_misc] if self.x_misc else batch
        if self.y is None:
            return inputs
        if self.sample_weight is None:
            return inputs, self.y[index_array]
        return inputs, self.y[index_array], self.sample_weight[index_array]


def _apart(x):
    """The pictures, and the arrays to give along."""
    if not isinstance(x, (tuple, list)):
        return x, []
    others = x[1] if isinstance(x[1], list) else [x[1]]
    others = [np.asarray(other) for other in others]
    for other in others:
        if len(x[0]) != len(other):
            raise ValueError(
                "All of the arrays in `x` should have the same length. Found a pair with: "
                f"len(x[0]) = {len(x[0])}, len(x[?]) = {len(other)}"
            )
    return x[0], others


def _check_lengths(x, y, sample_weight):
    if y is not None and len(x) != len(y):
        raise ValueError(
            "`x` (images tensor) and `y` (labels) should have the same length. "
            f"Found: x.shape = {np.asarray(x).shape}, y.shape = {np.asarray(y).shape}"
        )
    if sample_weight is not None and len(x) != len(sample_weight):
        raise ValueError(
            "`x` (images tensor) and `sample_weight` should have the same length. "
            f"Found: x.shape = {np.asarray(x).shape}, "
            f"sample_weight.shape = {np.asarray(sample_weight).shape}"
        )


def _part(x, others, y, subset, fraction):
    """The first ``fraction`` of everything for validation, the rest for training."""
    if subset not in ("training", "validation"):
        raise ValueError("Invalid subset name:", subset, '; expected "training" or "validation".')
    split = int(len(x) * fraction)
    if y is not None and not np.array_equal(np.unique(y[:split]), np.unique(y[split:])):
        raise ValueError(
            "Training and validation subsets have different number of classes after the split. "
            "If your numpy arrays are sorted by the label, you might want to shuffle them."
        )
    part = slice(None, split) if subset == "validation" else slice(split, None)
    return x[part], [other[part] for other in others], None if y is None else y[part]


def _warn_of_channels(shape, axis, data_format):
    if shape[axis] not in (1, 3, 4):
        warnings.warn(
            f'NumpyArrayIterator is set to use the data format convention "{data_format}" '
            f"(channels on axis {axis}), i.e. expected either 1, 3, or 4 channels on axis {axis}. "
            f"However, it was passed an array with shape {shape} ({shape[axis]} channels).",
            stacklevel=4,
        )

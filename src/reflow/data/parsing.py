"""``tf.data.experimental.parse_example_dataset``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from reflow.core.dtypes import string
from reflow.core.tensor_shape import TensorShape
from reflow.data.dataset import Dataset


def parse_example_dataset(
    features: Any, num_parallel_calls: Any = 1
) -> Callable[[Dataset], Dataset]:
    """Parses batches of ``tf.train.Example`` records.

    Args:
      features: what to expect, by the features' names; see ``tf.io.parse_example``.
      num_parallel_calls: how many batches to work on at once.

    Returns:
      A function for ``dataset.apply``, whose dataset must have vectors of strings.

    Raises:
      ValueError: there are no features.
      TypeError: when it is applied: the dataset has other elements.
    """
    if features is None:
        raise ValueError("Missing: features was None.")

    def apply(dataset: Dataset) -> Dataset:
        import reflow as tf

        spec = dataset.element_spec
        vector = isinstance(spec, tf.TensorSpec) and spec.dtype is string
        if not vector or not spec.shape.is_compatible_with(TensorShape([None])):
            raise TypeError(
                "Input dataset should be a dataset of vectors of strings. Batch it before parsing."
            )
        parsed = dataset.map(
            lambda records: tf.io.parse_example(records, features), num_parallel_calls
        )
        parsed._kind = "_ParseExampleDataset"
        return parsed

    return apply

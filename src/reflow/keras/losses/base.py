"""What all losses share: weights of the samples, the reduction, and the config."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import reflow as tf
from reflow.nn.losses import fit_weights

__all__ = ["Loss", "Reduction"]


class Reduction:
    """How a loss makes one number of the losses of the samples.

    ``SUM`` adds them, ``SUM_OVER_BATCH_SIZE`` divides the sum by their number, ``NONE`` keeps them;
    ``AUTO`` is ``SUM_OVER_BATCH_SIZE``.
    """

    AUTO = "auto"
    NONE = "none"
    SUM = "sum"
    SUM_OVER_BATCH_SIZE = "sum_over_batch_size"

    @classmethod
    def all(cls):
        """Returns all reductions, a tuple."""
        return (cls.AUTO, cls.NONE, cls.SUM, cls.SUM_OVER_BATCH_SIZE)

    @classmethod
    def validate(cls, key):
        """Raises a ValueError if ``key`` is no reduction."""
        if key not in cls.all():
            raise ValueError(f"Invalid Reduction Key {key}. It must be one of {cls.all()}.")


class Loss:
    """Base of the losses: override ``call``, which gives each sample's loss.

    Args:
      reduction: how one number is made of them, see ``Reduction``.
      name: of the loss.

    Raises:
      ValueError: if there is no such reduction.
    """

    def __init__(self, reduction="auto", name=None):
        Reduction.validate(reduction)
        self.reduction = reduction
        self.name = name

    def __call__(self, y_true, y_pred, sample_weight=None):
        """Computes the loss.

        Args:
          y_true: what was to be predicted, ``(batch, ...)``.
          y_pred: what was predicted, ``(batch, ...)``.
          sample_weight: factors of the samples' losses: a number, or a tensor that broadcasts with
            the losses once a last dimension of 1 is added or dropped.

        Returns:
          A scalar, or for ``Reduction.NONE`` the losses themselves.

        Raises:
          ValueError: if the weights do not fit the losses.
        """
        losses = self.call(y_true, y_pred)
        return weighted_loss(losses, sample_weight, self.reduction)

    def call(self, y_true, y_pred):
        """Returns the losses of the samples; subclasses override it.

        Args:
          y_true: what was to be predicted, ``(batch, ...)``.
          y_pred: what was predicted, ``(batch, ...)``.
        """
        raise NotImplementedError(f"{type(self).__name__} must override call(y_true, y_pred)")

    def get_config(self):
        """Returns the arguments that make an equal loss, as a dict for JSON."""
        return {"reduction": self.reduction, "name": self.name}

    @classmethod
    def from_config(cls, config):
        """Makes a loss from the result of ``get_config``."""
        return cls(**config)


class LossFunctionWrapper(Loss):
    """A loss made of a function.

    Args:
      fn: takes ``y_true`` and ``y_pred``, returns the samples' losses.
      reduction, name: as for ``Loss``.
      **kwargs: further arguments of ``fn``.
    """

    def __init__(self, fn: Callable[..., Any], reduction="auto", name=None, **kwargs: Any) -> None:
        super().__init__(reduction=reduction, name=name)
        self.fn = fn
        self._fn_kwargs = kwargs

    def call(self, y_true, y_pred):
        """Returns the losses of the samples.

        Where one of two tensors has a last dimension of size 1 that the other lacks, it is dropped:
        labels are often ``(batch,)`` and predictions ``(batch, 1)``.

        Args:
          y_true: what was to be predicted.
          y_pred: what was predicted.
        """
        if tf.is_tensor(y_true) and tf.is_tensor(y_pred):
            y_true, y_pred = drop_last(y_true, y_pred), drop_last(y_pred, y_true)
        return self.fn(y_true, y_pred, **self._fn_kwargs)

    def get_config(self):
        """Returns the arguments that make an equal loss; tensors among them as numbers."""
        options = {
            key: value.numpy() if tf.is_tensor(value) else value
            for key, value in self._fn_kwargs.items()
        }
        return {**super().get_config(), **options}


def drop_last(x: Any, other: Any) -> Any:
    """``x`` without a last dimension of size 1 that makes its rank exceed the other's."""
    shape = x.shape
    if len(shape) == len(other.shape) + 1 and shape[-1] == 1:
        return tf.squeeze(x, [-1])
    return x


def weighted_loss(losses: Any, sample_weight: Any = None, reduction: str = "auto") -> Any:
    """Weights the losses of samples and reduces them.

    As in TF 2.1 this happens in float32, whatever the losses' type, which the result has again.

    Args:
      losses: a tensor ``(batch, ...)``.
      sample_weight: see ``Loss.__call__``.
      reduction: see ``Reduction``.
    """
    Reduction.validate(reduction)
    losses = tf.convert_to_tensor(losses)
    dtype = losses.dtype
    losses = tf.cast(losses, tf.float32)
    if sample_weight is not None:
        losses, weights = fit_weights(losses, sample_weight)
        losses *= weights
    if reduction != Reduction.NONE:
        count = math.prod(losses.shape)
        losses = tf.reduce_sum(losses)
        # The sum over no samples is 0, and so is their mean in TF.
        if reduction != Reduction.SUM and count > 0:
            losses /= count
    return tf.cast(losses, dtype)

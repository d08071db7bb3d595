"""Attention by dot products (Luong) and by sums (Bahdanau)."""

from __future__ import annotations

import reflow as tf
from reflow.keras.layers.layer import Layer

__all__ = ["AdditiveAttention", "Attention"]


class _Attention(Layer):
    """For each query, a mean of the values, weighted by how well their keys fit."""

    def __init__(self, causal=False, **kwargs):
        super().__init__(**kwargs)
        self.causal = causal
        self.supports_masking = True

    def _calculate_scores(self, query, key):
        """How well keys fit queries: ``(batch, query steps, value steps)``."""
        raise NotImplementedError(f"{type(self).__name__} must override _calculate_scores")

    def call(self, inputs, mask=None):
        """Computes the weighted means."""
        self._check(inputs, mask)
        query, value = inputs[0], inputs[1]
        key = inputs[2] if len(inputs) > 2 else value
        query_mask, value_mask = mask or (None, None)
        scores = self._calculate_scores(query, key)
        allowed = None if value_mask is None else tf.expand_dims(value_mask, -2)
        if self.causal:
            past = _lower_triangle(*scores.shape.as_list()[-2:])
            allowed = past if allowed is None else tf.logical_and(allowed, past)
        if allowed is not None:
            scores -= 1e9 * tf.cast(tf.logical_not(allowed), scores.dtype)
        result = tf.matmul(tf.nn.softmax(scores), value)
        if query_mask is not None:
            result *= tf.cast(tf.expand_dims(query_mask, -1), result.dtype)
        return result

    def compute_mask(self, inputs, mask=None):
        """The query's mask."""
        self._check(inputs, mask)
        return tf.convert_to_tensor(mask[0]) if mask and mask[0] is not None else None

    def _check(self, inputs, mask):
        name = type(self).__name__
        if not isinstance(inputs, list):
            raise ValueError(
                f"{name} layer must be called on a list of inputs, namely [query, value] or "
                "[query, value, key]."
            )
        if not 2 <= len(inputs) <= 3:
            raise ValueError(
                f"{name} layer accepts inputs list of length 2 or 3, namely [query, value] or "
                f"[query, value, key]. Given length: {len(inputs)}"
            )
        if mask is None:
            return
        if not isinstance(mask, list):
            raise ValueError(
                f"{name} layer mask must be a list, namely [query_mask, value_mask], got {mask!r}"
            )
        if mask and len(mask) != 2:
            raise ValueError(
                f"{name} layer mask must be a list of length 2, namely [query_mask, value_mask]. "
                f"Given length: {len(mask)}"
            )

    def get_config(self):
        """The arguments, as a dict."""
        return {**super().get_config(), "causal": self.causal}


def _lower_triangle(rows, columns):
    """True at and below the diagonal, ``(1, rows, columns)``."""
    return tf.expand_dims(tf.expand_dims(tf.range(rows), 1) >= tf.range(columns), 0)


class Attention(_Attention):
    """Attention in which a key fits a query by their dot product: ``query . key``.

    Args:
      use_scale: whether the products are multiplied by a learned number.
      **kwargs: ``causal``, whether a query sees only the values up to its own step; else as for
        ``Layer``.

    Inputs: a list ``[query, value]`` or ``[query, value, key]`` of shapes ``(batch, query steps,
    size)``, ``(batch, value steps, size)`` and that again; output shape ``(batch, query steps,
    size)``. Mask: a list ``[query mask, value mask]``. Weight: scale, a scalar.

    Raises:
      ValueError: when called, if the inputs or masks are no such lists.
    """

    def __init__(self, use_scale=False, **kwargs):
        super().__init__(**kwargs)
        self.use_scale = use_scale

    def build(self, input_shape):
        """Makes the scale."""
        self.scale = None
        if self.use_scale:
            self.scale = self.add_weight("scale", shape=(), initializer="ones")
        self.built = True

    def _calculate_scores(self, query, key):
        scores = tf.matmul(query, key, transpose_b=True)
        return scores if self.scale is None else scores * self.scale

    def get_config(self):
        """The arguments, as a dict."""
        return {**super().get_config(), "use_scale": self.use_scale}


class AdditiveAttention(_Attention):
    """Attention in which a key fits a query by ``sum(scale * tanh(query + key))``.

    Args:
      use_scale: whether the terms are multiplied by learned numbers.
      **kwargs: ``causal``, whether a query sees only the values up to its own step; else as for
        ``Layer``.

    Inputs, output and masks are those of ``Attention``. Weight: scale ``(size,)``.

    Raises:
      ValueError: when called, if the inputs or masks are no such lists.
    """

    def __init__(self, use_scale=True, **kwargs):
        super().__init__(**kwargs)
        self.use_scale = use_scale

    def build(self, input_shape):
        """Makes the scale for values of a size."""
        self.scale = None
        if self.use_scale:
            self._check(input_shape, None)
            size = tf.TensorShape(input_shape[1]).as_list()[-1]
            if size is None:
                raise TypeError(f"{self.name}: the size of the values (their last axis) is unknown")
            self.scale = self.add_weight("scale", shape=(size,), initializer="glorot_uniform")
        self.built = True

    def _calculate_scores(self, query, key):
        sums = tf.tanh(tf.expand_dims(query, -2) + tf.expand_dims(key, -3))
        return tf.reduce_sum(sums if self.scale is None else self.scale * sums, axis=-1)

    def get_config(self):
        """The arguments, as a dict."""
        return {**super().get_config(), "use_scale": self.use_scale}

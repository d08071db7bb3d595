"""The layer that turns numbers of words, or of other things, into vectors."""

from __future__ import annotations

import reflow as tf
from reflow.keras.layers.layer import Layer

__all__ = ["Embedding"]


class Embedding(Layer):
    """Looks up a vector for each integer.

    Args:
      input_dim: how many integers there are: the largest one plus 1.
      output_dim: the length of the vectors.
      embeddings_initializer: of the vectors' first values.
      embeddings_regularizer: a penalty on them.
      activity_regularizer: a penalty on the outputs.
      embeddings_constraint: applied to the vectors after each update.
      mask_zero: whether 0 marks a time step to be skipped.
      input_length: the length of the sequences, if it is fixed; an int, or a tuple of sizes.
      **kwargs: as for ``Layer``.

    Input shape ``(batch, ...)``, of integers; output shape ``(batch, ..., output_dim)``. Weight:
    embeddings ``(input_dim, output_dim)``; its gradients are ``tf.IndexedSlices``.

    Raises:
      InvalidArgumentError: when called, if an integer is not in ``[0, input_dim)``.
    """

    def __init__(
        self,
        input_dim,
        output_dim,
        embeddings_initializer="uniform",
        embeddings_regularizer=None,
        activity_regularizer=None,
        embeddings_constraint=None,
        mask_zero=False,
        input_length=None,
        **kwargs,
    ):
        if "input_shape" not in kwargs:
            sizes = input_length if isinstance(input_length, (list, tuple)) else [input_length]
            kwargs["input_shape"] = tuple(sizes)
        super().__init__(dtype=kwargs.pop("dtype", None) or tf.keras.backend.floatx(), **kwargs)
        self.input_dim = input_dim
        self.output_dim = output_dim
        self.embeddings_initializer = tf.keras.initializers.get(embeddings_initializer)
        self.embeddings_regularizer = tf.keras.regularizers.get(embeddings_regularizer)
        self.activity_regularizer = tf.keras.regularizers.get(activity_regularizer)
        self.embeddings_constraint = tf.keras.constraints.get(embeddings_constraint)
        self.mask_zero = mask_zero
        self.supports_masking = mask_zero
        self.input_length = input_length

    def build(self, input_shape):
        """Makes the table of vectors."""
        self.embeddings = self.add_weight(
            "embeddings",
            shape=(self.input_dim, self.output_dim),
            initializer=self.embeddings_initializer,
            regularizer=self.embeddings_regularizer,
            constraint=self.embeddings_constraint,
        )
        self.built = True

    def compute_mask(self, inputs, mask=None):
        """Where the integer is not 0, if 0 marks steps to skip."""
        return tf.not_equal(inputs, 0) if self.mask_zero else None

    def call(self, inputs):
        """Looks the vectors up."""
        if inputs.dtype not in (tf.int32, tf.int64):
            inputs = tf.cast(inputs, tf.int32)
        return tf.nn.embedding_lookup(self.embeddings, inputs)

    def compute_output_shape(self, input_shape):
        """``(batch, ..., output_dim)``.

        Raises:
          ValueError: if the shape does not fit ``input_length``.
        """
        sizes = tf.TensorShape(input_shape).as_list()
        if self.input_length is None:
            return tf.TensorShape([*sizes, self.output_dim])
        given = self.input_length
        lengths = list(given) if isinstance(given, (list, tuple)) else [given]
        fits = len(lengths) == len(sizes) - 1 and all(
            length in (None, size) or size is None
            for length, size in zip(lengths, sizes[1:], strict=True)
        )
        if not fits:
            raise ValueError(
                f'"input_length" is {given}, but received input has shape {tuple(sizes)}'
            )
        known = [
            size if length is None else length
            for length, size in zip(lengths, sizes[1:], strict=True)
        ]
        return tf.TensorShape([sizes[0], *known, self.output_dim])

    def get_config(self):
        """The arguments, as a dict."""
        initializer = tf.keras.initializers.serialize(self.embeddings_initializer)
        return {
            **super().get_config(),
            "input_dim": self.input_dim,
            "output_dim": self.output_dim,
            "embeddings_initializer": initializer,
            "embeddings_regularizer": tf.keras.regularizers.serialize(self.embeddings_regularizer),
            "activity_regularizer": tf.keras.regularizers.serialize(self.activity_regularizer),
            "embeddings_constraint": tf.keras.constraints.serialize(self.embeddings_constraint),
            "mask_zero": self.mask_zero,
            "input_length": self.input_length,
        }

"""Normalization of features by the statistics of batches."""

from __future__ import annotations

import reflow as tf
from reflow.keras._engine.training_switch import choose
from reflow.keras.backend import learning
from reflow.keras.layers._batch_renormalization import Renormalization
from reflow.keras.layers.input_spec import InputSpec
from reflow.keras.layers.layer import Layer
from reflow.nn._fused_batch_norm import fused_batch_norm

__all__ = ["BatchNormalization"]


class BatchNormalization(Renormalization, Layer):
    """``gamma * (x - mean) / sqrt(variance + epsilon) + beta``, feature by feature.

    In training, mean and variance are the batch's, and moving averages are kept of them:
    ``moving = momentum * moving + (1 - momentum) * batch``. Else they are the moving averages; so
    too in training if the layer is not trainable.

    Args:
      axis: the features' axis (or a list of axes); the last one by default.
      momentum: of the moving averages.
      epsilon: a small number that keeps the divisor from 0.
      center: whether to add ``beta``.
      scale: whether to multiply by ``gamma``.
      beta_initializer, gamma_initializer, moving_mean_initializer, moving_variance_initializer: of
        the weights' first values.
      beta_regularizer, gamma_regularizer: penalties on the weights.
      beta_constraint, gamma_constraint: applied to the weights after each update.
      renorm: whether to correct the batch's statistics towards their moving averages.
      renorm_clipping: bounds ``rmin``, ``rmax``, ``dmax`` of the corrections, a dict.
      renorm_momentum: of the averages that the corrections aim at.
      fused: whether images are normalized in one op; by default, if that is possible.
      trainable: whether training changes the weights.
      virtual_batch_size: if given, parts of the batch of this size are normalized by themselves.
      adjustment: a function of the shape that gives a scale and an offset for the normalized
        values in training, applied before gamma and beta.
      name: the layer's name.
      **kwargs: as for ``Layer``.

    Input and output have the same shape. Weights: gamma, beta, moving_mean, moving_variance, of
    the features' size. As in TF 2.1, the moving variance of images (rank 4) averages the estimate
    with n - 1, others the one with n.

    Raises:
      TypeError: if ``axis`` is no int or list.
      ValueError: if options exclude each other.
    """

    def __init__(
        self,
        axis=-1,
        momentum=0.99,
        epsilon=0.001,
        center=True,
        scale=True,
        beta_initializer="zeros",
        gamma_initializer="ones",
        moving_mean_initializer="zeros",
        moving_variance_initializer="ones",
        beta_regularizer=None,
        gamma_regularizer=None,
        beta_constraint=None,
        gamma_constraint=None,
        renorm=False,
        renorm_clipping=None,
        renorm_momentum=0.99,
        fused=None,
        trainable=True,
        virtual_batch_size=None,
        adjustment=None,
        name=None,
        **kwargs,
    ):
        super().__init__(name=name, trainable=trainable, **kwargs)
        if isinstance(axis, list):
            axis = list(axis)
        elif not isinstance(axis, int):
            raise TypeError(f"axis must be int or list, type given: {type(axis)}")
        self.axis = axis
        self.momentum = momentum
        self.epsilon = epsilon
        self.center = center
        self.scale = scale
        self.beta_initializer = tf.keras.initializers.get(beta_initializer)
        self.gamma_initializer = tf.keras.initializers.get(gamma_initializer)
        self.moving_mean_initializer = tf.keras.initializers.get(moving_mean_initializer)
        self.moving_variance_initializer = tf.keras.initializers.get(moving_variance_initializer)
        self.beta_regularizer = tf.keras.regularizers.get(beta_regularizer)
        self.gamma_regularizer = tf.keras.regularizers.get(gamma_regularizer)
        self.beta_constraint = tf.keras.constraints.get(beta_constraint)
        self.gamma_constraint = tf.keras.constraints.get(gamma_constraint)
        self.virtual_batch_size = virtual_batch_size
        self.adjustment = adjustment
        if fused:
            _check_fused(renorm, virtual_batch_size, adjustment)
        self.fused = fused
        self._start_renorm(renorm, renorm_clipping, renorm_momentum)
        self.supports_masking = True

    # ---- making the weights

    def build(self, input_shape):
        """Makes the weights for inputs of a shape."""
        shape = tf.TensorShape(input_shape)
        if not shape.ndims:
            raise ValueError("Input has undefined rank:", shape)
        sizes = shape.as_list()
        rank = len(sizes)
        self._find_axes(rank)
        self._choose_way(rank)
        for axis in self.axis:
            if sizes[axis] is None:
                raise ValueError("Input has undefined `axis` dimension. Input shape: ", shape)
        self.input_spec = InputSpec(ndim=rank, axes={axis: sizes[axis] for axis in self.axis})
        weights = self._weights_shape(sizes)
        self.gamma = self.beta = None
        if self.scale:
            self.gamma = self._weight(
                "gamma", weights, self.gamma_initializer,
                regularizer=self.gamma_regularizer, constraint=self.gamma_constraint,
            )  # fmt: skip
        if self.center:
            self.beta = self._weight(
                "beta", weights, self.beta_initializer,
                regularizer=self.beta_regularizer, constraint=self.beta_constraint,
            )  # fmt: skip
        self.moving_mean = self._statistic("moving_mean", weights, self.moving_mean_initializer)
        self.moving_variance = self._statistic(
            "moving_variance", weights, self.moving_variance_initializer
        )
        if self.renorm:
            self._build_renorm(weights)
        self.built = True

    def _find_axes(self, rank):
        """The axes as a list, counted from the front."""
        given = [self.axis] if isinstance(self.axis, int) else self.axis
        axes = [axis + rank if axis < 0 else axis for axis in given]
        for axis in axes:
            if not 0 <= axis < rank:
                raise ValueError(f"Invalid axis: {axis}")
        if len(set(axes)) != len(axes):
            raise ValueError(f"Duplicate axis: {axes}")
        self.axis = axes

    def _choose_way(self, rank):
        """Whether one op does it all."""
        if self.virtual_batch_size is not None:
            if self.virtual_batch_size <= 0:
                raise ValueError(
                    "virtual_batch_size must be a positive integer that divides the true batch "
                    "size of the input tensor"
                )
            if 0 in self.axis:
                raise ValueError(
                    "When using virtual_batch_size, the batch dimension must be 0 and thus axis "
                    "cannot include 0. "
                )
            if self.adjustment is not None:
                raise ValueError("When using virtual_batch_size, adjustment cannot be specified")
        if self.fused:
            if rank != 4:
                raise ValueError(
                    "Batch normalization layers with fused=True only support 4D input tensors."
                )
            if self.axis not in ([1], [3]):
                raise ValueError("Passing fused=True is only supported when axis is 1 or 3")
        if self.fused is None:
            plain = not self.renorm and self.virtual_batch_size is None and self.adjustment is None
            kind = self._compute_dtype in ("float16", "bfloat16", "float32")
            self.fused = plain and kind and rank == 4 and self.axis in ([1], [3])

    def _weights_shape(self, sizes):
        """A vector for one axis, else a shape that broadcasts with the inputs."""
        if len(self.axis) == 1 and self.virtual_batch_size is None:
            return (sizes[self.axis[0]],)
        shape = [sizes[i] if i in self.axis else 1 for i in range(len(sizes))]
        return (1, *shape) if self.virtual_batch_size is not None else tuple(shape)

    def _weight(self, name, shape, initializer, **options):
        # Statistics of halves would lose too many digits.
        dtype = "float32" if self.dtype in ("float16", "bfloat16") else self.dtype
        return self.add_weight(name, shape=shape, dtype=dtype, initializer=initializer, **options)

    def _statistic(self, name, shape, initializer="zeros"):
        """A weight that follows the batches' statistics."""
        return self._weight(
            name,
            shape,
            initializer,
            trainable=False,
            synchronization=tf.VariableSynchronization.ON_READ,
            aggregation=tf.VariableAggregation.MEAN,
        )

    # ---- computing

    def call(self, inputs, training=None):
        """Normalizes, and in training moves the averages."""
        if not self.trainable:
            training = False
        elif training is None:
            training = learning.learning_phase()
        if self.fused:
            return choose(
                training, lambda: self._fused_in_training(inputs), lambda: self._fused(inputs)
            )
        return choose(training, lambda: self._in_training(inputs), lambda: self._otherwise(inputs))

    def _fused_in_training(self, inputs):
        outputs, mean, variance = self._one_op(inputs)
        # TF subtracts the rounded momentum from 1 here, and rounds the difference elsewhere.
        kept = tf.constant(self.momentum, tf.float32)
        self._move(self.moving_mean, mean, 1.0 - kept)
        self._move(self.moving_variance, variance, 1.0 - kept)
        return outputs

    def _fused(self, inputs):
        return self._one_op(inputs, self.moving_mean, self.moving_variance)[0]

    def _one_op(self, inputs, *statistics):
        """Normalizes by given statistics, or by the batch's own."""
        shape = self.moving_mean.shape
        return fused_batch_norm(
            inputs,
            tf.ones(shape) if self.gamma is None else self.gamma,
            tf.zeros(shape) if self.beta is None else self.beta,
            *statistics,
            epsilon=self.epsilon,
            data_format="NCHW" if self.axis == [1] else "NHWC",
            is_training=not statistics,
        )

    def _in_training(self, inputs):
        x = self._virtual_batches(inputs)
        rank = len(x.shape)
        reduced, keep = self._reduced_axes(rank)
        mean, variance = tf.nn.moments(self._wide(x), reduced, keepdims=keep)
        scale, offset = self._broadcast(self.gamma), self._broadcast(self.beta)
        if self.adjustment is not None:
            by, plus = self.adjustment(tf.shape(x))
            scale = by if scale is None else by * scale
            plus = plus if self.gamma is None else plus * self._broadcast(self.gamma)
            offset = plus if offset is None else plus + offset
        if self.renorm:
            r, d, kept_mean, kept_variance = self._correct(mean, variance)
            r, d = self._broadcast(r), self._broadcast(d)
            d = d if scale is None else d * scale
            offset = d if offset is None else offset + d
            scale = r if scale is None else r * scale
        else:
            kept_mean, kept_variance = mean, variance
            if self.virtual_batch_size is not None:
                kept_mean = tf.reduce_mean(mean, 1, keepdims=True)
                kept_variance = tf.reduce_mean(variance, 1, keepdims=True)
        self._move(self.moving_mean, kept_mean, 1.0 - self.momentum)
        if self.renorm:
            self._move_deviation(kept_variance)
        else:
            self._move(self.moving_variance, kept_variance, 1.0 - self.momentum)
        return self._normalize(x, inputs, mean, variance, offset, scale)

    def _otherwise(self, inputs):
        x = self._virtual_batches(inputs)
        scale, offset = self._broadcast(self.gamma), self._broadcast(self.beta)
        return self._normalize(x, inputs, self.moving_mean, self.moving_variance, offset, scale)

    def _normalize(self, x, inputs, mean, variance, offset, scale):
        mean, variance = self._broadcast(mean), self._broadcast(variance)
        if mean.dtype != x.dtype:
            vectors = (mean, variance, offset, scale)
            mean, variance, offset, scale = [
                v if v is None else tf.cast(v, x.dtype) for v in vectors
            ]
        outputs = tf.nn.batch_normalization(x, mean, variance, offset, scale, self.epsilon)
        return outputs if x is inputs else tf.reshape(outputs, tf.shape(inputs))

    def _wide(self, x):
        """Statistics of halves are computed in float32."""
        return tf.cast(x, tf.float32) if x.dtype in (tf.float16, tf.bfloat16) else x

    def _virtual_batches(self, inputs):
        """The inputs with an axis for the parts of the batch: ``(size, parts, ...)``."""
        if self.virtual_batch_size is None:
            return inputs
        size = self.virtual_batch_size
        batch, *sizes = inputs.shape.as_list()
        return tf.reshape(inputs, [size, batch // size, *sizes])

    def _reduced_axes(self, rank):
        """The axes of the statistics, and whether they stay, with size 1."""
        if self.virtual_batch_size is None:
            reduced = [axis for axis in range(rank) if axis not in self.axis]
            return reduced, len(self.axis) > 1
        features = [axis + 1 for axis in self.axis]
        return [axis for axis in range(rank) if axis != 1 and axis not in features], True

    def _broadcast(self, vector):
        """A vector of features in a shape that broadcasts with the inputs."""
        if vector is None or len(vector.shape) != 1:
            return vector
        rank = self.input_spec.ndim
        if self.axis == [rank - 1]:
            return vector
        return tf.reshape(vector, [-1 if i == self.axis[0] else 1 for i in range(rank)])

    def _move(self, variable, value, by):
        """Moves an average towards a new value."""
        variable.assign_sub((variable - tf.cast(value, variable.dtype)) * by)

    def compute_output_shape(self, input_shape):
        """The same shape."""
        return input_shape

    def get_config(self):
        """The arguments, as a dict; the adjustment, a function, is not among them."""
        initializers, regularizers = tf.keras.initializers, tf.keras.regularizers
        config = {
            **super().get_config(),
            "axis": self.axis,
            "momentum": self.momentum,
            "epsilon": self.epsilon,
            "center": self.center,
            "scale": self.scale,
            "beta_initializer": initializers.serialize(self.beta_initializer),
            "gamma_initializer": initializers.serialize(self.gamma_initializer),
            "moving_mean_initializer": initializers.serialize(self.moving_mean_initializer),
            "moving_variance_initializer": initializers.serialize(self.moving_variance_initializer),
            "beta_regularizer": regularizers.serialize(self.beta_regularizer),
            "gamma_regularizer": regularizers.serialize(self.gamma_regularizer),
            "beta_constraint": tf.keras.constraints.serialize(self.beta_constraint),
            "gamma_constraint": tf.keras.constraints.serialize(self.gamma_constraint),
        }
        if self.renorm:
            config["renorm"] = True
            config["renorm_clipping"] = self.renorm_clipping
            config["renorm_momentum"] = self.renorm_momentum
        if self.virtual_batch_size is not None:
            config["virtual_batch_size"] = self.virtual_batch_size
        return config


def _check_fused(renorm, virtual_batch_size, adjustment):
    """What one op can't do."""
    if renorm:
        raise ValueError("Passing both fused=True and renorm=True is unsupported")
    if virtual_batch_size is not None:
        raise ValueError("Passing fused=True is unsupported when virtual_batch_size is specified.")
    if adjustment is not None:
        raise ValueError("Passing fused=True is unsupported when adjustment is specified.")

"""The part of batch normalization that corrects batches' statistics towards moving averages.

Ioffe, "Batch Renormalization: Towards Reducing Minibatch Dependence in Batch-Normalized Models",
2017: a batch's normalized values are multiplied by r and shifted by d, so that they become those
that the averages would give; r and d are constants for derivatives.
"""

from __future__ import annotations

import math

import reflow as tf

_BOUNDS = ["rmax", "rmin", "dmax"]


class Renormalization:
    """The renormalization of a ``BatchNormalization`` layer."""

    def _start_renorm(self, renorm, clipping, momentum):
        self.renorm = renorm
        if not renorm:
            return
        clipping = clipping or {}
        if set(clipping) - set(_BOUNDS):
            raise ValueError(f"renorm_clipping {clipping} contains keys not in {_BOUNDS}")
        self.renorm_clipping = clipping
        self.renorm_momentum = momentum

    def _build_renorm(self, shape):
        """Makes the averages of standard deviation and mean that the corrections aim at."""

        def initial_deviation(shape, dtype=None, partition_info=None):
            return tf.sqrt(self.moving_variance_initializer(shape, dtype=dtype))

        self.moving_stddev = self._statistic("moving_stddev", shape, initial_deviation)
        self.renorm_mean = self._statistic("renorm_mean", shape, self.moving_mean_initializer)
        self.renorm_stddev = self._statistic("renorm_stddev", shape, initial_deviation)

    def _correct(self, mean, variance):
        """Corrections for a batch, and the statistics of it that the moving averages follow.

        Returns:
          ``(r, d, mean, variance)``.
        """
        deviation = tf.sqrt(variance + self.epsilon)
        average = tf.maximum(self.renorm_stddev, math.sqrt(self.epsilon))
        r = deviation / average
        d = (mean - self.renorm_mean) / average
        bounds = self.renorm_clipping
        if bounds.get("rmin") is not None:
            r = tf.maximum(r, bounds["rmin"])
        if bounds.get("rmax") is not None:
            r = tf.minimum(r, bounds["rmax"])
        if bounds.get("dmax") is not None:
            d = tf.minimum(tf.maximum(d, -bounds["dmax"]), bounds["dmax"])
        by = 1.0 - self.renorm_momentum
        if self.virtual_batch_size is not None:
            mean = tf.reduce_mean(mean, 1, keepdims=True)
            variance = tf.reduce_mean(variance, 1, keepdims=True)
            deviation = tf.reduce_mean(deviation, 1, keepdims=True)
        self._move(self.renorm_mean, mean, by)
        self._move(self.renorm_stddev, deviation, by)
        return tf.stop_gradient(r), tf.stop_gradient(d), mean, variance

    def _move_deviation(self, variance):
        """Moves the average deviation, and sets the moving variance by it."""
        deviation = tf.sqrt(variance + self.epsilon)
        self._move(self.moving_stddev, deviation, 1.0 - self.momentum)
        squared = self.moving_stddev * self.moving_stddev - self.epsilon
        self.moving_variance.assign(tf.nn.relu(squared))

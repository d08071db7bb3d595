"""What the golden tables can't ask of metrics: traces, symbolic tensors, memory, TF 2.1's bugs."""

from __future__ import annotations

import gc

import numpy as np
import pytest

import reflow as tf
from reflow.keras._engine import metric_results


def test_a_traced_step_collects_and_is_traced_once() -> None:
    metrics = [
        tf.keras.metrics.Mean(),
        tf.keras.metrics.BinaryAccuracy(),
        tf.keras.metrics.AUC(num_thresholds=5),
        tf.keras.metrics.Precision(),
        tf.keras.metrics.MeanIoU(2),
    ]
    traces = []

    @tf.function
    def step(y, p, w):
        traces.append(1)
        metrics[0].update_state(p, sample_weight=w)
        for metric in metrics[1:]:
            metric.update_state(y, p, sample_weight=w)
        return [metric.result() for metric in metrics]

    again = [type(metric).from_config(metric.get_config()) for metric in metrics]
    random = np.random.RandomState(0)
    for _ in range(3):
        y = tf.constant(random.randint(0, 2, 8).reshape(8, 1).astype("float32"))
        p = tf.constant(random.rand(8, 1).astype("float32"))
        w = tf.constant(random.rand(8, 1).astype("float32"))
        found = step(y, p, w)
        again[0].update_state(p, sample_weight=w)
        for metric in again[1:]:
            metric.update_state(y, p, sample_weight=w)
    assert len(traces) == 1
    for left, right in zip(found, again, strict=True):
        np.testing.assert_allclose(left.numpy(), right.result().numpy(), rtol=2e-6)


def test_probabilities_are_checked_in_a_trace() -> None:
    metric = tf.keras.metrics.Recall()
    step = tf.function(lambda y, p: metric(y, p))
    assert step(tf.constant([1.0]), tf.constant([0.7])).numpy() == 1.0
    with pytest.raises(tf.errors.InvalidArgumentError, match="predictions must be <= 1"):
        step(tf.constant([1.0]), tf.constant([1.5])).numpy()


def test_auc_of_labels_can_be_reset() -> None:
    """TF 2.1 fails here: it resets to values of another shape."""
    metric = tf.keras.metrics.AUC(num_thresholds=4, multi_label=True)
    y, p = tf.constant([[0.0, 1.0], [1.0, 0.0]]), tf.constant([[0.1, 0.9], [0.6, 0.4]])
    first = metric(y, p).numpy()
    metric.reset_states()
    assert [variable.numpy().any() for variable in metric.weights] == [False] * 4
    assert metric(y, p).numpy() == first


def test_float64_counts() -> None:
    """TF 2.1 fails here: it counts in float32 only."""
    metric = tf.keras.metrics.TruePositives(dtype="float64")
    assert metric([0, 1, 1], [0.2, 0.7, 0.4]).dtype is tf.float64


def test_called_on_symbolic_tensors() -> None:
    x = tf.keras.Input((3,))
    metric = tf.keras.metrics.MeanSquaredError(name="q")
    y = metric(x, 2.0 * x)
    assert y.shape == ()
    model = tf.keras.Model(x, y)
    assert model(tf.ones((2, 3))).numpy() == 1.0


def test_results_remember_their_metric_as_long_as_they_live() -> None:
    metric = tf.keras.metrics.Mean()
    result = metric([1.0, 2.0])
    assert metric_results.metric_of(result) is metric
    assert metric_results.metric_of(tf.constant(1.5)) is None
    before = len(metric_results._givers)
    del result
    gc.collect()
    assert len(metric_results._givers) == before - 1


def test_a_class_whose_result_is_a_variable_gives_tensors_at_every_level() -> None:
    class Own(tf.keras.metrics.Sum):
        def result(self):
            return super().result() / 2.0

    class Further(Own):
        """Inherits both."""

    for made in (Own(name="a"), Further(name="b")):
        made.update_state([1.0, 2.0, 3.0])
        assert made.result().numpy() == 3.0
    assert isinstance(tf.keras.metrics.Sum().result(), tf.Tensor)


def test_a_decorated_update() -> None:
    class Own(tf.keras.metrics.Mean):
        @tf.function
        def update_state(self, values, sample_weight=None):
            self.total.assign_add(tf.reduce_sum(values))
            self.count.assign_add(1.0)

        @tf.function
        def result(self):
            return self.total / self.count

    metric = Own()
    assert metric([1.0, 2.0]).numpy() == 3.0
    assert metric([1.0, 4.0]).numpy() == 4.0

"""Layers at which a described model adds a loss or a metric."""

from __future__ import annotations

from reflow.keras.layers.layer import Layer


class AddLoss(Layer):
    """Adds its input to the losses.

    Args:
      unconditional: accepted for TF's sake.
    """

    def __init__(self, unconditional=False, **kwargs):
        super().__init__(**kwargs)
        self.unconditional = unconditional

    def call(self, inputs):
        """Adds the loss, and returns it."""
        self.add_loss(inputs)
        return inputs

    def get_config(self):
        """The arguments, as a dict."""
        return {**super().get_config(), "unconditional": self.unconditional}


class AddMetric(Layer):
    """Averages its input over the batches, as a metric.

    Args:
      metric_name: the metric's name.
      aggregation: ``"mean"``.
    """

    def __init__(self, metric_name=None, aggregation="mean", **kwargs):
        super().__init__(**kwargs)
        self.metric_name = metric_name
        self.aggregation = aggregation

    def call(self, inputs):
        """Adds the metric, and returns its input."""
        self.add_metric(inputs, self.aggregation, self.metric_name)
        return inputs

    def get_config(self):
        """The arguments, as a dict."""
        config = super().get_config()
        return {**config, "aggregation": self.aggregation, "metric_name": self.metric_name}

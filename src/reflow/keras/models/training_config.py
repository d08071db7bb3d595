"""How a model was compiled, as the plain values that files keep."""

from __future__ import annotations

from typing import Any

import reflow as tf


def describe(model: Any) -> dict[str, Any]:
    """The arguments of ``compile``, for JSON."""
    said = model._compiled
    return {
        "loss": _plain(said["loss"]),
        "metrics": _plain(said["metrics"] or []),
        "weighted_metrics": _plain(said["weighted_metrics"]),
        "sample_weight_mode": model.sample_weight_mode,
        "loss_weights": said["loss_weights"],
        "optimizer_config": tf.keras.optimizers.serialize(model.optimizer),
    }


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    if value is None or isinstance(value, str):
        return value
    return tf.keras.utils.serialize_keras_object(value)


def compile_as(model: Any, training: dict[str, Any], custom_objects: Any) -> None:
    """Compiles a model as a description says.

    Raises:
      ValueError: if it names a loss, metric or optimizer that is not known.
    """
    metrics = tf.keras.metrics.deserialize
    with tf.keras.utils.custom_object_scope(custom_objects or {}):
        model.compile(
            optimizer=tf.keras.optimizers.deserialize(
                training["optimizer_config"], custom_objects=custom_objects
            ),
            loss=_objects(training.get("loss"), tf.keras.losses.deserialize),
            metrics=_objects(training.get("metrics"), metrics),
            loss_weights=training.get("loss_weights"),
            sample_weight_mode=training.get("sample_weight_mode"),
            weighted_metrics=_objects(training.get("weighted_metrics"), metrics),
        )


def _objects(value: Any, make: Any) -> Any:
    """Plain values with the objects that they describe in their places.

    Names of Keras's own losses and metrics stay names, as ``compile`` takes them.
    """
    if isinstance(value, dict) and set(value) >= {"class_name", "config"}:
        return make(value)
    if isinstance(value, dict):
        return {key: _objects(item, make) for key, item in value.items()}
    if isinstance(value, list):
        return [_objects(item, make) for item in value]
    return tf.keras.utils.get_custom_objects().get(value, value)

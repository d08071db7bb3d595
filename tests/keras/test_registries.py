"""Whatever a family of Keras exports is known to its ``get`` and comes back from its config."""

from __future__ import annotations

import inspect
from typing import Any

import pytest

import reflow as tf
from reflow._missing_names import public_names
from reflow.keras.activations import ACTIVATIONS
from reflow.keras.constraints import CONSTRAINTS
from reflow.keras.losses.registry import LOSSES
from reflow.keras.optimizers.schedules.registry import SCHEDULES
from reflow.keras.regularizers import REGULARIZERS

FAMILIES = {
    "tf.keras.activations": ACTIVATIONS,
    "tf.keras.constraints": CONSTRAINTS,
    "tf.keras.losses": LOSSES,
    "tf.keras.optimizers.schedules": SCHEDULES,
    "tf.keras.regularizers": REGULARIZERS,
}
NOT_MEMBERS = {"Reduction", "deserialize", "get", "serialize"}


def members(family: str) -> list[str]:
    return sorted(public_names()[family] - NOT_MEMBERS)


def find(family: str, name: str) -> Any:
    space = tf
    for part in family.split(".")[1:]:
        space = getattr(space, part)
    return getattr(space, name)


@pytest.mark.parametrize("family", FAMILIES)
def test_every_member_is_registered(family: str) -> None:
    assert {n: FAMILIES[family].get(n) for n in members(family)} == {
        n: find(family, n) for n in members(family)
    }


@pytest.mark.parametrize("family", FAMILIES)
def test_every_registered_class_is_public(family: str) -> None:
    exported = {*members(family), *public_names()["tf.keras.experimental"]}
    classes = {item.__name__ for item in FAMILIES[family].values() if inspect.isclass(item)}
    assert classes <= exported


def test_scopes_nest() -> None:
    before = dict(tf.keras.utils.get_custom_objects())
    with tf.keras.utils.custom_object_scope({"outer": len}):
        with tf.keras.utils.custom_object_scope({"inner": max}):
            assert tf.keras.activations.get("outer") is len
            assert tf.keras.activations.get("inner") is max
        with pytest.raises(ValueError, match="Unknown activation function:inner"):
            tf.keras.activations.get("inner")
    assert tf.keras.utils.get_custom_objects() == before


def test_a_scope_ends_when_an_error_passes() -> None:
    before = dict(tf.keras.utils.get_custom_objects())
    scope = tf.keras.utils.custom_object_scope({"outer": len})
    with pytest.raises(ValueError, match="Unknown loss"), scope:
        tf.keras.losses.get("no such loss")
    assert tf.keras.utils.get_custom_objects() == before


def test_deserializing_leaves_the_config_alone() -> None:
    config = {"class_name": "Huber", "config": {"delta": 2.0}}
    tf.keras.losses.get(config)
    assert config == {"class_name": "Huber", "config": {"delta": 2.0}}


def test_a_schedule_compiles_once_for_all_steps() -> None:
    schedule = tf.keras.optimizers.schedules.ExponentialDecay(0.1, 10, 0.5)
    traces = []

    @tf.function
    def rate(step: tf.Tensor) -> tf.Tensor:
        traces.append(step)
        return schedule(step)

    rates = [float(rate(tf.constant(step, tf.int64))) for step in (0, 10, 20)]
    assert rates == pytest.approx([0.1, 0.05, 0.025])
    assert len(traces) == 1


@pytest.mark.parametrize("alias", ["losses", "optimizers.schedules", "initializers"])
def test_aliases_hold_the_same_objects(alias: str) -> None:
    for name in members(f"tf.{alias}"):
        assert find(f"tf.{alias}", name) is find(f"tf.keras.{alias}", name)


def test_losses_agree_in_functions_and_with_weights_of_each_form() -> None:
    y = tf.constant([[0.0, 1.0], [1.0, 0.0], [1.0, 0.0]])
    p = tf.constant([[0.2, 0.8], [0.6, 0.4], [0.3, 0.7]])
    loss = tf.keras.losses.CategoricalCrossentropy()
    eager = loss(y, p, [1.0, 2.0, 3.0]).numpy()
    for weights in ([[1.0], [2.0], [3.0]], tf.constant([1, 2, 3])):
        assert loss(y, p, weights).numpy() == eager
    assert tf.function(loss)(y, p, tf.constant([1.0, 2.0, 3.0])).numpy() == pytest.approx(eager)

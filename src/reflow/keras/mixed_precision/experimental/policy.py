"""Dtype policies: the type in which layers compute, and that of their weights."""

from __future__ import annotations

from typing import Any

import reflow as tf
from reflow.keras.backend import configuration
from reflow.mixed_precision.experimental.loss_scale import described, scale_of

__all__ = ["Policy", "global_policy", "set_policy"]

_DEFAULT = "USE_DEFAULT"
_MIXED = {"mixed_float16": "float16", "mixed_bfloat16": "bfloat16"}


class Policy:
    """The types of a layer.

    Args:
      name: a type's name, for weights and computations; ``"mixed_float16"`` or
        ``"mixed_bfloat16"``, which compute in the type named and keep weights in float32; or
        ``"infer"``, which leaves both open.
      loss_scale: a ``LossScale``, a number or ``"dynamic"``: what a model that is made under the
        policy scales its loss by. By default ``"dynamic"`` for ``"mixed_float16"``, else None.

    Raises:
      TypeError: if ``name`` is no string.
      ValueError: if it is no policy's.
    """

    def __init__(self, name, loss_scale=_DEFAULT):
        if isinstance(name, tf.DType):
            raise TypeError(
                f"'name' must be a string, not a DType. Instead, pass DType.name. Got: {name.name}"
            )
        if not isinstance(name, str):
            raise TypeError(f"'name' must be a string, but got: {name}")
        self._name = name
        self._compute_dtype, self._variable_dtype = _types(name)
        if loss_scale == _DEFAULT:
            loss_scale = "dynamic" if name == "mixed_float16" else None
            self._has_default_scale = True
        else:
            self._has_default_scale = False
        self._loss_scale = scale_of(loss_scale)

    name = property(lambda self: self._name)
    variable_dtype = property(lambda self: self._variable_dtype)
    compute_dtype = property(lambda self: self._compute_dtype)
    loss_scale = property(lambda self: self._loss_scale)
    should_cast_variables = property(lambda self: self.variable_dtype != self.compute_dtype)

    def __repr__(self):
        return f'<Policy "{self._name}", loss_scale={self.loss_scale}>'

    def get_config(self):
        """The arguments, as a dict."""
        config = {"name": self.name}
        if not self._has_default_scale:
            config["loss_scale"] = described(self.loss_scale)
        return config

    @classmethod
    def from_config(cls, config, custom_objects=None):
        """Makes a policy from the result of ``get_config``."""
        return cls(**config)


def _types(name: str) -> tuple[str | None, str | None]:
    """The types of computations and of weights."""
    if name in _MIXED:
        return _MIXED[name], "float32"
    if name == "infer":
        return None, None
    try:
        kind = tf.as_dtype(name).name
    except TypeError:
        raise ValueError(
            f"Cannot convert value {name} to a mixed precision Policy. Valid policies include "
            "include 'mixed_float16', 'mixed_bfloat16', and the name of any dtype such as "
            "'float32'."
        ) from None
    return kind, kind


def global_policy():
    """The policy of layers that are given none: ``set_policy``'s, else Keras's ``floatx``."""
    policy = configuration.default_policy()
    return policy if isinstance(policy, Policy) else Policy(policy)


def set_policy(policy):
    """Sets the policy of layers that are made from now on and are given none.

    Args:
      policy: a ``Policy``, or a name for one; None goes back to ``floatx``.

    Raises:
      ValueError: if the mixed precision graph rewrite is on.
    """
    if policy is not None and not isinstance(policy, Policy):
        policy = Policy(policy)
    rewritten = tf.config.optimizer.get_experimental_options().get("auto_mixed_precision", False)
    if policy is not None and policy.should_cast_variables and rewritten:
        raise ValueError(
            "The global dtype policy cannot be set to "
            f'"{policy.name}", because the mixed precision graph rewrite has already been '
            "enabled.\nAt most, one of the following can be called:\n\n"
            "  1. tf.train.experimental.enable_mixed_precision_graph_rewrite() (You called this "
            "first)\n  2. tf.keras.mixed_precision.experimental.set_policy() with a mixed "
            "precision policy (You called this second)"
        )
    configuration.set_default_policy(policy)


def policy_of(dtype: Any) -> Any:
    """A layer's ``dtype`` argument: a policy, also where a config describes one; else unchanged."""
    if isinstance(dtype, dict) and dtype.get("class_name") == "Policy":
        return Policy.from_config(dtype["config"])
    return dtype


def in_config(policy: Policy) -> Any:
    """A policy as a layer's config has it: a type's name where that says it all."""
    if policy.name == "infer":
        return None
    if policy.should_cast_variables or not policy._has_default_scale:
        return {"class_name": "Policy", "config": policy.get_config()}
    return policy.name

"""``tf.compat.v1``: the parts of TensorFlow 1's API that programs written for TF 2 still use.

What is the same object in both is found in ``tf``. Names that mean something else there (``argmax``
with ``dimension=``) and the graph mode are not offered: they say what to use instead.
"""

from __future__ import annotations

import importlib
from typing import Any

from reflow import _missing_names
from reflow.compat.v1 import logging
from reflow.compat.v1.session import ConfigProto, GPUOptions, InteractiveSession, Session

# Names of tf whose TensorFlow 1 form has other arguments or another meaning.
DIFFERENT = frozenset(
    "DeviceSpec Variable VariableAggregation argmax argmin assert_equal assert_greater assert_less "
    "assert_rank batch_to_space boolean_mask case cond constant constant_initializer "
    "convert_to_tensor device expand_dims gather gather_nd gradients hessians name_scope norm "
    "ones_initializer ones_like pad random_normal_initializer random_uniform_initializer "
    "reduce_all reduce_any reduce_logsumexp reduce_max reduce_mean reduce_min reduce_prod "
    "reduce_sum reverse_sequence scalar_mul shape size space_to_batch squeeze transpose tuple "
    "variable_creator_scope where while_loop zeros_initializer zeros_like".split()
)


def enable_eager_execution(
    config: Any = None, device_policy: Any = None, execution_mode: Any = None
) -> None:
    """Does nothing: ops run eagerly already."""


def enable_v2_behavior() -> None:
    """Does nothing: TF 2's behaviour is the only one here."""


def enable_v2_tensorshape() -> None:
    """Does nothing: the entries of a shape are integers already."""


def enable_tensor_equality() -> None:
    """Does nothing: ``==`` compares tensors by value already."""


def enable_resource_variables() -> None:
    """Does nothing: variables are resource variables already."""


def enable_control_flow_v2() -> None:
    """Does nothing: conditions and loops are TF 2's already."""


def set_random_seed(seed: int) -> None:
    """Sets the global seed, as ``tf.random.set_seed`` does."""
    importlib.import_module("reflow").random.set_seed(seed)


__all__ = [
    "ConfigProto",
    "GPUOptions",
    "InteractiveSession",
    "Session",
    "enable_control_flow_v2",
    "enable_eager_execution",
    "enable_resource_variables",
    "enable_tensor_equality",
    "enable_v2_behavior",
    "enable_v2_tensorshape",
    "logging",
    "set_random_seed",
]


# Messages of files that TF 2's programs read.
MESSAGES = frozenset("Event HistogramProto SessionLog Summary SummaryMetadata".split())


def __getattr__(name: str) -> Any:
    tf = importlib.import_module("reflow")
    if name == "train":
        return importlib.import_module("reflow.compat.v1.train")
    if name in MESSAGES:
        return importlib.import_module("reflow.io._protos").message(name)
    known = _missing_names.public_names()
    if name in DIFFERENT:
        message = f"tf.compat.v1.{name} is TensorFlow 1's form of tf.{name}; use that one instead"
    elif name in known["tf"] and f"tf.{name}" not in known:
        return getattr(tf, name)
    else:
        message = f"Reflow has no tf.compat.v1.{name}"
        if name in _missing_names.TF1_NAMES:
            message += f"; use {_missing_names.TF1_NAMES[name]} instead"
        elif f"tf.{name}" in known:
            message += f"; use tf.{name} instead"
    raise AttributeError(message, name=name)


def __dir__() -> list[str]:
    return sorted({*globals(), *_missing_names.public_names()["tf"]} - DIFFERENT)

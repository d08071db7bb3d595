"""Public equals of ``tensorflow.python``, which programs import from though it is private.

``from tensorflow.python.keras.layers import Dense`` works because ``keras.layers`` is public;
``from tensorflow.python.framework.ops import convert_to_tensor`` through the table.
"""

from __future__ import annotations

import importlib
import importlib.util
from types import ModuleType
from typing import Any

# Private module -> the public namespaces that hold its public names, searched in this order.
EQUALS: dict[str, tuple[str, ...]] = {
    "data.ops.dataset_ops": ("reflow.data",),
    "eager.backprop": ("reflow",),
    "eager.context": ("reflow",),
    "eager.def_function": ("reflow",),
    "framework.constant_op": ("reflow",),
    "framework.dtypes": ("reflow.dtypes",),
    "framework.errors": ("reflow.errors",),
    "framework.errors_impl": ("reflow.errors",),
    "framework.ops": ("reflow",),
    "framework.random_seed": ("reflow.random",),
    "framework.sparse_tensor": ("reflow",),
    "framework.tensor_shape": ("reflow",),
    "framework.tensor_spec": ("reflow",),
    "framework.tensor_util": ("reflow",),
    "module.module": ("reflow",),
    "ops.array_ops": ("reflow",),
    "ops.bitwise_ops": ("reflow.bitwise",),
    "ops.check_ops": ("reflow.debugging",),
    "ops.clip_ops": ("reflow",),
    "ops.control_flow_ops": ("reflow",),
    "ops.custom_gradient": ("reflow",),
    "ops.functional_ops": ("reflow",),
    "ops.gradients": ("reflow",),
    "ops.image_ops": ("reflow.image",),
    "ops.init_ops_v2": ("reflow.initializers", "reflow"),
    "ops.linalg_ops": ("reflow.linalg",),
    "ops.logging_ops": ("reflow",),
    "ops.map_fn": ("reflow",),
    "ops.math_ops": ("reflow.math", "reflow"),
    "ops.nn": ("reflow.nn",),
    "ops.nn_impl": ("reflow.nn",),
    "ops.nn_ops": ("reflow.nn",),
    "ops.random_ops": ("reflow.random",),
    "ops.resource_variable_ops": ("reflow",),
    "ops.special_math_ops": ("reflow.math", "reflow"),
    "ops.string_ops": ("reflow.strings",),
    "ops.variables": ("reflow",),
    "platform.gfile": ("reflow.io.gfile",),
    "platform.test": ("reflow.test",),
    "saved_model.load": ("reflow.saved_model",),
    "saved_model.save": ("reflow.saved_model",),
    "training.checkpoint_management": ("reflow.train",),
    "training.tracking.util": ("reflow.train",),
    "util.nest": ("reflow.nest",),
    # Keras: what is below a public namespace is found by its name, the rest is here.
    "keras.engine": ("reflow.keras", "reflow.keras.layers"),
    "keras.optimizer_v2": ("reflow.keras.optimizers",),
}


class PrivateModule(ModuleType):
    """A private module of TensorFlow, shown through the public names it held."""

    def __init__(self, name: str, namespaces: tuple[str, ...]) -> None:
        super().__init__("tensorflow.python" + (f".{name}" if name else ""))
        self.__path__: list[str] = []
        self._below = name
        self._namespaces = namespaces

    def __getattr__(self, name: str) -> Any:
        if not name.startswith("_"):
            for namespace in self._namespaces:
                value = getattr(importlib.import_module(namespace), name, None)
                if value is not None:
                    return value
            child = find(f"{self._below}.{name}".lstrip("."))
            if child is not None:
                return child
        message = (
            f"module '{self.__name__}' has no attribute '{name}' with a public equal in Reflow"
        )
        raise AttributeError(message, name=name, obj=self)


def find(below: str) -> ModuleType | None:
    """Returns the module that ``tensorflow.python.<below>`` stands for, None where none does."""
    if not below:
        return PrivateModule("", ("reflow",))
    if below in EQUALS:
        namespaces = tuple(name for name in EQUALS[below] if _exists(name))
        if len(namespaces) == 1:
            return importlib.import_module(namespaces[0])
        return PrivateModule(below, namespaces) if namespaces else None
    if any(name.startswith(f"{below}.") for name in EQUALS) and below != "keras":
        return PrivateModule(below, ())
    if below.partition(".")[0] != "keras":
        return None
    # keras.layers.core is part of keras.layers, keras.utils.np_utils of keras.utils.
    while "." in below and not _exists(f"reflow.{below}"):
        below = below.rpartition(".")[0]
        if below in EQUALS:
            return find(below)
    return importlib.import_module(f"reflow.{below}") if _exists(f"reflow.{below}") else None


def _exists(module: str) -> bool:
    try:
        return importlib.util.find_spec(module) is not None
    except ModuleNotFoundError:
        return False

"""What to say when a program asks for a name that Reflow does not have."""

from __future__ import annotations

import difflib
from functools import cache
from importlib import resources

# Names of TensorFlow 1 that old programs still ask for, and what TF 2 programs write instead.
TF1_NAMES = {
    "ConfigProto": "tf.config",
    "InteractiveSession": "eager execution: call the ops directly",
    "Session": "eager execution: call the ops directly",
    "app": "a plain main() function",
    "assign": "variable.assign(value)",
    "assign_add": "variable.assign_add(value)",
    "assign_sub": "variable.assign_sub(value)",
    "contrib": "the library that the wanted part moved to",
    "flags": "argparse or absl.flags",
    "get_default_graph": "tf.function",
    "get_variable": "tf.Variable",
    "global_variables_initializer": "nothing: variables are initialized when they are made",
    "layers": "tf.keras.layers",
    "log": "tf.math.log",
    "logging": "the logging module of Python",
    "placeholder": "the argument of a function",
    "random_normal": "tf.random.normal",
    "random_uniform": "tf.random.uniform",
    "reset_default_graph": "tf.keras.backend.clear_session()",
    "set_random_seed": "tf.random.set_seed",
    "to_float": "tf.cast(x, tf.float32)",
    "to_int32": "tf.cast(x, tf.int32)",
    "to_int64": "tf.cast(x, tf.int64)",
    "truncated_normal": "tf.random.truncated_normal",
    "variable_scope": "tf.name_scope, or a tf.Module",
}


@cache
def public_names() -> dict[str, frozenset[str]]:
    """TF 2.1's public names by namespace: ``{"tf.math": {"abs", ...}, ...}``."""
    text = resources.files("reflow").joinpath("_api_names.txt").read_text("utf-8")
    rows = (line.split(": ") for line in text.splitlines() if not line.startswith("#"))
    return {namespace: frozenset(names.split()) for namespace, names in rows}


def exists_in_tf(name: str) -> bool:
    """Whether TF 2.1 has the public symbol or namespace ``name``, such as ``tf.math.abs``."""
    if name in public_names():
        return True
    namespace, _, last = name.rpartition(".")
    return last in public_names().get(namespace, ())


def explain(module: str, name: str, present: list[str]) -> str:
    """Words the error for ``module.name``, where ``module`` reads ``tensorflow.math``.

    Args:
      module: the namespace that was asked.
      name: the name it does not have.
      present: the names it has.

    Returns:
      The message: the name is TF's but not here yet, is TensorFlow 1's, or looks like a slip.
    """
    namespace = "tf" + module.removeprefix("tensorflow")
    if exists_in_tf(f"{namespace}.{name}"):
        return (
            f"{namespace}.{name} exists in TensorFlow 2.1, but Reflow does not have it yet; "
            f"dir({namespace}) lists what it has there"
        )
    message = f"module '{module}' has no attribute '{name}'"
    if namespace == "tf" and name in TF1_NAMES:
        return f"{message}; it belongs to TensorFlow 1, use {TF1_NAMES[name]} instead"
    known = [*present, *public_names().get(namespace, ())]
    close = difflib.get_close_matches(name, [word for word in known if word[0] != "_"], n=1)
    return f"{message}; did you mean '{close[0]}'?" if close else message

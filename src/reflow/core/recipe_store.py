"""Recipes on disk, so that a script's second run need not import JAX for its one-off code.

One JSON file per state of the package and of JAX, read when the first recipe is asked for and
written when the process ends. It holds numbers, names and small constants only: reading it can
execute nothing, and an entry that cannot be read is made anew.
"""

from __future__ import annotations

import atexit
import base64
import contextlib
import importlib.util
import json
import os
import sys
import tempfile
from types import SimpleNamespace
from typing import Any

import numpy as np

from reflow.core.interpret_primitives import PRIMITIVES
from reflow.core.lazy import cache_directory
from reflow.core.recipe import Call, Recipe

LIMIT = 4000
"""Entries the file may hold; a program that would exceed it starts a new one."""
CONSTANT_BYTES = 4096
"""Constants larger than this keep a recipe from being stored."""


class RecipeStore:
    """A dictionary from op keys to recipes (None: NumPy can't do it) that outlives the process."""

    def __init__(self) -> None:
        self._raw: dict[str, Any] | None = None
        self._path: str | None = None
        self._changed = False

    def _load(self) -> dict[str, Any]:
        if self._raw is None:
            self._raw = {}
            directory = cache_directory()
            if directory is not None:
                self._path = os.path.join(directory, f"recipes-{_fingerprint()}.json")
                with contextlib.suppress(OSError, ValueError):
                    with open(self._path, encoding="utf-8") as file:
                        loaded = json.load(file)
                    if isinstance(loaded, dict):
                        self._raw = loaded
                atexit.register(self.save)
        return self._raw

    def get(self, key: str) -> tuple[bool, Recipe | None]:
        """Whether the key is known, and its recipe."""
        raw = self._load()
        if key not in raw:
            return False, None
        entry = raw[key]
        if entry is None:
            return True, None
        try:
            return True, _decode(entry)
        except (KeyError, TypeError, ValueError, IndexError):
            del raw[key]
            return False, None

    def put(self, key: str, recipe: Recipe | None) -> None:
        """Keeps a recipe if all of it can be written."""
        raw = self._load()
        if self._path is None or len(raw) >= LIMIT:
            return
        try:
            raw[key] = None if recipe is None else _encode(recipe)
        except TypeError:  # a parameter that JSON has no form for
            return
        self._changed = True

    def save(self) -> None:
        """Writes the file, whole or not at all."""
        if not self._changed or self._path is None or self._raw is None:
            return
        self._changed = False
        directory = os.path.dirname(self._path)
        with contextlib.suppress(OSError):
            os.makedirs(directory, exist_ok=True)
            handle, temporary = tempfile.mkstemp(dir=directory, prefix="recipes-", suffix=".tmp")
            try:
                with os.fdopen(handle, "w", encoding="utf-8") as file:
                    json.dump(self._raw, file, separators=(",", ":"))
                os.replace(temporary, self._path)
            except OSError:
                os.unlink(temporary)


def _fingerprint() -> str:
    """Names the state of this package's source, of JAX, NumPy and Python."""
    newest = count = 0
    root = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    for folder, _, files in os.walk(root):
        for name in files:
            if name.endswith(".py"):
                count += 1
                newest = max(newest, os.stat(os.path.join(folder, name)).st_mtime_ns)
    found = importlib.util.find_spec("jax")
    origin = found.origin if found is not None else None
    jax_time = os.stat(origin).st_mtime_ns if origin else 0
    version = f"{sys.version_info[0]}.{sys.version_info[1]}-{np.__version__}"
    return f"{version}-{count}-{newest:x}-{jax_time:x}"


# ---- to JSON and back


def _encode(recipe: Recipe) -> Any:
    constants = []
    for slot, value in recipe.constants.items():
        if value.nbytes > CONSTANT_BYTES or value.dtype.kind not in "biufc":
            raise TypeError("constant")
        data = base64.b64encode(np.ascontiguousarray(value).tobytes()).decode()
        constants.append([slot, value.dtype.str, list(value.shape), data])
    calls = [
        [c.primitive, {k: _value(v) for k, v in c.params.items()}, c.inputs, c.outputs, c.several]
        for c in recipe.calls
    ]
    return [
        recipe.inputs, recipe.shapes, constants, calls, recipe.outputs, recipe.kinds, recipe.single
    ]  # fmt: skip


def _value(value: Any) -> Any:
    """A parameter as JSON; what is no plain value carries a tag."""
    if value is None or value.__class__ in (bool, int, float, str):
        return value
    if isinstance(value, (int, np.integer)):  # an enumeration of numbers among them
        return int(value)
    if hasattr(value, "_fields") or hasattr(value, "__dataclass_fields__"):
        names = getattr(value, "_fields", None) or tuple(value.__dataclass_fields__)
        return {"fields": {name: _value(getattr(value, name)) for name in names}}
    if isinstance(value, tuple):
        return {"tuple": [_value(v) for v in value]}
    if isinstance(value, (np.dtype, type)):
        return {"dtype": np.dtype(value).name}
    if hasattr(value, "name") and hasattr(value, "value"):
        return {"fields": {"name": value.name}}
    raise TypeError(type(value).__name__)


def _decode(entry: Any) -> Recipe:
    inputs, shapes, constants, calls, outputs, kinds, single = entry
    values = {}
    for slot, dtype, shape, data in constants:
        array = np.frombuffer(base64.b64decode(data), np.dtype(dtype)).reshape(shape)
        values[int(slot)] = array
    made = []
    for primitive, params, sources, results, several in calls:
        if primitive not in PRIMITIVES:
            raise KeyError(primitive)
        known = {k: _restored(v) for k, v in params.items()}
        made.append(Call(primitive, known, tuple(sources), tuple(results), bool(several)))
    return Recipe(
        int(inputs),
        tuple([tuple(shape) for shape in shapes]),
        values,
        tuple(made),
        tuple(outputs),
        tuple([(name, tuple(shape)) for name, shape in kinds]),
        bool(single),
    )


def _restored(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    if "tuple" in value:
        return tuple([_restored(v) for v in value["tuple"]])
    if "dtype" in value:
        return np.dtype(value["dtype"])
    return SimpleNamespace(**{k: _restored(v) for k, v in value["fields"].items()})


store = RecipeStore()

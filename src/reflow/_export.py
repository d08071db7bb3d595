"""``reflow.export``: a Keras model as a StableHLO program, which runs wherever JAX or XLA runs.

    OUT         the program as ``jax.export`` serializes it, the weights in it as constants
    OUT.json    what goes in and comes out: names, dtypes, shapes

    program = jax.export.deserialize(open(OUT, "rb").read())
    outputs = program.call(*inputs)  # neither Reflow nor the model's Python code is needed

``program.mlir_module()`` is the StableHLO text. To ONNX there is no well-kept way from StableHLO;
the way that is kept goes through TensorFlow: save the weights (``model.save_weights("x.h5")``),
load them into the same model there, and use tf2onnx.

Compiled programs have fixed shapes, and a model is traced for fixed ones, but what is exported
takes any number of rows: the program of one row is mapped over them (``jax.vmap``). That is the
model where rows do not depend on each other, which is checked; otherwise a batch size must be
given.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Sequence
from importlib.util import find_spec
from typing import Any

import numpy as np

import reflow as tf
from reflow.core.lazy import jax
from reflow.io._atomic import as_tf_error, write_file

_CHECKED_ROWS = 3


def export(
    model: Any, path: Any, batch: int | None = None, platforms: Sequence[str] | None = None
) -> dict[str, Any]:
    """Writes a model's prediction as a program for ``jax.export.deserialize``.

    Args:
      model: a Keras model, or the name of a file or folder that ``tf.keras.models.load_model``
        reads.
      path: the file to write; the signature goes beside it, to ``path + ".json"``.
      batch: the number of rows that the program takes; None: any.
      platforms: what it is to run on, of ``"cpu"``, ``"cuda"``, ``"rocm"`` and ``"tpu"``; None: on
        what this process computes on.

    Returns:
      The signature, as it is in the JSON file.

    Raises:
      ValueError: the model is not built, has other open dimensions than the batch's, or its rows
        depend on each other and ``batch`` is None.
      NotImplementedError: it keeps a state between calls, or draws random numbers in prediction.
      OpError: a file cannot be written; an old one is as it was.
    """
    if find_spec("flatbuffers") is None:
        raise ImportError("export needs flatbuffers: pip install 'reflow[export]'")
    if not isinstance(model, tf.keras.Model):
        model = tf.keras.models.load_model(os.fspath(model), compile=False)
    inputs = _inputs(model)
    if batch is None:  # a model may be made for one batch size
        batch = next((x.shape[0] for x in inputs if x.shape[0] is not None), None)
    if batch is None:
        function = _for_any_batch(_function(model, inputs, 1))
        _check_rows(model, function, inputs)
        (rows,) = jax.export.symbolic_shape("batch")
    else:
        function = _function(model, inputs, batch)
        rows = batch
    kinds = [jax.ShapeDtypeStruct((rows, *x.shape[1:]), x.dtype.np) for x in inputs]
    exported = jax.export.export(jax.jit(function), platforms=platforms)(*kinds)
    signature = {
        "format": "jax.export",
        "model": model.name,
        "platforms": list(exported.platforms),
        "calling_convention_version": exported.calling_convention_version,
        "inputs": [_entry(x.name, a) for x, a in zip(inputs, exported.in_avals, strict=True)],
        "outputs": [
            _entry(name, a)
            for name, a in zip(_names(model, exported), exported.out_avals, strict=True)
        ],
    }
    path = os.fspath(path)
    try:
        write_file(path, bytes(exported.serialize()))
        write_file(path + ".json", (json.dumps(signature, indent=2) + "\n").encode())
    except OSError as error:
        raise as_tf_error(error, path) from error
    return signature


def _inputs(model: Any) -> list[Any]:
    """The specs of a model's inputs, with their names."""
    inputs = model.inputs
    if not inputs:
        raise ValueError(
            f"export: the model {model.name!r} has no input shapes yet; call it on data, or "
            "fit it, before"
        )
    specs = []
    for name, x in zip(model.input_names, tf.nest.flatten(inputs), strict=True):
        dims = list(x._dims)
        if x.dtype is tf.string:
            raise ValueError(f"export: input {name!r} is of strings, which XLA does not have")
        if any(n is None for n in dims[1:]):
            raise ValueError(
                f"export: input {name!r} has the shape {tuple(dims)}, and only the first dimension "
                "may be open: make the model again with the others given, and load its weights"
            )
        specs.append(tf.TensorSpec(dims, x.dtype, name))
    return specs


def _function(model: Any, inputs: list[Any], batch: int) -> Callable[..., Any]:
    """The model's prediction for so many rows as a pure function of arrays, weights inside."""

    def predict(*given: Any) -> Any:
        return model(given[0] if len(given) == 1 else list(given), training=False)

    specs = [tf.TensorSpec([batch, *x.shape[1:]], x.dtype) for x in inputs]
    body, _ = tf.function(predict).get_concrete_function(*specs)._trace
    if body.streams:
        raise NotImplementedError(
            f"export: {model.name!r} draws random numbers in prediction, which a program without "
            "state cannot"
        )
    if body.written:
        names = ", ".join(v.name for v in body.written)
        raise NotImplementedError(
            f"export: {model.name!r} changes variables in prediction ({names}), which a program "
            "without state cannot"
        )
    held = [np.asarray(t.numpy()) for t in [*body.variables, *body.closures]]

    def function(*arrays: Any) -> Any:
        return list(body.function(*arrays, *held)[: body.count])

    return function


def _for_any_batch(function: Callable[..., Any]) -> Callable[..., Any]:
    """The function of one row, mapped over the rows."""

    def one(*rows: Any) -> Any:
        return [x[0] for x in function(*[row[None] for row in rows])]

    return jax.vmap(one)


def _check_rows(model: Any, function: Callable[..., Any], inputs: list[Any]) -> None:
    """Raises a ValueError unless mapping over rows is what the model does to a batch."""
    random = np.random.RandomState(0)
    arrays = []
    for x in inputs:
        shape = (_CHECKED_ROWS, *x.shape[1:])
        drawn = (
            random.standard_normal(shape) if x.dtype.is_floating else random.randint(0, 2, shape)
        )
        arrays.append(drawn.astype(x.dtype.np))
    expected = tf.nest.flatten(model(arrays[0] if len(arrays) == 1 else arrays, training=False))
    try:
        found = jax.jit(function)(*arrays)
    except IndexError:  # an output without rows
        found = []
    for a, b in zip(found or [None] * len(expected), expected, strict=True):
        b = b.numpy()
        if a is None or a.shape != b.shape or not np.allclose(a, b, 1e-3, 1e-4, equal_nan=True):
            raise ValueError(
                f"export: what {model.name!r} gives for a row depends on the other rows of the "
                "batch, so that the batch size must be given (batch=32, or --batch 32)"
            )


def _names(model: Any, exported: Any) -> list[str]:
    names = list(model.output_names or ())
    count = len(exported.out_avals)
    return names if len(names) == count else [f"output_{i + 1}" for i in range(count)]


def _entry(name: str, kind: Any) -> dict[str, Any]:
    shape = [n if isinstance(n, int) else str(n) for n in kind.shape]
    return {"name": name, "dtype": str(kind.dtype), "shape": shape}

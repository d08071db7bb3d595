"""What users pass to ``fit`` and its kin, brought to one form and checked.

The form is a :class:`Batch`: inputs in the structure that the model's ``call`` takes, and lists of
targets and sample weights with one entry (or None) per output.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

import reflow as tf
from reflow.core.variable import Variable


class Batch(NamedTuple):
    """Inputs, targets and sample weights, of a batch or of all samples."""

    x: Any
    y: list[Any]
    weights: list[Any]

    def flat(self) -> list[Any]:
        """All arrays, inputs first; what is None is left out."""
        return [a for a in tf.nest.flatten([self.x, self.y, self.weights]) if a is not None]

    def repacked(self, flat: Any) -> Batch:
        """The same structure with other arrays."""
        given = iter(flat)
        leaves = [None if a is None else next(given) for a in tf.nest.flatten(list(self))]
        return Batch(*tf.nest.pack_sequence_as(list(self), leaves))


def standardize(
    model: Any,
    x: Any,
    y: Any = None,
    sample_weight: Any = None,
    class_weight: Any = None,
    exact: bool = True,
) -> Batch:
    """Inputs, targets and weights as arrays or tensors, in the model's order.

    Args:
      x: an array or tensor, a list, or a dict by the inputs' names.
      y: the same for outputs; None where nothing is trained.
      sample_weight: factors of the samples' losses, for all outputs or for each.
      class_weight: class -> factor.
      exact: whether targets must not have size 1 where outputs have more.

    Raises:
      ValueError: if there are no inputs, or shapes, names or numbers of samples do not fit.
    """
    if x is None or isinstance(x, (str, bytes)):
        raise ValueError(f"Failed to find data adapter that can handle input: {type(x)}, {type(y)}")
    inputs = standardize_inputs(model, x)
    objective = model._objective
    names = model.output_names or (objective.names if objective is not None else ["output_1"])
    targets = [None] * len(names) if y is None else _named(y, names, "target")
    targets = [None if t is None else _column(_array(t)) for t in targets]
    weights = _weights(sample_weight, names)
    flat = [a for a in tf.nest.flatten(inputs) if a is not None]
    _check_lengths(flat, [t for t in targets if t is not None], weights)
    _check_ranks(targets, weights)
    if class_weight is not None:
        weights = [
            _by_class(t, w, _for_output(class_weight, name, names))
            for t, w, name in zip(targets, weights, names, strict=True)
        ]
    if model._is_graph_network:
        _check_inputs(model, flat)
        if objective is not None and y is not None:
            objective.check_shapes(
                [None if t is None else tuple(t.shape) for t in targets],
                [o._dims for o in model.outputs],
                exact,
            )
    return Batch(inputs, targets, weights)


def standardize_inputs(model: Any, x: Any) -> Any:
    """Inputs as arrays or tensors, in the structure that the model's ``call`` takes."""
    if hasattr(x, "items") and hasattr(x, "values") and not isinstance(x, dict):
        x = x.values if not callable(x.values) else dict(x)  # a pandas table
    if model._is_graph_network:
        found = [_column(_array(a)) for a in _named(x, model.input_names, "input")]
        return found[0] if len(found) == 1 else found
    if isinstance(x, dict):
        return {key: _column(_array(a)) for key, a in x.items()}
    if isinstance(x, (list, tuple)) and not _is_list_of_numbers(x):
        found = [_column(_array(a)) for a in x]
        return found[0] if len(found) == 1 else type(x)(found)
    return _column(_array(x))


def _is_list_of_numbers(x: Any) -> bool:
    """Whether a nested list stands for one array."""
    while isinstance(x, (list, tuple)) and x:
        x = x[0]
    return isinstance(x, (int, float, str, bytes, np.generic))


def _named(data: Any, names: list[str], what: str) -> list[Any]:
    """Arrays in the order of names."""
    if isinstance(data, dict):
        missing = [name for name in names if name not in data]
        if missing:
            raise ValueError(
                f'No data provided for "{missing[0]}". Need data for each key in: {names}'
            )
        return [data[name] for name in names]
    if isinstance(data, (list, tuple)) and not _is_list_of_numbers(data):
        found = list(data)
    else:
        found = [data]
    if len(found) != len(names):
        raise ValueError(
            f"Error when checking model {what}: the list of Numpy arrays that you are passing to "
            f"your model is not the size the model expected. Expected to see {len(names)} "
            f"array(s), for inputs {names} but instead got the following list of {len(found)} "
            f"arrays: {str(found)[:200]}..."
        )
    return found


def _array(a: Any) -> Any:
    """An array as training sees it: floating numbers of another type become ``floatx``."""
    if a is None:
        return None
    floatx = tf.keras.backend.floatx()
    if isinstance(a, (tf.Tensor, Variable)):
        return tf.cast(a, floatx) if a.dtype.is_floating and a.dtype.name != floatx else a
    if hasattr(a, "toarray"):
        a = a.toarray()  # SciPy's sparse matrices
    array = np.asarray(getattr(a, "values", a) if not isinstance(a, dict) else a)
    if array.dtype.kind == "f" and array.dtype.name != floatx:
        return array.astype(floatx)
    if array.dtype == object:
        raise ValueError(
            f"Failed to convert a NumPy array to a Tensor (Unsupported object type "
            f"{type(array.flat[0]).__name__ if array.size else 'object'})."
        )
    return array


def _column(a: Any) -> Any:
    """One number per sample becomes a column."""
    if a is None or len(a.shape) != 1:
        return a
    return a.reshape(-1, 1) if isinstance(a, np.ndarray) else tf.expand_dims(a, 1)


def _weights(given: Any, names: list[str]) -> list[Any]:
    if given is None:
        return [None] * len(names)
    if isinstance(given, dict):
        unknown = sorted(set(given) - set(names))
        if unknown:
            raise ValueError(
                f"Unknown entries in sample_weight dictionary: {unknown}. Only expected following "
                f"keys: {names}"
            )
        found = [given.get(name) for name in names]
    elif isinstance(given, (list, tuple)) and not _is_list_of_numbers(given):
        if len(given) != len(names):
            raise ValueError(
                f"Provided `sample_weight` was a list of {len(given)} elements, but your model has "
                f"{len(names)} outputs. You should provide one `sample_weight`array per model "
                "output."
            )
        found = list(given)
    else:
        found = [given] * len(names)
    return [None if w is None else _array(w) for w in found]


def _for_output(class_weight: Any, name: str, names: list[str]) -> Any:
    """The class weights of one output; with several outputs they are given by name."""
    if len(names) > 1 and isinstance(class_weight, dict) and name in class_weight:
        return class_weight[name]
    if isinstance(class_weight, (list, tuple)):
        return class_weight[names.index(name)]
    return class_weight


def _by_class(target: Any, weight: Any, class_weight: Any) -> Any:
    """Weights of samples by their classes, times the weights they have."""
    if target is None or not isinstance(class_weight, dict):
        return weight
    labels = np.asarray(target)
    if labels.ndim > 2:
        raise ValueError("`class_weight` not supported for 3+ dimensional targets.")
    labels = labels.argmax(axis=1) if labels.shape[-1] > 1 else labels.reshape(-1)
    missing = sorted(set(labels.tolist()) - set(class_weight))
    if missing:
        raise ValueError(
            "`class_weight` must contain all classes in the data. The classes "
            f"{set(missing)} exist in the data but not in `class_weight`."
        )
    factors = np.array([class_weight[c] for c in labels.tolist()], tf.keras.backend.floatx())
    return factors if weight is None else factors * np.asarray(weight)


def _check_lengths(inputs: Any, targets: Any, weights: Any) -> None:
    """Raises a ValueError if the numbers of samples differ."""
    for what, arrays in (("input arrays (x)", inputs), ("target arrays (y)", targets)):
        if len({a.shape[0] for a in arrays if len(a.shape)}) > 1:
            raise ValueError(
                f"All {what} should have the same number of samples. Got array shapes: "
                f"{[tuple(a.shape) for a in arrays]}"
            )
    if inputs and not len(inputs[0].shape):
        raise ValueError("Expected input data to be at least one-dimensional, got a scalar")
    if inputs and targets and inputs[0].shape[0] != targets[0].shape[0]:
        raise ValueError(
            "Input arrays should have the same number of samples as target arrays. Found "
            f"{inputs[0].shape[0]} input samples and {targets[0].shape[0]} target samples."
        )
    given = [w for w in weights if w is not None]
    if targets and given and given[0].shape[0] != targets[0].shape[0]:
        raise ValueError(
            "Sample_weight arrays should have the same number of samples as target arrays. Got "
            f"{given[0].shape[0]} input samples and {targets[0].shape[0]} target samples."
        )


def _check_ranks(targets: Any, weights: Any) -> None:
    """Raises a ValueError for weights of time steps where samples have none."""
    for target, weight in zip(targets, weights, strict=True):
        if target is None or weight is None or len(target.shape) > 2 or len(weight.shape) < 2:
            continue
        if weight.shape[1] != 1:
            raise ValueError(
                f"Found a sample_weight array with shape {tuple(weight.shape)}. In order to use "
                'timestep-wise sample weights, you should specify sample_weight_mode="temporal" '
                'in compile(); found "None" instead. If you just mean to use sample-wise weights, '
                "make sure your sample_weight array is 1D."
            )


def _check_inputs(model: Any, arrays: Any) -> None:
    for name, like, array in zip(model.input_names, model.inputs, arrays, strict=True):
        expected, shape = like._dims, tuple(array.shape)
        if len(expected) != len(shape):
            raise ValueError(
                f"Error when checking input: expected {name} to have {len(expected)} dimensions, "
                f"but got array with shape {shape}"
            )
        for size, got in zip(expected[1:], shape[1:], strict=True):
            if size is not None and size != got:
                raise ValueError(
                    f"Error when checking input: expected {name} to have shape {expected[1:]} but "
                    f"got array with shape {shape[1:]}"
                )

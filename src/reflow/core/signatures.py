"""What decides whether a trace fits a call: the kinds of the arguments, or a given signature."""

from __future__ import annotations

import inspect
import types
import weakref
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import numpy as np

from reflow.core import nest
from reflow.core.convert import convert_to_tensor
from reflow.core.tensor import Reference, StaticTensor, Tensor, placeholder
from reflow.core.type_spec import TensorSpec
from reflow.core.variable import Variable


def is_tensor(value: Any) -> bool:
    """Whether an argument is passed as a tensor, not as a Python value."""
    return isinstance(value, (Tensor, np.ndarray))


def kind_of(value: Any, tensors: list[Tensor]) -> Any:
    """The part of a trace's key that one argument makes; its tensors are appended.

    The kind of a tensor is its shape and dtype, that of a Python value the value itself.
    """
    cls = value.__class__
    if cls is Tensor:
        tensors.append(value)
        return value._aval
    if isinstance(value, Variable):
        return ("variable", id(value), value._tensor._aval)
    if cls is StaticTensor or isinstance(value, np.ndarray):
        tensor = convert_to_tensor(value)
        tensors.append(tensor)
        return tensor._aval
    if isinstance(value, (tuple, list)):
        return (cls, *[kind_of(item, tensors) for item in value])
    if isinstance(value, dict):
        return (dict, *[(k, kind_of(value[k], tensors)) for k in nest.sorted_keys(value)])
    if hasattr(cls, "_type_spec"):
        spec = value._type_spec
        return (cls, repr(spec), *[kind_of(part, tensors) for part in spec._to_components(value)])
    if isinstance(value, (int, float, np.generic)):
        return ("value", value)  # 1 and 1.0 are equal, and share a trace in TF too
    return _object_key(value)


def _object_key(value: Any) -> Any:
    """Stands for an object; does not keep one alive that is equal to nothing but itself."""
    cls: Any = type(value)
    if cls.__hash__ is None:
        return Reference(value)
    if cls.__eq__ is not object.__eq__ or isinstance(value, types.MethodType):
        try:
            hash(value)
        except TypeError:
            return Reference(value)
        return value
    try:
        return weakref.ref(value)
    except TypeError:
        return value


def is_dead(key: Any) -> bool:
    """Whether a key mentions an object that is gone, so that no call can match it any more."""
    if isinstance(key, tuple):
        return any(map(is_dead, key))
    return isinstance(key, weakref.ref) and key() is None


def with_placeholders(value: Any, placeholders: list[Tensor]) -> Any:
    """The arguments with placeholders for tensors, in the order of :func:`kind_of`."""
    if is_tensor(value):
        tensor = convert_to_tensor(value)
        placeholders.append(placeholder(tensor._aval))
        return placeholders[-1]
    if isinstance(value, (tuple, list, dict)):
        items = value if not isinstance(value, dict) else [
            value[key] for key in nest.sorted_keys(value)
        ]  # fmt: skip
        return nest.same_type(value, [with_placeholders(item, placeholders) for item in items])
    if hasattr(type(value), "_type_spec"):
        spec = value._type_spec
        parts = [with_placeholders(p, placeholders) for p in spec._to_components(value)]
        return spec._from_components(parts)
    return value


# ---- the Python function's own signature


def signature_of(function: Callable[..., Any]) -> inspect.Signature | None:
    """The function's signature, None if it has none (some builtins)."""
    try:
        return inspect.signature(function)
    except (TypeError, ValueError):
        return None


def without_first(signature: inspect.Signature | None) -> inspect.Signature | None:
    """A method's signature without ``self``."""
    if signature is None:
        return None
    return signature.replace(parameters=list(signature.parameters.values())[1:])


def positional_names(signature: inspect.Signature | None) -> list[str]:
    """The parameters that can be passed by position."""
    if signature is None:
        return []
    kinds = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    return [p.name for p in signature.parameters.values() if p.kind in kinds]


# ---- input_signature


def check_signature(signature: Any) -> tuple[Any, ...] | None:
    """An ``input_signature`` as a tuple.

    Raises:
      TypeError: it is no list or tuple, or holds something else than specs.
    """
    if signature is None:
        return None
    if not isinstance(signature, (tuple, list)):
        raise TypeError(
            f"input_signature must be either a tuple or a list, received {type(signature)}"
        )
    if not all(isinstance(spec, TensorSpec) for spec in nest.flatten(signature)):
        raise TypeError(
            f"Invalid input_signature {signature}; input_signature must be a possibly nested "
            "sequence of TensorSpec objects."
        )
    return tuple(signature)


def fit_signature(
    signature: tuple[Any, ...], names: list[str], args: tuple[Any, ...], kwargs: dict[str, Any]
) -> tuple[Any, ...]:
    """The arguments of a call as tensors of an ``input_signature``.

    Args:
      signature: TensorSpecs, possibly nested.
      names: the function's positional parameters.

    Raises:
      TypeError: there are arguments that the signature does not cover.
      ValueError: the arguments don't fit it.
    """
    only = "When input_signature is provided, only pass arguments covered by it."
    if len(args) > len(signature):
        raise TypeError(f"{only} Received {len(args)} argument(s).")
    covered = names[len(args) : len(signature)]
    for name in kwargs:
        if name not in covered:
            raise TypeError(f"{only} Received argument {name}.")
    given = (*args, *[kwargs[name] for name in covered if name in kwargs])
    pairs: list[tuple[Any, Any]] = []
    if not _pair_up(signature, given, pairs):
        message = "Structure of Python function inputs does not match input_signature:"
        raise ValueError(_mismatch(message, given, signature))
    tensors = []
    for spec, value in pairs:
        try:
            tensors.append(convert_to_tensor(value, dtype_hint=spec.dtype))
        except (TypeError, ValueError):
            message = (
                "When input_signature is provided, all inputs to the Python function must be "
                "convertible to tensors:"
            )
            raise ValueError(_mismatch(message, given, signature)) from None
    if not all(s.is_compatible_with(t) for (s, _), t in zip(pairs, tensors, strict=True)):
        message = "Python inputs incompatible with input_signature:"
        raise ValueError(_mismatch(message, given, signature))
    return nest.pack_sequence_as(signature, tensors)  # type: ignore[no-any-return]


def _pair_up(spec: Any, value: Any, pairs: list[tuple[Any, Any]]) -> bool:
    """Finds each spec's value; False if the structures differ."""
    if isinstance(spec, TensorSpec):
        pairs.append((spec, value))
        return True
    if isinstance(spec, dict):
        if not isinstance(value, dict) or spec.keys() != value.keys():
            return False
        return all(_pair_up(spec[k], value[k], pairs) for k in nest.sorted_keys(spec))
    if not isinstance(value, (tuple, list)) or len(spec) != len(value):
        return False
    return all(_pair_up(s, v, pairs) for s, v in zip(spec, value, strict=True))


def _mismatch(message: str, given: tuple[Any, ...], signature: tuple[Any, ...]) -> str:
    def listed(items: tuple[Any, ...]) -> str:
        return "(\n    " + ",\n    ".join(map(str, items)) + ")"

    return f"{message}\n  inputs: {listed(given)}\n  input_signature: {listed(signature)}"


# ---- names of arguments


class Named(NamedTuple):
    """A leaf of a call's arguments, with the names TF gives it."""

    value: Any
    base: str  # the parameter's name
    path: str  # with the way into a structure: "x/0"


def named_arguments(
    args: tuple[Any, ...], kwargs: dict[str, Any], signature: inspect.Signature | None
) -> Iterator[Named]:
    """The leaves of the arguments, in order."""
    names = positional_names(signature)
    star = "arg"
    if signature is not None:
        kind = inspect.Parameter.VAR_POSITIONAL
        star = next((p.name for p in signature.parameters.values() if p.kind is kind), star)
    for i, value in enumerate(args):
        name = names[i] if i < len(names) else f"{star}_{i - len(names)}"
        yield from _named(value, name, name)
    for name in sorted(kwargs):
        yield from _named(kwargs[name], name, name)


def _named(value: Any, base: str, path: str) -> Iterator[Named]:
    if isinstance(value, dict):
        for key in nest.sorted_keys(value):
            yield from _named(value[key], base, f"{path}/{key}")
    elif isinstance(value, (tuple, list)):
        for i, item in enumerate(value):
            yield from _named(item, base, f"{path}/{i}")
    elif hasattr(type(value), "_type_spec"):
        for i, part in enumerate(value._type_spec._to_components(value)):
            yield from _named(part, base, f"{path}/{i}")
    else:
        yield Named(value, base, path)


def unique(names: list[str]) -> list[str]:
    """Names used again get a number: ``x``, ``x_1``."""
    made: list[str] = []
    for name in names:
        candidate, count = name, 0
        while candidate in made:
            count += 1
            candidate = f"{name}_{count}"
        made.append(candidate)
    return made

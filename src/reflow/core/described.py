"""Functions whose arguments say sizes, called in the description of a model, where sizes wait.

``tf.fill([tf.shape(x)[0], 3], 0.0)`` on a symbolic ``x`` can't be an op yet: how large it is will
be known when the model runs. Such a call becomes a part of the model as a whole.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from typing import Any, TypeVar

from reflow.core.tensor import SymbolicTensor, Tensor

_Function = TypeVar("_Function", bound=Callable[..., Any])


def sized_by(*names: str) -> Callable[[_Function], _Function]:
    """Lets the named arguments of a function be, or hold, symbolic tensors.

    Args:
      names: of parameters.
    """

    def decorate(function: _Function) -> _Function:
        order = list(inspect.signature(function).parameters)
        arguments = tuple([(order.index(name), name) for name in names])

        @functools.wraps(function)
        def call(*args: Any, **kwargs: Any) -> Any:
            for place, name in arguments:
                value = args[place] if place < len(args) else kwargs.get(name)
                if value.__class__ is not int and value.__class__ is not Tensor:
                    found = symbolic_in(value)
                    if found is not None:
                        return found._apply_function(call, args, kwargs)
            return function(*args, **kwargs)

        return call  # type: ignore[return-value]

    return decorate


def symbolic_in(value: Any) -> SymbolicTensor | None:
    """The first symbolic tensor in a value, looking into lists and tuples; None without one."""
    if isinstance(value, SymbolicTensor):
        return value
    if isinstance(value, (list, tuple)):
        for item in value:
            if item.__class__ is not int:
                found = symbolic_in(item)
                if found is not None:
                    return found
    return None

"""Functions with a derivative of their own, made when first called.

``jax.custom_jvp`` at module level would import JAX with the package; these decorators wait. An op
uses them where TF's derivative is not what JAX derives: at kinks, or where TF reuses the output.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from reflow.core.lazy import jax


class custom_jvp:  # noqa: N801 - a decorator, named like JAX's
    """``jax.custom_jvp``, applied at the first call.

    Args:
      fn: a pure function on arrays, called with positional arguments.
      static: positions of the arguments that are Python values.
    """

    def __init__(self, fn: Callable[..., Any], static: tuple[int, ...] = ()) -> None:
        self._fn = fn
        self._static = static
        self._rule: Callable[..., Any] | None = None
        self._made: Any = None

    def defjvp(self, rule: Callable[..., Any]) -> Callable[..., Any]:
        """Sets ``rule(*static, primals, tangents) -> (output, output tangent)``."""
        self._rule = rule
        return rule

    def __call__(self, *args: Any) -> Any:
        if self._made is None:
            made = jax.custom_jvp(self._fn, nondiff_argnums=self._static)
            made.defjvp(self._rule)
            self._made = made
        return self._made(*args)


class custom_vjp:  # noqa: N801 - a decorator, named like JAX's
    """``jax.custom_vjp``, applied at the first call.

    Args:
      fn: a pure function on arrays, called with positional arguments.
      static: positions of the arguments that are Python values.
    """

    def __init__(self, fn: Callable[..., Any], static: tuple[int, ...] = ()) -> None:
        self._fn = fn
        self._static = static
        self._rules: tuple[Callable[..., Any], Callable[..., Any]] | None = None
        self._made: Any = None

    def defvjp(self, forward: Callable[..., Any], backward: Callable[..., Any]) -> None:
        """Sets ``forward(*args) -> (output, kept)`` and ``backward(*static, kept, g) -> grads``."""
        self._rules = forward, backward

    def __call__(self, *args: Any) -> Any:
        if self._made is None:
            made = jax.custom_vjp(self._fn, nondiff_argnums=self._static)
            made.defvjp(*self._rules or ())
            self._made = made
        return self._made(*args)


def kept_vjp(fn: Callable[..., Any], pull: Callable[..., Any]) -> Callable[..., Any]:
    """A function whose VJP also reads its outputs.

    Args:
      fn: a pure function of arrays that returns a tuple.
      pull: ``pull(inputs, outputs, cotangents)``, see ``Primitive``.
    """
    made: list[Any] = []

    def forward(*primals: Any) -> Any:
        inputs = tuple([primal.value for primal in primals])
        outputs = fn(*inputs)
        return outputs, (inputs, outputs)

    def backward(kept: Any, cotangents: Any) -> Any:
        from jax.custom_derivatives import SymbolicZero

        arriving = [None if isinstance(c, SymbolicZero) else c for c in cotangents]
        return tuple(pull(*kept, arriving))

    def call(*args: Any) -> Any:
        if not made:
            made.append(jax.custom_vjp(fn))
            made[0].defvjp(forward, backward, symbolic_zeros=True)
        return made[0](*args)

    return call

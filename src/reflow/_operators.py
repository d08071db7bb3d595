"""Gives tensors their operators: ``+``, ``==``, ``@``, ``[]`` and the rest."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from reflow.core.convert import convert_to_tensor
from reflow.core.errors import NotFoundError
from reflow.core.op import Primitive
from reflow.core.record import record
from reflow.core.tensor import install
from reflow.core.variable import Variable
from reflow.math import arithmetic, comparison, division, powers
from reflow.math._common import COMMON, Scoped, on_strings
from reflow.math.arithmetic import _add, _multiply, _subtract
from reflow.math.matmul import matmul_operator

Operator = Callable[[Any, Any], Any]

_addition = Scoped(_add.fn, "AddV2", "add", types=COMMON, rule=_add.rule, reads=())
_joining = Scoped(_add.fn, "Add", "add", types=COMMON, rule=_add.rule, reads=())
_subtraction = Scoped(_subtract.fn, "Sub", "sub", types=_subtract.types, rule=_add.rule, reads=())
_product = Scoped(_multiply.fn, "Mul", "mul", types=_multiply.types, rule=_add.rule)


def _of(primitive: Primitive) -> tuple[Operator, Operator]:
    """``x . y`` and the reflected ``y . x`` of an op.

    A right operand is given the tensor's dtype if it fits; a left one must fit, as in TF.
    """
    instruction = primitive.plain

    def operator(x: Any, y: Any) -> Any:
        if y.__class__ is Variable:
            y = y._read_tensor()
        return record(instruction, (x, y), False)

    def reflected(y: Any, x: Any) -> Any:
        return record(instruction, (x, y))

    return operator, reflected


_ADDITION = _addition.plain


def _add_operator(x: Any, y: Any) -> Any:
    if y.__class__ is Variable:
        y = y._read_tensor()
    try:
        return record(_ADDITION, (x, y), False)
    except NotFoundError as error:
        return on_strings(error, _joining, np.add, (x, y), False)


def _add_reflected(y: Any, x: Any) -> Any:
    try:
        return record(_ADDITION, (x, y))
    except NotFoundError as error:
        return on_strings(error, _joining, np.add, (x, y))


_sub, _rsub = _of(_subtraction)
_mul, _rmul = _of(_product)
_and, _rand = _of(comparison.and_operator)
_or, _ror = _of(comparison.or_operator)
_matmul, _rmatmul = _of(matmul_operator)
_truediv, _rtruediv = _of(division.truediv_operator)


def _swapped(function: Operator) -> Operator:
    def reflected(y: Any, x: Any) -> Any:
        return function(x, y)

    return reflected


def _xor(x: Any, y: Any) -> Any:
    return comparison.logical_xor(x, y)


def _negative(x: Any) -> Any:
    return arithmetic.negative(x)


def _abs(x: Any) -> Any:
    return arithmetic.abs(x)


def _not(x: Any) -> Any:
    return comparison.logical_not(x)


OPERATORS: dict[str, Callable[..., Any]] = {
    "__add__": _add_operator,
    "__radd__": _add_reflected,
    "__sub__": _sub,
    "__rsub__": _rsub,
    "__mul__": _mul,
    "__rmul__": _rmul,
    "__truediv__": _truediv,
    "__rtruediv__": _rtruediv,
    "__div__": _truediv,
    "__rdiv__": _rtruediv,
    "__floordiv__": division.floordiv_operator.method,
    "__rfloordiv__": _swapped(division.floordiv_reflected),
    "__mod__": division.mod_operator.method,
    "__rmod__": _swapped(division.mod_reflected),
    "__pow__": powers.power_operator,
    "__rpow__": _swapped(powers.power_reflected),
    "__matmul__": _matmul,
    "__rmatmul__": _rmatmul,
    "__and__": _and,
    "__rand__": _rand,
    "__or__": _or,
    "__ror__": _ror,
    "__xor__": _xor,
    "__rxor__": _swapped(_xor),
    "__invert__": _not,
    "__neg__": _negative,
    "__abs__": _abs,
    "__eq__": comparison.equal_operator,
    "__ne__": comparison.not_equal_operator,
    "__lt__": comparison.less_operator,
    "__le__": comparison.less_equal_operator,
    "__gt__": comparison.greater_operator,
    "__ge__": comparison.greater_equal_operator,
}
"""Method name -> function of the tensor and the other operand."""

install(
    **OPERATORS,
    add=arithmetic.add,
    multiply=arithmetic.multiply,
    subtract=arithmetic.subtract,
)

# ---- variables: the same on their values


def _on_value(operator: Callable[..., Any]) -> Callable[..., Any]:
    def method(variable: Any, *other: Any) -> Any:
        return operator(variable._read_tensor(), *other)

    return method


def _variable_equal(variable: Any, other: Any) -> Any:
    return comparison.equal_operator(variable._read_tensor(), _not_none(other))


def _variable_not_equal(variable: Any, other: Any) -> Any:
    return comparison.not_equal_operator(variable._read_tensor(), _not_none(other))


def _not_none(other: Any) -> Any:
    """A variable is not compared with None, unlike a tensor: TF raises a ValueError."""
    return convert_to_tensor(other) if other is None else other


for _name, _operator in OPERATORS.items():
    setattr(Variable, _name, _on_value(_operator))
Variable.__eq__ = _variable_equal  # type: ignore[method-assign]
Variable.__ne__ = _variable_not_equal  # type: ignore[method-assign]


def _refusing(operator: str, advice: str) -> Callable[..., Any]:
    def method(self: Variable, value: Any) -> Any:
        raise RuntimeError(f"Variable {operator} value not supported. {advice}")

    return method


def _sum_advice(word: str, sign: str) -> str:
    return (
        f"Use variable.assign_{word}(value) to modify the variable value and variable = variable "
        f"{sign} value to get a new Tensor object."
    )


def _product_advice(sign: str) -> str:
    return (
        f"Use `var.assign(var {sign} value)` to modify the variable or `var = var {sign} value` to "
        "get a new Tensor object."
    )


Variable.__iadd__ = _refusing("+=", _sum_advice("add", "+"))  # type: ignore[attr-defined]
Variable.__isub__ = _refusing("-=", _sum_advice("sub", "-"))  # type: ignore[attr-defined]
Variable.__imul__ = _refusing("*=", _product_advice("*"))  # type: ignore[attr-defined]
Variable.__itruediv__ = _refusing("/=", _product_advice("/"))  # type: ignore[attr-defined]
Variable.__ipow__ = _refusing("**=", _product_advice("**"))  # type: ignore[attr-defined]

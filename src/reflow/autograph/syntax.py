"""Pieces of syntax trees that the conversion makes; ``ag__`` is what they call."""

from __future__ import annotations

import ast
from typing import Any

AG = "ag__"


def load(name: str) -> ast.expr:
    """The value of a variable or attribute."""
    return ast.parse(name, mode="eval").body


def store(name: str) -> ast.expr:
    """A variable or attribute as the target of an assignment."""
    target: Any = load(name)
    target.ctx = ast.Store()
    return target  # type: ignore[no-any-return]


def delete(name: str) -> ast.Delete:
    """``del name``."""
    target: Any = load(name)
    target.ctx = ast.Del()
    return ast.Delete([target])


def assign(name: str, value: ast.expr, at: ast.AST | None = None) -> ast.stmt:
    """``name = value``."""
    made = ast.Assign([store(name)], value)
    return made if at is None else ast.copy_location(made, at)


def call(function: str, *args: ast.expr) -> ast.Call:
    """``ag__.function(*args)``, which is not converted again."""
    made: Any = ast.Call(ast.Attribute(ast.Name(AG, ast.Load()), function, ast.Load()), [*args], [])
    made.generated = True
    return made  # type: ignore[no-any-return]


def generated_lambda(body: ast.expr) -> ast.Lambda:
    """``lambda: body``, called where it stands."""
    made: Any = ast.Lambda(arguments([]), body)
    made.generated = True
    return made  # type: ignore[no-any-return]


def arguments(names: list[str]) -> ast.arguments:
    """Plain parameters."""
    return ast.arguments([], [ast.arg(name) for name in names], None, [], [], None, [])


def define(name: str, parameters: list[str], body: list[ast.stmt]) -> ast.FunctionDef:
    """``def name(parameters): body``."""
    made: Any = ast.FunctionDef(name, arguments(parameters), body or [ast.Pass()], [], None)
    made.type_params = []  # a field since Python 3.12
    made.generated = True
    return made  # type: ignore[no-any-return]


def tuple_of(parts: list[ast.expr], ctx: ast.expr_context) -> ast.Tuple:
    """A tuple."""
    return ast.Tuple(parts, ctx)

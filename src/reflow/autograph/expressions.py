"""Calls, ``and``, ``or``, ``not`` and ``a if c else b`` become calls of ``ag__``.

``f(x)`` becomes ``ag__.converted(f)(x)``: what a converted function calls is converted too.
"""

from __future__ import annotations

import ast
from typing import Any

from reflow.autograph.names import is_generator
from reflow.autograph.syntax import call, generated_lambda, load


def convert_expressions(
    node: ast.AST, first_parameter: str | None, asserts: bool, recursive: bool
) -> ast.AST:
    """Rewrites the expressions of a function in place.

    Args:
      node: the function.
      first_parameter: the name of a method's ``self``, which ``super()`` needs.
      asserts: convert ``assert`` too.
      recursive: convert calls.
    """
    return _Expressions(first_parameter, asserts, recursive).visit(node)


class _Expressions(ast.NodeTransformer):
    def __init__(self, first_parameter: str | None, asserts: bool, recursive: bool) -> None:
        self.first_parameter = first_parameter
        self.asserts = asserts
        self.recursive = recursive

    def visit_Call(self, node: Any) -> ast.expr:
        function = node.func
        if isinstance(function, ast.Name) and function.id == "super" and not node.args:
            if self.first_parameter is not None:
                node.args = [load("__class__"), load(self.first_parameter)]
            return node  # type: ignore[no-any-return]
        self.generic_visit(node)
        if getattr(node, "generated", False):
            return node  # type: ignore[no-any-return]
        if getattr(node, "iterated", False):
            node.func = ast.copy_location(call("iterable", node.func), node.func)
        elif self.recursive:
            node.func = ast.copy_location(call("converted", node.func), node.func)
        return node  # type: ignore[no-any-return]

    def visit_BoolOp(self, node: ast.BoolOp) -> ast.expr:
        self.generic_visit(node)
        if _binds(node):
            return node
        name = "and_" if isinstance(node.op, ast.And) else "or_"
        return ast.copy_location(call(name, *[generated_lambda(v) for v in node.values]), node)

    def visit_UnaryOp(self, node: ast.UnaryOp) -> ast.expr:
        self.generic_visit(node)
        if not isinstance(node.op, ast.Not):
            return node
        return ast.copy_location(call("not_", node.operand), node)

    def visit_IfExp(self, node: ast.IfExp) -> ast.expr:
        self.generic_visit(node)
        if _binds(node):
            return node
        branches = generated_lambda(node.body), generated_lambda(node.orelse)
        return ast.copy_location(call("if_exp", node.test, *branches), node)

    def visit_Assert(self, node: ast.Assert) -> ast.stmt:
        self.generic_visit(node)
        if not self.asserts:
            return node
        message = node.msg or ast.Constant("Assertion error")
        made = ast.Expr(call("assert_stmt", node.test, generated_lambda(message)))
        return ast.copy_location(made, node)

    def visit_FunctionDef(self, node: Any) -> ast.stmt:
        if is_generator(node):
            return node  # type: ignore[no-any-return]
        if not getattr(node, "generated", False):
            node.decorator_list = [self.visit(d) for d in node.decorator_list]
            before, self.first_parameter = self.first_parameter, None
            node.body = [self.visit(statement) for statement in node.body]
            self.first_parameter = before
            return node  # type: ignore[no-any-return]
        return self.generic_visit(node)  # type: ignore[return-value]

    def visit_ClassDef(self, node: ast.ClassDef) -> ast.stmt:
        return node

    def visit_AsyncFunctionDef(self, node: ast.AsyncFunctionDef) -> ast.stmt:
        return node


def _binds(node: ast.AST) -> bool:
    """Whether an expression assigns (``:=``), which a lambda around it would hide."""
    return any(isinstance(part, ast.NamedExpr | ast.Await | ast.Yield) for part in ast.walk(node))

"""Which names a piece of a function binds and reads.

A name is a variable, ``x``, or an attribute reached from one, ``self.x``.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable

FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)


class Names(ast.NodeVisitor):
    """The names in some statements or expressions, those of inner functions apart.

    Attributes:
      reads, binds: variables and, in ``binds``, attributes.
      later: variables that inner functions read, whenever they are called.
      global_names, nonlocal_names: names declared so.
    """

    def __init__(self, nodes: ast.AST | Iterable[ast.AST]) -> None:
        self.reads: set[str] = set()
        self.binds: set[str] = set()
        self.later: set[str] = set()
        self.global_names: set[str] = set()
        self.nonlocal_names: set[str] = set()
        for node in [nodes] if isinstance(nodes, ast.AST) else nodes:
            self.visit(node)

    @property
    def variables(self) -> set[str]:
        """The variables among the bound names."""
        return {name for name in self.binds if "." not in name}

    @property
    def attributes(self) -> set[str]:
        """The attributes among the bound names."""
        return {name for name in self.binds if "." in name}

    def visit_Name(self, node: ast.Name) -> None:
        (self.reads if isinstance(node.ctx, ast.Load) else self.binds).add(node.id)

    def visit_Attribute(self, node: ast.Attribute) -> None:
        if isinstance(node.ctx, ast.Store) and (name := dotted(node)) is not None:
            self.binds.add(name)
        self.visit(node.value)

    def visit_AugAssign(self, node: ast.AugAssign) -> None:
        if isinstance(node.target, ast.Name):
            self.reads.add(node.target.id)
        self.generic_visit(node)

    def visit_Global(self, node: ast.Global) -> None:
        self.global_names.update(node.names)

    def visit_Nonlocal(self, node: ast.Nonlocal) -> None:
        self.nonlocal_names.update(node.names)

    def visit_FunctionDef(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        self.binds.add(node.name)
        for part in (*node.decorator_list, node.args):
            self.visit(part)
        self._inner(node.body, node.args)

    visit_AsyncFunctionDef = visit_FunctionDef

    def visit_Lambda(self, node: ast.Lambda) -> None:
        self.visit(node.args)
        self._inner([node.body], node.args)

    def visit_arguments(self, node: ast.arguments) -> None:
        for default in (*node.defaults, *node.kw_defaults):
            if default is not None:
                self.visit(default)

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        self.binds.add(node.name)
        for part in (*node.decorator_list, *node.bases, *node.keywords):
            self.visit(part)
        self._inner(node.body, None)

    def _inner(self, body: list[ast.AST] | list[ast.stmt], args: ast.arguments | None) -> None:
        inner = Names(body)
        own = inner.variables - inner.nonlocal_names
        if args is not None:
            own |= parameters(args)
        free = (inner.reads | inner.later) - own
        self.reads |= free
        self.later |= free | inner.nonlocal_names

    def _comprehension(self, node: ast.AST) -> None:
        inner = Names(ast.iter_child_nodes(node))
        walrus = {n.target.id for n in ast.walk(node) if isinstance(n, ast.NamedExpr)}
        self.reads |= inner.reads - inner.variables
        self.later |= inner.later - inner.variables
        self.binds |= walrus

    visit_ListComp = visit_SetComp = visit_DictComp = visit_GeneratorExp = _comprehension

    def visit_ExceptHandler(self, node: ast.ExceptHandler) -> None:
        if node.name:
            self.binds.add(node.name)
        self.generic_visit(node)

    def visit_MatchAs(self, node: ast.MatchAs) -> None:
        if node.name:
            self.binds.add(node.name)
        self.generic_visit(node)

    def visit_MatchStar(self, node: ast.MatchStar) -> None:
        if node.name:
            self.binds.add(node.name)

    def visit_MatchMapping(self, node: ast.MatchMapping) -> None:
        if node.rest:
            self.binds.add(node.rest)
        self.generic_visit(node)

    def visit_alias(self, node: ast.alias) -> None:
        self.binds.add(node.asname or node.name.partition(".")[0])


def dotted(node: ast.AST) -> str | None:
    """An attribute reached from a variable as text, ``"self.x"``; None for other expressions."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        before = dotted(node.value)
        return None if before is None else f"{before}.{node.attr}"
    return None


def parameters(args: ast.arguments) -> set[str]:
    """The names of a function's parameters."""
    all_args = [*args.posonlyargs, *args.args, *args.kwonlyargs, args.vararg, args.kwarg]
    return {arg.arg for arg in all_args if arg is not None}


def is_generator(function: ast.AST) -> bool:
    """Whether a function yields or awaits."""
    return any(
        isinstance(node, ast.Yield | ast.YieldFrom | ast.Await) for node in own_nodes(function)
    )


def own_nodes(function: ast.AST) -> list[ast.AST]:
    """A function's nodes, without those of functions and classes inside it."""
    found: list[ast.AST] = []
    todo = list(ast.iter_child_nodes(function))
    while todo:
        node = todo.pop()
        found.append(node)
        if not isinstance(node, (*FUNCTIONS, ast.ClassDef)):
            todo += ast.iter_child_nodes(node)
    return found


class Fresh:
    """Makes names that a function does not use yet."""

    def __init__(self, function: ast.AST) -> None:
        self._used = {n.id for n in ast.walk(function) if isinstance(n, ast.Name)}
        self._used |= {n.arg for n in ast.walk(function) if isinstance(n, ast.arg)}

    def __call__(self, base: str) -> str:
        name, count = base, 0
        while name in self._used:
            count += 1
            name = f"{base}_{count}"
        self._used.add(name)
        return name

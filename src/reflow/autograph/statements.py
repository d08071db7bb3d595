"""``if``, ``while`` and ``for`` become calls, which decide between Python and a compiled op.

    if c:                def then_1():
        y = f(x)             nonlocal y
    else:        ->          y = f(x)
        y = g(x)         def otherwise_1():
                             nonlocal y
                             y = g(x)
                         ag__.if_stmt(c, then_1, otherwise_1, state_1, set_state_1, ("y",))

The state is what the bodies bind and somebody reads afterwards: ``state_1()`` gives the values of
these variables, ``set_state_1`` replaces them.
"""

from __future__ import annotations

import ast
from typing import Any

from reflow.autograph.names import Fresh, Names, is_generator, parameters
from reflow.autograph.syntax import (
    assign,
    call,
    define,
    delete,
    generated_lambda,
    load,
    store,
    tuple_of,
)

_Block = list[ast.stmt]


def convert_statements(function: ast.FunctionDef, fresh: Fresh) -> None:
    """Rewrites a function, and those defined in it, in place; needs ``live`` (see ``liveness``)."""
    _Statements(function, fresh).function(function)


class _Statements(ast.NodeTransformer):
    def __init__(self, function: ast.FunctionDef, fresh: Fresh) -> None:
        self.fresh = fresh
        names = Names(function.body)
        self.global_names = names.global_names
        self.nonlocal_names = names.nonlocal_names
        self.moved: set[str] = set()  # bound in functions that were statements

    def function(self, node: ast.FunctionDef) -> None:
        node.body = [
            part for statement in node.body for part in self.as_list(self.visit(statement))
        ]
        local = self.moved - parameters(node.args) - self.global_names - self.nonlocal_names
        head: _Block = []
        if self.global_names:
            head.append(ast.Global(sorted(self.global_names)))
        if self.nonlocal_names:
            head.append(ast.Nonlocal(sorted(self.nonlocal_names)))
        if local:  # makes them variables of this function
            head.append(
                ast.If(ast.Constant(0), [assign(n, ast.Constant(None)) for n in sorted(local)], [])
            )
        node.body = head + node.body

    @staticmethod
    def as_list(statements: Any) -> _Block:
        return statements if isinstance(statements, list) else [statements]

    def visit_block(self, block: _Block) -> _Block:
        return [part for statement in block for part in self.as_list(self.visit(statement))]

    # ---- what stays

    def visit_Global(self, node: ast.stmt) -> ast.stmt:
        return ast.copy_location(ast.Pass(), node)  # declared at the top

    visit_Nonlocal = visit_Global

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.stmt:
        if not isinstance(node.target, ast.Name):
            return node
        if node.value is None:
            return ast.copy_location(ast.Pass(), node)
        return ast.copy_location(ast.Assign([node.target], node.value), node)

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.stmt:
        if not is_generator(node):
            convert_statements(node, self.fresh)
        return node

    def visit_AsyncFunctionDef(self, node: ast.stmt) -> ast.stmt:
        return node

    visit_ClassDef = visit_AsyncFunctionDef

    def visit_Lambda(self, node: ast.Lambda) -> ast.Lambda:
        return node

    # ---- what is converted

    def visit_If(self, node: Any) -> _Block:
        bound = Names([*node.body, *node.orelse])
        state = self.state(bound, node.live)
        then, otherwise = self.fresh("then"), self.fresh("otherwise")
        names, get, set_ = self.accessors(state)
        return self.placed(
            node,
            self.body(then, [], node.body),
            self.body(otherwise, [], node.orelse),
            *set_[:-1],
            ast.Expr(call("if_stmt", node.test, load(then), load(otherwise), get, set_[-1], names)),
        )

    def visit_While(self, node: Any) -> _Block:
        state = self.state(Names([node.test, *node.body]), node.live)
        test, body = self.fresh("test"), self.fresh("body")
        names, get, set_ = self.accessors(state)
        condition = node.test
        if node.go_on is not None:
            condition = ast.BoolOp(ast.And(), [node.go_on, node.test])
        return self.placed(
            node,
            self.body(test, [], [ast.Return(condition)]),
            self.body(body, [], node.body),
            *set_[:-1],
            ast.Expr(
                call(
                    "while_stmt",
                    load(test),
                    load(body),
                    get,
                    set_[-1],
                    names,
                    ast.Constant(bool(Names(node.test).binds)),
                )
            ),
        )

    def visit_For(self, node: Any) -> _Block:
        bound = Names([node.target, *node.body])
        state = self.state(bound, node.live)
        body, item = self.fresh("body"), self.fresh("item")
        names, get, set_ = self.accessors(state)
        go_on = ast.Constant(None) if node.go_on is None else generated_lambda(node.go_on)
        if isinstance(node.iter, ast.Call):
            node.iter.iterated = True  # type: ignore[attr-defined]
        taken = ast.copy_location(ast.Assign([node.target], load(item)), node.target)
        return self.placed(
            node,
            self.body(body, [item], [taken, *node.body]),
            *set_[:-1],
            ast.Expr(call("for_stmt", node.iter, go_on, load(body), get, set_[-1], names)),
        )

    # ---- parts

    def state(self, bound: Names, live: frozenset[str]) -> list[str]:
        """The names whose values must be handed on."""
        return sorted((bound.variables & live) - self.global_names) + sorted(bound.attributes)

    def body(self, name: str, arguments: list[str], statements: _Block) -> ast.FunctionDef:
        """Statements as a function that binds the variables of the function around it."""
        bound = Names(statements).variables
        self.moved |= bound
        outer = sorted(bound - self.global_names)
        declared: _Block = [ast.Nonlocal(outer)] if outer else []
        if bound & self.global_names:
            declared.append(ast.Global(sorted(bound & self.global_names)))
        return define(name, arguments, [*declared, *self.visit_block(statements)])

    def accessors(self, state: list[str]) -> tuple[ast.expr, ast.expr, list[Any]]:
        """The names, a function that reads the state, and how to set it (what it needs, itself)."""
        names = tuple_of([ast.Constant(name) for name in state], ast.Load())
        read = [call("value", generated_lambda(load(name))) for name in state]
        get = generated_lambda(tuple_of(read, ast.Load()))
        if not state:
            return names, get, [ast.Constant(None)]
        name, values = self.fresh("set_state"), self.fresh("values")
        variables = sorted(n for n in state if "." not in n)
        self.moved.update(variables)
        body: _Block = [ast.Nonlocal(variables)] if variables else []
        body.append(ast.Assign([tuple_of([store(n) for n in state], ast.Store())], load(values)))
        body += [ast.If(call("is_missing", load(n)), [delete(n)], []) for n in state]
        return names, get, [define(name, [values], body), load(name)]

    @staticmethod
    def placed(node: ast.stmt, *made: ast.stmt) -> _Block:
        """Gives new statements the place of the old one, for tracebacks."""
        for statement in made:
            ast.copy_location(statement, node)
        return list(made)

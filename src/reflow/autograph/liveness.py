"""Which variables are still read after a statement: what a converted branch or loop must hand on.

The textbook's backward analysis, on code without jumps (see ``jumps``): a variable is live before a
statement if the statement reads it, or if it is live after it and the statement does not bind it.
"""

from __future__ import annotations

import ast
from typing import Any

from reflow.autograph.names import Names

_Live = frozenset[str]


def annotate(function: ast.FunctionDef) -> None:
    """Sets ``live`` on each ``if`` (live after it) and loop (live before its test)."""
    names = Names(function.body)
    always = frozenset(names.later | names.nonlocal_names | names.global_names)
    _Liveness(always).block(function.body, always)


class _Liveness:
    def __init__(self, always: _Live) -> None:
        self.always = always  # what inner functions read, at some time

    def block(self, statements: list[ast.stmt], after: _Live) -> _Live:
        for statement in reversed(statements):
            after = self.statement(statement, after)
        return after

    def statement(self, node: Any, after: _Live) -> _Live:
        if isinstance(node, ast.If):
            node.live = after  # type: ignore[attr-defined]
            branches = self.block(node.body, after) | self.block(node.orelse, after)
            return branches | _reads(node.test)
        if isinstance(node, ast.While | ast.For):
            return self.loop(node, after)
        if isinstance(node, ast.With):
            inside = self.block(node.body, after) - Names(node.items).variables
            return inside | _reads(node.items) | (after & self.always)
        if isinstance(node, ast.Try | ast.TryStar):
            return self.try_statement(node, after)
        if isinstance(node, ast.Match):
            cases = [self.block(c.body, after) | _reads([c.pattern, c.guard]) for c in node.cases]
            return after.union(_reads(node.subject), *cases)
        if isinstance(node, ast.Return | ast.Raise):
            return self.always | _reads(node)
        return ((after - Names(node).variables) | _reads(node)) | (after & self.always)

    def loop(self, node: Any, after: _Live) -> _Live:
        targets = Names(node.target).variables if isinstance(node, ast.For) else set()
        head = after | _reads([node.go_on])
        if isinstance(node, ast.While):
            head |= _reads(node.test)
        while (more := head | (self.block(node.body, head) - targets)) != head:
            head = more
        node.live = head
        return head | _reads(node.iter) if isinstance(node, ast.For) else head

    def try_statement(self, node: ast.Try | ast.TryStar, after: _Live) -> _Live:
        """Any statement of the body may be followed by a handler."""
        after |= self.block(node.finalbody, after)
        caught = after.union(*[self.block(h.body, after) for h in node.handlers])
        caught |= _reads([h.type for h in node.handlers])
        before, self.always = self.always, self.always | caught
        live = self.block(node.body, self.block(node.orelse, after) | caught)
        self.always = before
        return live | caught


def _reads(nodes: Any) -> _Live:
    given = nodes if isinstance(nodes, list) else [nodes]
    return frozenset(Names([node for node in given if node is not None]).reads)

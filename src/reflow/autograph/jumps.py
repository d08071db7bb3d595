"""``break``, ``continue`` and ``return`` inside control flow become flags and ``if`` statements.

    while c:                     stop = False
        if a:                    while not stop and c:
            break        ->          if a:
        b()                              stop = True
                                     else:
                                         b()

Where one branch of an ``if`` always jumps, the rest of the block moves into the other branch; where
it only may, a test of the flags guards the rest.
"""

from __future__ import annotations

import ast

from reflow.autograph.names import FUNCTIONS, Fresh, is_generator, own_nodes
from reflow.autograph.syntax import assign, call, generated_lambda, load

RETURNED = "retval_"
"""The variable of what a function returns from inside control flow."""

_Block = list[ast.stmt]
_Flags = set[str]


class _Loop:
    """The flags of a loop's own jumps."""

    def __init__(self, fresh: Fresh) -> None:
        self.stop, self.skip = fresh("break_"), fresh("continue_")


def lower_jumps(function: ast.FunctionDef, fresh: Fresh) -> None:
    """Rewrites a function, and those defined in it, in place."""
    returns = any(
        isinstance(node, ast.Return)
        for outer in own_nodes(function)
        if isinstance(outer, ast.If | ast.While | ast.For)
        for node in own_nodes(outer)
    )
    lowering = _Lowering(fresh, returns)
    body, _ = lowering.block(function.body, None)
    if returns:
        value = call("returned", generated_lambda(load(lowering.returned)))
        body = [assign(lowering.done, ast.Constant(False)), *body, ast.Return(value)]
    function.body = body


class _Lowering:
    def __init__(self, fresh: Fresh, returns: bool) -> None:
        self.fresh = fresh
        self.returns = returns
        self.returned, self.done = fresh(RETURNED), fresh("do_return")

    def block(self, statements: _Block, loop: _Loop | None) -> tuple[_Block, _Flags]:
        """A block without jumps, and the flags that it may set."""
        done: _Block = []
        flags: _Flags = set()
        for place, statement in enumerate(statements):
            rest = statements[place + 1 :]
            if isinstance(statement, ast.If) and rest:
                if self.jumps(statement.body):
                    statement.orelse, rest = [*statement.orelse, *rest], []
                elif self.jumps(statement.orelse):
                    statement.body, rest = [*statement.body, *rest], []
            ends = self.always(statement)
            lowered, set_here = self.statement(statement, loop)
            done += lowered
            flags |= set_here
            if ends or not rest:
                break
            if set_here:
                guarded, more = self.block(rest, loop)
                done.append(ast.If(_none_of(set_here), guarded, []))
                flags |= more
                break
        return done, flags

    def jumps(self, block: _Block) -> bool:
        """Whether a block always ends in a jump."""
        return any(self.always(statement) for statement in block)

    def always(self, statement: ast.stmt) -> bool:
        if isinstance(statement, ast.If):
            return self.jumps(statement.body) and self.jumps(statement.orelse)
        if isinstance(statement, ast.With):
            return self.jumps(statement.body)
        if isinstance(statement, ast.Return):
            return self.returns
        return isinstance(statement, ast.Break | ast.Continue)

    def statement(self, statement: ast.stmt, loop: _Loop | None) -> tuple[_Block, _Flags]:
        if isinstance(statement, ast.Break | ast.Continue) and loop is not None:
            flag = loop.stop if isinstance(statement, ast.Break) else loop.skip
            return [assign(flag, ast.Constant(True), statement)], {flag}
        if isinstance(statement, ast.Return) and self.returns:
            value = statement.value or ast.Constant(None)
            both = assign(self.returned, value, statement), assign(self.done, ast.Constant(True))
            return list(both), {self.done}
        if isinstance(statement, ast.While | ast.For):
            return self.loop(statement, loop)
        if isinstance(statement, FUNCTIONS):
            if isinstance(statement, ast.FunctionDef) and not is_generator(statement):
                lower_jumps(statement, self.fresh)
            return [statement], set()
        if isinstance(statement, ast.ClassDef):
            return [statement], set()
        return [statement], self.inside(statement, loop)

    def inside(self, statement: ast.stmt, loop: _Loop | None) -> _Flags:
        """Rewrites the blocks of ``if``, ``with``, ``try`` and ``match``."""
        flags: _Flags = set()
        for owner in [
            statement,
            *getattr(statement, "handlers", []),
            *getattr(statement, "cases", []),
        ]:
            for field in ("body", "orelse", "finalbody"):
                block = getattr(owner, field, None)
                if block:
                    if field == "orelse" and flags and not isinstance(statement, ast.If):
                        block = [ast.If(_none_of(flags), block, [])]  # a jump leaves out the else
                    lowered, more = self.block(block, loop)
                    setattr(owner, field, lowered)
                    flags = flags | more
        return flags

    def loop(self, statement: ast.While | ast.For, outer: _Loop | None) -> tuple[_Block, _Flags]:
        own = _Loop(self.fresh)
        body, flags = self.block(statement.body, own)
        if own.skip in flags:
            body = [assign(own.skip, ast.Constant(False)), *body]
        stops = flags - {own.skip}
        statement.body = body
        statement.go_on = _none_of(stops) if stops else None  # type: ignore[union-attr]
        before = [assign(own.stop, ast.Constant(False))] if own.stop in stops else []
        after, more = self.block(statement.orelse, outer)
        statement.orelse = []
        if after:
            after = [ast.If(_none_of(stops), after, [])] if stops else after
        return [*before, statement, *after], (stops - {own.stop}) | more


def _none_of(flags: _Flags) -> ast.expr:
    """That none of the flags is set."""
    return call("none_of", *[load(flag) for flag in sorted(flags)])

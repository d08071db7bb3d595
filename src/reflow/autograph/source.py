"""A function's syntax tree, found in its file by the place that its code object remembers."""

from __future__ import annotations

import ast
import copy
import linecache
from collections.abc import Iterator
from types import CodeType, FunctionType
from typing import NamedTuple

_LEAVES = (ast.Name, ast.Constant, ast.Pass, ast.expr_context, ast.operator, ast.cmpop)

Definition = ast.FunctionDef | ast.Lambda


class Found(NamedTuple):
    """A definition, and the class around it, if any (names like ``__x`` depend on it)."""

    node: Definition
    inside: str | None


_files: dict[str, tuple[list[str], list[Found]]] = {}
"""By file name: its lines, and the functions defined in it."""


def find(function: FunctionType) -> Found | None:
    """The syntax tree of a function or lambda, the caller's own; None if there is no source."""
    code = function.__code__
    lines = linecache.getlines(code.co_filename, function.__globals__)
    if not lines:
        return None
    known = _files.get(code.co_filename)
    if known is None or known[0] != lines:
        try:
            tree = ast.parse("".join(lines), code.co_filename)
        except SyntaxError:
            return None
        known = _files[code.co_filename] = lines, list(_definitions(tree, None))
    found = [item for item in known[1] if _is_it(item.node, code)]
    return copy.deepcopy(found[0]) if found else None


def _definitions(node: ast.AST, inside: str | None) -> Iterator[Found]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.FunctionDef | ast.Lambda):
            yield Found(child, inside)
        if not isinstance(child, _LEAVES):
            yield from _definitions(
                child, child.name if isinstance(child, ast.ClassDef) else inside
            )


def _is_it(node: Definition, code: CodeType) -> bool:
    """Whether a definition is the one that the code was compiled from."""
    if isinstance(node, ast.FunctionDef):
        first = min([node.lineno, *[d.lineno for d in node.decorator_list]])
        return node.name == code.co_name and first == code.co_firstlineno
    if code.co_name != "<lambda>" or node.lineno != code.co_firstlineno:
        return False
    # Several lambdas may share a line: the code must lie in this one's body, at its full width.
    spans = [p for p in code.co_positions() if None not in p and p[3] != 0]
    body = node.body
    start, end = (body.lineno, body.col_offset), (body.end_lineno, body.end_col_offset)
    starts = [(p[0], p[2]) for p in spans]
    ends = [(p[1], p[3]) for p in spans]
    return bool(spans) and min(starts) == start and max(ends) == end  # type: ignore[type-var]

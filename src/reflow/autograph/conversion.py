"""Converting a function: its code is rewritten, its variables, defaults and globals are kept."""

from __future__ import annotations

import ast
import functools
import inspect
import sys
import types
from typing import Any
from weakref import WeakKeyDictionary, WeakSet

from reflow.autograph import liveness
from reflow.autograph.expressions import convert_expressions
from reflow.autograph.jumps import lower_jumps
from reflow.autograph.names import Fresh, is_generator, own_nodes
from reflow.autograph.source import Found, find
from reflow.autograph.statements import convert_statements
from reflow.autograph.syntax import AG, define
from reflow.core.function import Function
from reflow.core.logging import get_logger, warn

_LIBRARIES = {
    "reflow", "tensorflow", "jax", "jaxlib", "numpy", "scipy", "matplotlib", "sklearn", "pandas",
    "PIL", "h5py", "google", "pytest", "_pytest", "hypothesis",
}  # fmt: skip
"""Packages whose functions are not converted; nor are those of Python's own library."""

_GENERATORS = inspect.CO_GENERATOR | inspect.CO_COROUTINE | inspect.CO_ASYNC_GENERATOR

_codes: WeakKeyDictionary[types.CodeType, dict[Any, types.CodeType | None]] = WeakKeyDictionary()
_converted: WeakSet[types.CodeType] = WeakSet()
UNCONVERTED = "_reflow_autograph_unconverted"
"""The attribute that marks functions under ``do_not_convert``."""


def converted(f: Any) -> Any:
    """What to call in place of ``f`` inside a converted function."""
    cls = f.__class__
    if cls is types.FunctionType:
        return convert_function(f) if is_users(f) else f
    if cls is types.MethodType:
        function = f.__func__
        if function.__class__ is types.FunctionType and is_users(function):
            return types.MethodType(convert_function(function), f.__self__)
        return f
    if cls is types.BuiltinFunctionType or cls is type:
        from reflow.autograph.python_builtins import BUILTINS

        return BUILTINS.get(f, f)
    if isinstance(f, functools.partial):
        return functools.partial(converted(f.func), *f.args, **f.keywords)
    if isinstance(f, type | Function):
        return f  # constructors are not converted; compiled functions are on their own
    call = inspect.getattr_static(cls, "__call__", None)
    if call.__class__ is types.FunctionType and is_users(call):
        return types.MethodType(convert_function(call), f)
    return f


def is_users(function: types.FunctionType) -> bool:
    """Whether a function is the program's own, not a library's."""
    package = (function.__module__ or "").partition(".")[0]
    return not (
        package in _LIBRARIES
        or package in sys.stdlib_module_names - {"__main__"}
        or getattr(function, UNCONVERTED, False)
    )


def convert_function(
    function: types.FunctionType, recursive: bool = True, asserts: bool = False
) -> types.FunctionType:
    """A function that does the same with tensors in control flow; itself if there is none."""
    code = converted_code(function, recursive, asserts)
    if code is None:
        return function
    cells = dict(zip(function.__code__.co_freevars, function.__closure__ or (), strict=True))
    cells[AG] = types.CellType(_runtime())
    closure = tuple([cells[name] for name in code.co_freevars])
    made = types.FunctionType(
        code, function.__globals__, function.__name__, function.__defaults__, closure
    )
    made.__kwdefaults__ = function.__kwdefaults__
    made.__dict__.update(function.__dict__)
    made.__qualname__, made.__module__ = function.__qualname__, function.__module__
    made.__doc__ = function.__doc__
    return made


@functools.cache
def _runtime() -> Any:
    from reflow.autograph import runtime

    return runtime


def converted_code(
    function: types.FunctionType, recursive: bool, asserts: bool
) -> types.CodeType | None:
    """The rewritten code; None if the function's own will do."""
    code = function.__code__
    if code.co_flags & _GENERATORS or code in _converted:
        return None
    known = _codes.setdefault(code, {})
    key = (recursive, asserts)
    if key not in known:
        known[key] = _compile(function, recursive, asserts)
    return known[key]


def _compile(function: types.FunctionType, recursive: bool, asserts: bool) -> types.CodeType | None:
    found = find(function)
    if found is None:
        _warn_unconverted(function, "its source code is not available")
        return None
    if not _has_work(found.node):
        return None
    code = function.__code__
    try:
        tree = rewritten(found, recursive, asserts)
        module = _module(tree, found, code.co_freevars)
        compiled = compile(module, code.co_filename, "exec", dont_inherit=True)
    except (SyntaxError, ValueError) as error:
        _warn_unconverted(function, str(error))
        return None
    if _verbosity[0]:
        _log(f"Converted {function!r}:\n{ast.unparse(module)}")
    made = _find_code(compiled, code.co_name)
    _note(made)
    return made


def _warn_unconverted(function: types.FunctionType, cause: str) -> None:
    warn(
        f"AutoGraph could not transform {function!r} and will run it as-is.\nCause: {cause}\n"
        "To silence this warning, decorate the function with "
        "@tf.autograph.experimental.do_not_convert"
    )


def _has_work(node: ast.AST) -> bool:
    kinds = (ast.Call, ast.If, ast.While, ast.For, ast.BoolOp, ast.IfExp, ast.Not, ast.Assert)
    return any(isinstance(part, kinds) for part in ast.walk(node))


def rewritten(found: Found, recursive: bool, asserts: bool) -> ast.FunctionDef | ast.Lambda:
    """A definition with its control flow converted."""
    node = found.node
    args = [*node.args.posonlyargs, *node.args.args]
    first = args[0].arg if args else None
    if isinstance(node, ast.FunctionDef):
        node.decorator_list, node.returns = [], None
        fresh = Fresh(node)
        lower_jumps(node, fresh)
        _annotate(node)
        convert_statements(node, fresh)
        convert = functools.partial(
            convert_expressions, first_parameter=first, asserts=asserts, recursive=recursive
        )
        node.body = [convert(part) for part in node.body]  # type: ignore[misc]
    else:
        node.body = convert_expressions(node.body, first, asserts, recursive)  # type: ignore[assignment]
    return node


def _annotate(function: ast.FunctionDef) -> None:
    """Liveness of a function and of those defined in it."""
    liveness.annotate(function)
    for node in own_nodes(function):
        if isinstance(node, ast.FunctionDef) and not is_generator(node):
            _annotate(node)


def _module(tree: Any, found: Found, free: tuple[str, ...]) -> ast.Module:
    """The definition where its free variables are variables, and in a class of the same name."""
    statement = tree if isinstance(tree, ast.FunctionDef) else ast.Expr(tree)
    if found.inside is not None:  # private names are spelled after the class
        made: Any = ast.ClassDef(found.inside, [], [], [statement], [])
        made.type_params = []
        statement = made
    body = [statement]
    name = getattr(statement, "name", None)
    if name is not None and name not in free:
        body.insert(0, ast.Global([name]))  # inside, the name is what it was: a global one
    outer = define(AG + "outer", [AG, *[other for other in free if other != AG]], body)
    return ast.fix_missing_locations(ast.Module([ast.copy_location(outer, tree)], []))


def _find_code(code: types.CodeType, name: str) -> types.CodeType:
    """The code of the definition: the outermost of its name."""
    inner = [part for part in code.co_consts if isinstance(part, types.CodeType)]
    for part in inner:
        if part.co_name == name:
            return part
    return _find_code(inner[0], name)


# ---- what users call


def to_graph(entity: Any, recursive: bool, features: Any) -> types.FunctionType:
    """``tf.autograph.to_graph``."""
    return convert_function(_function_of(entity), recursive, _asserts(features))


def to_code(entity: Any, recursive: bool, features: Any) -> str:
    """``tf.autograph.to_code``."""
    function = _function_of(entity)
    found = find(function)
    if found is None:
        raise ValueError(f"to_code: the source code of {entity!r} is not available")
    tree = rewritten(found, recursive, _asserts(features))
    if isinstance(tree, ast.FunctionDef):
        tree.name = "tf__" + tree.name
    return ast.unparse(ast.fix_missing_locations(tree)) + "\n"


def _function_of(entity: Any) -> types.FunctionType:
    entity = getattr(entity, "__func__", entity)
    entity = getattr(entity, "python_function", entity)
    if not isinstance(entity, types.FunctionType):
        raise NotImplementedError(
            f'cannot convert entity "{entity}": object conversion is not yet supported.'
        )
    return entity


def _asserts(features: Any) -> bool:
    given = features if isinstance(features, tuple | list | set) else [features]
    return any(getattr(f, "name", None) in {"ALL", "ASSERT_STATEMENTS"} for f in given)


_verbosity = [0, False]


def set_verbosity(level: int, alsologtostdout: bool) -> None:
    """``tf.autograph.set_verbosity``."""
    _verbosity[:] = [level, alsologtostdout]


def _log(message: str) -> None:
    get_logger().info(message)
    if _verbosity[1]:
        print(message)  # noqa: T201  asked for


def _note(code: types.CodeType) -> None:
    """Remembers what need not be converted again: the code and that of the functions in it."""
    _converted.add(code)
    for part in code.co_consts:
        if isinstance(part, types.CodeType):
            _note(part)

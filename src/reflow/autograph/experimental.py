"""``tf.autograph.experimental``: which functions AutoGraph leaves alone."""

from __future__ import annotations

import enum
import functools
from collections.abc import Callable
from typing import Any

from reflow._namespace import lazy_names


class Feature(enum.Enum):
    """Optional parts of the conversion, for ``tf.function(experimental_autograph_options=...)``."""

    ALL = "ALL"
    AUTO_CONTROL_DEPS = "AUTO_CONTROL_DEPS"
    ASSERT_STATEMENTS = "ASSERT_STATEMENTS"
    BUILTIN_FUNCTIONS = "BUILTIN_FUNCTIONS"
    EQUALITY_OPERATORS = "EQUALITY_OPERATORS"
    LISTS = "LISTS"
    NAME_SCOPES = "NAME_SCOPES"

    @classmethod
    def all(cls) -> tuple[Feature, ...]:
        """Every feature, as one may ask for them."""
        return tuple(cls)

    @classmethod
    def all_but(cls, exclude: Feature | list[Feature] | tuple[Feature, ...]) -> tuple[Feature, ...]:
        """Every feature except ``exclude`` and ``ALL``, which would include them."""
        excluded = exclude if isinstance(exclude, list | tuple) else (exclude,)
        return tuple(feature for feature in cls if feature not in (*excluded, cls.ALL))


def do_not_convert(func: Callable[..., Any] | None = None) -> Callable[..., Any]:
    """Decorates a function that AutoGraph must leave as it is.

    Args:
      func: the function; a decorator is returned where there is none.

    Returns:
      A function that does the same.
    """
    if func is None:
        return do_not_convert

    @functools.wraps(func)
    def unconverted(*args: Any, **kwargs: Any) -> Any:
        return func(*args, **kwargs)

    unconverted._reflow_autograph_unconverted = True  # type: ignore[attr-defined]
    return unconverted


_UNSPECIFIED = object()


def set_loop_options(
    parallel_iterations: Any = _UNSPECIFIED,
    back_prop: Any = _UNSPECIFIED,
    swap_memory: Any = _UNSPECIFIED,
    maximum_iterations: Any = _UNSPECIFIED,
) -> None:
    """Says something about the loop whose body calls this.

    Args:
      parallel_iterations, back_prop, swap_memory, maximum_iterations: accepted, and without effect,
        as in TF 2.1.0.
    """


__all__ = ["Feature", "do_not_convert", "set_loop_options"]

__getattr__, __dir__ = lazy_names(__name__)

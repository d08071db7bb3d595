"""Which metric object gave a tensor, for ``add_metric``.

Tensors have no place for such a note, so it is kept beside them, as long as they live.
"""

from __future__ import annotations

import weakref
from typing import Any

_givers: dict[int, tuple[Any, Any]] = {}  # id of a tensor -> (weak reference to it, metric)


def note(result: Any, metric: Any) -> None:
    """Says that a tensor is what a metric object has returned when it was called."""
    key, forget = id(result), _givers.pop  # the module's names are gone when Python ends
    _givers[key] = weakref.ref(result, lambda _: forget(key, None)), metric


def metric_of(result: Any) -> Any:
    """The metric object that gave a tensor, or None."""
    found = _givers.get(id(result))
    return None if found is None or found[0]() is not result else found[1]

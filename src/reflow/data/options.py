"""``tf.data.Options``: the switches that TF 2.1 has. Elements always come in the same order."""

from __future__ import annotations

from typing import Any

_NAMES = (
    "experimental_deterministic", "experimental_distribute", "experimental_external_state_policy",
    "experimental_optimization", "experimental_slack", "experimental_stats",
    "experimental_threading",
)  # fmt: skip


class _Group:
    """A group of options; any of them may be set, none changes results."""

    def __setattr__(self, name: str, value: Any) -> None:
        object.__setattr__(self, name, value)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return None


class Options:
    """Options of a dataset; pass them with ``dataset.with_options(options)``.

    Elements always come in the deterministic order. Options that tune TF's own runtime are kept and
    have no effect.
    """

    def __init__(self) -> None:
        for name in _NAMES:
            object.__setattr__(self, name, None)
        for name in ("distribute", "optimization", "threading", "stats"):
            object.__setattr__(self, f"experimental_{name}", _Group())

    def __setattr__(self, name: str, value: Any) -> None:
        if name not in _NAMES:
            raise AttributeError(f"Cannot set the property {name} on Options.")
        object.__setattr__(self, name, value)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Options) and vars(self) == vars(other)

    def __hash__(self) -> int:
        return id(self)

    def merge(self, options: Options) -> Options:
        """New options: those of ``options`` where they are set, else these."""
        merged = Options()
        for name in _NAMES:
            theirs = getattr(options, name)
            setattr(merged, name, getattr(self, name) if theirs is None else theirs)
        return merged

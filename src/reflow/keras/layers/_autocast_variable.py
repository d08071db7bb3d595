"""Weights of layers under a mixed policy: kept in one type, seen by ``call`` in another."""

from __future__ import annotations

from reflow.core.variable import Variable
from reflow.keras._engine.call_context import context


class AutoCastVariable(Variable):
    """A floating variable that is cast to the type in which the layer around it computes."""

    __slots__ = ()

    def _wanted(self):
        """The type to be seen now, or None for its own."""
        layer = context.layer
        if layer is None or layer._dtype_policy is None or self._uncast:
            return None
        kind = layer._cast_to
        return None if kind is self._tensor._aval.dtype else kind

    _uncast = False

    def _cast(self, tensor):
        import reflow as tf

        wanted = self._wanted()
        return tensor if wanted is None else tf.cast(tensor, wanted)

    def _read_tensor(self):
        return self._cast(super()._read_tensor())

    def value(self):
        """The present value, cast inside a layer's call."""
        return self._cast(super().value())

    read_value = value

    @property
    def dtype(self):
        """The type that is seen; ``true_dtype`` is the one in which it is kept."""
        return self._wanted() or self._tensor._aval.dtype

    @property
    def true_dtype(self):
        """The type in which it is kept."""
        return self._tensor._aval.dtype

    def assign(self, *args, **kwargs):
        """As a variable's; the value is one of the kept type."""
        return self._as_kept(super().assign, args, kwargs)

    def assign_add(self, *args, **kwargs):
        """As a variable's."""
        return self._as_kept(super().assign_add, args, kwargs)

    def assign_sub(self, *args, **kwargs):
        """As a variable's."""
        return self._as_kept(super().assign_sub, args, kwargs)

    def _as_kept(self, method, args, kwargs):
        self._uncast = True
        try:
            return method(*args, **kwargs)
        finally:
            self._uncast = False

    def __repr__(self):
        text = super().__repr__().replace("<tf.Variable", "<AutoCastVariable", 1)
        kind = f"dtype={self.dtype.name}"
        return text.replace(kind, f"{kind} true_dtype={self.true_dtype.name}", 1)

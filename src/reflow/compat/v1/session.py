"""Sessions, as far as TF 2 programs use them: to say how much memory of a GPU to take.

config = tf.compat.v1.ConfigProto()
config.gpu_options.allow_growth = True
session = tf.compat.v1.InteractiveSession(config=config)
"""

from __future__ import annotations

import importlib
from typing import Any, ClassVar, NoReturn, Self

_MISSING = object()


class Options:
    """A set of named settings; unknown names are refused, as a protocol buffer refuses them."""

    _defaults: ClassVar[dict[str, Any]] = {}

    def __init__(self, **settings: Any) -> None:
        for name, default in self._defaults.items():
            value = settings.pop(name, _MISSING)
            fresh = default() if isinstance(default, type) else default
            object.__setattr__(self, name, fresh if value is _MISSING else value)
        for name in settings:
            message = f'Protocol message {type(self).__name__} has no "{name}" field.'
            raise ValueError(message)

    def __setattr__(self, name: str, value: Any) -> None:
        if name not in self._defaults:
            message = f"Assignment not allowed (no field {name!r} in {type(self).__name__})."
            raise AttributeError(message)
        object.__setattr__(self, name, value)


class GPUOptions(Options):
    """How the memory of GPUs is taken: at once, or as it is needed (``allow_growth``)."""

    _defaults: ClassVar[dict[str, Any]] = {
        "allocator_type": "",
        "allow_growth": False,
        "deferred_deletion_bytes": 0,
        "force_gpu_compatible": False,
        "per_process_gpu_memory_fraction": 0.0,
        "polling_active_delay_usecs": 0,
        "polling_inactive_delay_msecs": 0,
        "visible_device_list": "",
    }  # fmt: skip


class ConfigProto(Options):
    """A session's configuration. Reflow heeds ``gpu_options.allow_growth``."""

    _defaults: ClassVar[dict[str, Any]] = {
        "allow_soft_placement": False,
        "device_count": dict,
        "gpu_options": GPUOptions,
        "inter_op_parallelism_threads": 0,
        "intra_op_parallelism_threads": 0,
        "isolate_session_state": False,
        "log_device_placement": False,
        "operation_timeout_in_ms": 0,
        "use_per_session_threads": False,
    }  # fmt: skip


class Session:
    """A session over an empty graph: it applies its configuration, and has nothing to run.

    Args:
      target: unused; there are no remote sessions.
      graph: unused; there are no graphs.
      config: a :class:`ConfigProto`.
    """

    def __init__(
        self, target: str = "", graph: Any = None, config: ConfigProto | None = None
    ) -> None:
        if config is not None and config.gpu_options.allow_growth:
            tf = importlib.import_module("reflow")
            for gpu in tf.config.list_physical_devices("GPU"):
                tf.config.experimental.set_memory_growth(gpu, True)

    def run(
        self, fetches: Any, feed_dict: Any = None, options: Any = None, run_metadata: Any = None
    ) -> NoReturn:
        """Raises TF 2's error: eager ops are not in a session's graph.

        Raises:
          RuntimeError: always.
        """
        message = (
            "The Session graph is empty.  Add operations to the graph before calling run(). "
            "(Reflow runs ops eagerly and has no graphs: use the tensor itself, tensor.numpy().)"
        )
        raise RuntimeError(message)

    def close(self) -> None:
        """Ends the session."""

    def as_default(self) -> Self:
        """Returns the session, for ``with session.as_default():``."""
        return self

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()


class InteractiveSession(Session):
    """A session that is the default one as soon as it is made."""

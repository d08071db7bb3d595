"""``tf.config.threading``: kept and given back; XLA chooses its threads itself."""

from __future__ import annotations

from reflow._namespace import lazy_names

__all__ = [
    "get_inter_op_parallelism_threads",
    "get_intra_op_parallelism_threads",
    "set_inter_op_parallelism_threads",
    "set_intra_op_parallelism_threads",
]

_threads = {"inter": 0, "intra": 0}


def get_inter_op_parallelism_threads():
    """The number of threads asked for between ops.

    Returns:
      An int; 0 lets the system choose.
    """
    return _threads["inter"]


def get_intra_op_parallelism_threads():
    """The number of threads asked for inside an op.

    Returns:
      An int; 0 lets the system choose.
    """
    return _threads["intra"]


def set_inter_op_parallelism_threads(num_threads):
    """Notes the number of threads between ops; it has no effect on XLA.

    Args:
      num_threads: an int; 0 lets the system choose.
    """
    _threads["inter"] = num_threads


def set_intra_op_parallelism_threads(num_threads):
    """Notes the number of threads inside an op; it has no effect on XLA.

    Args:
      num_threads: an int; 0 lets the system choose.
    """
    _threads["intra"] = num_threads


__getattr__, __dir__ = lazy_names(__name__)

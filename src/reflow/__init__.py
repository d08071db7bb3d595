"""Reflow: TensorFlow 2.1's programming model on JAX.

    import reflow as tf

This package is the ``tf`` namespace. Nothing is loaded before it is used: a name such as
``tf.reduce_sum`` is found through the table in ``_names.py``, a namespace such as ``tf.math`` is
the module ``reflow/math.py``. No code may stand below the table look-up, because ``tf.bool``,
``tf.range`` and other builtins' names become attributes of this module.
"""

from __future__ import annotations

from reflow._namespace import lazy_names
from reflow.version import COMPILER_VERSION, GIT_VERSION, VERSION


def install() -> None:
    """Makes ``import tensorflow`` find Reflow in this process; see ``reflow.compat.install``."""
    import importlib

    importlib.import_module("reflow.compat").install()


def export(model, path, batch=None, platforms=None):  # type: ignore[no-untyped-def]
    """Writes a Keras model as a StableHLO program; see ``reflow/_export.py``."""
    import importlib

    return importlib.import_module("reflow._export").export(model, path, batch, platforms)


newaxis = None
__version__ = VERSION
__git_version__ = GIT_VERSION
__compiler_version__ = COMPILER_VERSION
__cxx11_abi_flag__ = 0
__monolithic_build__ = 0

del COMPILER_VERSION, GIT_VERSION, VERSION

__getattr__, __dir__ = lazy_names(__name__)

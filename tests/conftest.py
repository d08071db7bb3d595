"""What all tests share."""

from __future__ import annotations

import logging
import os
import sys
from pathlib import Path

import pytest

# The expected numbers are those of a CPU; name another platform to try one.
os.environ.setdefault("JAX_PLATFORMS", "cpu")
# The golden tables are a package that also runs under TensorFlow's Python, where pytest is not.
sys.path.insert(0, str(Path(__file__).parent))


@pytest.fixture(autouse=True)
def _logger_level():
    """What a test sets of the logger ends with it: others look at warnings."""
    logger = logging.getLogger("tensorflow")
    level = logger.level
    yield
    logger.setLevel(level)


_MAPS = 20_000
_tests = 0


@pytest.fixture(autouse=True)
def _few_mapped_regions():
    """Programs are forgotten before they are too many: each compiled one takes about 200 mapped
    regions with JAX 0.12, and Linux allows a process 65,530; XLA crashes beyond."""
    yield
    global _tests
    _tests += 1
    if _tests % 20 == 0 and "jax" in sys.modules and _mapped_regions() > _MAPS:
        sys.modules["jax"].clear_caches()


def _mapped_regions():
    maps = Path("/proc/self/maps")
    return maps.read_bytes().count(b"\n") if maps.exists() else 0

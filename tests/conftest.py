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

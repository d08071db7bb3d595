"""What all tests share."""

from __future__ import annotations

import os
import sys
from pathlib import Path

# The expected numbers are those of a CPU; name another platform to try one.
os.environ.setdefault("JAX_PLATFORMS", "cpu")
# The golden tables are a package that also runs under TensorFlow's Python, where pytest is not.
sys.path.insert(0, str(Path(__file__).parent))

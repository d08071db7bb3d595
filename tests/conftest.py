"""What all tests share."""

from __future__ import annotations

import sys
from pathlib import Path

# The golden tables are a package that also runs under TensorFlow's Python, where pytest is not.
sys.path.insert(0, str(Path(__file__).parent))

"""Seconds that `import MODULE` takes, and until a first sum is printed. MODULE is argv[1]."""

import importlib
import json
import sys
import time

start = time.perf_counter()
module = importlib.import_module(sys.argv[1])
imported = time.perf_counter()
constant = module.tensor if sys.argv[1] == "torch" else module.constant
print(constant([1.0, 2.0]) + 1.0)
printed = time.perf_counter()
print(json.dumps({"import": [imported - start], "first_result": [printed - start]}))

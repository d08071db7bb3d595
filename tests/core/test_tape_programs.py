"""Random programs of nested tapes, assignments and functions, as TensorFlow 2.1.0 runs them."""

from __future__ import annotations

import numpy as np
import pytest
from golden import tape_programs

import reflow as tf

PROGRAMS = tape_programs.load()


@pytest.mark.parametrize("program", PROGRAMS, ids=[f"seed{p['seed']}" for p in PROGRAMS])
def test_program(program):
    found = tape_programs.run(tf, program["code"])
    assert [[v is None for v in values] for values in found] == [
        [v is None for v in values] for values in program["recorded"]
    ], program["code"]
    for ours, theirs in zip(found, program["recorded"], strict=True):
        for mine, expected in zip(ours, theirs, strict=True):
            if mine is not None:
                np.testing.assert_allclose(
                    mine, expected, rtol=2e-3, atol=2e-3, err_msg=program["code"]
                )

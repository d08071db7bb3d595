"""``tf.test.TestCase``: assertions about tensors, arrays and structures of them."""
# ruff: noqa: N802, PT009, PT027 - a unittest.TestCase, whose methods are named by unittest and TF

from __future__ import annotations

import contextlib
import random
import tempfile
import unittest
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

import reflow as tf
from reflow.core.errors import OpError
from reflow.core.tensor import Tensor
from reflow.core.variable import Variable

__all__ = ["TestCase", "main"]

SEED = 87654321
"""What each test's random numbers are seeded with."""

Limit = tuple[float, float]


def main(argv=None):
    """Runs the tests of the main program.

    Args:
      argv: the command line; ``sys.argv`` by default.
    """
    unittest.main(argv=argv)


class TestCase(unittest.TestCase):
    """A ``unittest.TestCase`` that seeds random numbers and compares tensors and arrays."""

    def setUp(self) -> None:
        super().setUp()
        random.seed(SEED)
        np.random.seed(SEED)
        tf.random.set_seed(SEED)

    def get_temp_dir(self) -> str:
        """A directory for the test's files, which is removed when the test is over."""
        if not hasattr(self, "_temporary"):
            self._temporary = tempfile.TemporaryDirectory()
            self.addCleanup(self._temporary.cleanup)
        return self._temporary.name

    def evaluate(self, tensors: Any) -> Any:
        """The values of a structure of tensors as NumPy arrays."""
        return tf.nest.map_structure(
            lambda t: t.numpy() if isinstance(t, (Tensor, Variable)) else t, tensors
        )

    @contextlib.contextmanager
    def session(
        self,
        graph: Any = None,
        config: Any = None,
        use_gpu: bool = False,
        force_gpu: bool = False,
    ) -> Any:
        """A block that runs eagerly, for tests that were written for TF 1, too."""
        yield self

    cached_session = session

    # ---- names from older versions of unittest, and from absl's

    def assertRaisesRegexp(
        self, expected_exception: Any, expected_regex: Any, *args: Any, **kwargs: Any
    ) -> Any:
        """``assertRaisesRegex``, as Python called it until 3.11."""
        return self.assertRaisesRegex(expected_exception, expected_regex, *args, **kwargs)

    def assertItemsEqual(self, first: Any, second: Any, msg: str | None = None) -> None:
        """``assertCountEqual``, as Python 2 called it."""
        self.assertCountEqual(first, second, msg)

    def assertDictEqual(self, a: Any, b: Any, msg: str | None = None) -> None:
        """Asserts that two dictionaries are equal."""
        super().assertDictEqual(dict(a), dict(b), msg)

    def assertLen(self, container: Any, expected_len: int, msg: str | None = None) -> None:
        """Asserts that a container has a given length."""
        if len(container) != expected_len:
            text = f"{container!r} has length of {len(container)}, expected {expected_len}."
            self.fail(self._formatMessage(msg, text))

    def assertEmpty(self, container: Any, msg: str | None = None) -> None:
        """Asserts that a container has no elements."""
        if len(container):
            self.fail(self._formatMessage(msg, f"{container!r} has length of {len(container)}."))

    def assertNotEmpty(self, container: Any, msg: str | None = None) -> None:
        """Asserts that a container has elements."""
        if not len(container):
            self.fail(self._formatMessage(msg, f"{container!r} has length of 0."))

    # ---- equal

    def assertAllEqual(self, a: Any, b: Any, msg: str | None = None) -> None:
        """Asserts that two tensors have the same shape and elements (NaN equals NaN)."""
        a, b = _array(a), _array(b)
        self._same_shape(a, b, msg)
        same = a == b
        if a.dtype.kind in "fc" and b.dtype.kind in "fc":
            same |= np.isnan(a) & np.isnan(b)
        if not np.all(same):
            where = np.where(~same)
            lines = [
                msg or "",
                f"not equal where = {where}",
                f"not equal lhs = {a[where]}",
                f"not equal rhs = {b[where]}",
            ]
            np.testing.assert_array_equal(a, b, "\n".join(lines))

    def assertNotAllEqual(self, a: Any, b: Any, msg: str | None = None) -> None:
        """Asserts that two tensors differ somewhere."""
        try:
            self.assertAllEqual(a, b)
        except AssertionError:
            return
        raise AssertionError(f"The two values are equal at all elements{msg or ''}")

    def _same_shape(self, a: Any, b: Any, msg: str | None) -> None:
        self.assertEqual(
            a.shape,
            b.shape,
            f"Shape mismatch: expected {a.shape}, got {b.shape} with contents {b}. {msg or ''}",
        )

    # ---- close

    def assertAllClose(
        self, a: Any, b: Any, rtol: float = 1e-6, atol: float = 1e-6, msg: str | None = None
    ) -> None:
        """Asserts ``abs(a - b) <= atol + rtol * abs(b)``, also inside of dicts and lists."""
        self._close(a, b, rtol, atol, msg, "")

    def _close(self, a: Any, b: Any, rtol: float, atol: float, msg: str | None, path: str) -> None:
        if hasattr(a, "_asdict"):
            a = a._asdict()
        if hasattr(b, "_asdict"):
            b = b._asdict()
        self.assertEqual(
            isinstance(a, Mapping),
            isinstance(b, Mapping),
            f"Can't compare dict to non-dict: {path}",
        )
        if isinstance(a, Mapping):
            self.assertCountEqual(a.keys(), b.keys(), f"mismatched keys: {path} {msg or ''}")
            for key in a:
                self._close(a[key], b[key], rtol, atol, msg, f"{path}[{key}]")
        elif isinstance(a, (list, tuple)) and _is_nested(a):
            self.assertEqual(len(a), len(b), f"Mismatched length: a{path} has {len(a)} items")
            for i, (x, y) in enumerate(zip(a, b, strict=True)):
                self._close(x, y, rtol, atol, msg, f"{path}[{i}]")
        else:
            self._close_arrays(_array(a), _array(b), rtol, atol, msg, path)

    def _close_arrays(
        self, a: Any, b: Any, rtol: float, atol: float, msg: str | None, path: str
    ) -> None:
        self._same_shape(a, b, msg)
        if np.allclose(a, b, rtol, atol, equal_nan=True):
            return
        tolerance = atol + rtol * np.abs(b)
        apart = ~np.isclose(a, b, rtol, atol, equal_nan=True)
        lines = [
            f"Mismatched value: a{path} is different from b{path}. {msg or ''}",
            f"not close where = {np.where(apart)}",
            f"not close lhs = {a[apart]}",
            f"not close rhs = {b[apart]}",
            f"not close dif = {np.abs(a - b)[apart]}",
            f"not close tol = {tolerance[apart]}",
            f"dtype = {a.dtype}, shape = {a.shape}",
        ]
        np.testing.assert_allclose(a, b, rtol, atol, err_msg="\n".join(lines), equal_nan=True)

    def assertAllCloseAccordingToType(
        self,
        a: Any,
        b: Any,
        rtol: float = 1e-6,
        atol: float = 1e-6,
        float_rtol: float = 1e-6,
        float_atol: float = 1e-6,
        half_rtol: float = 1e-3,
        half_atol: float = 1e-3,
        bfloat16_rtol: float = 1e-2,
        bfloat16_atol: float = 1e-2,
        msg: str | None = None,
    ) -> None:
        """``assertAllClose`` with tolerances that suit the coarser of the two dtypes."""
        a, b = _array(a), _array(b)
        names = {a.dtype.name, b.dtype.name}
        limits: list[tuple[set[str], Limit]] = [
            ({"float32", "complex64"}, (float_rtol, float_atol)),
            ({"float16"}, (half_rtol, half_atol)),
            ({"bfloat16"}, (bfloat16_rtol, bfloat16_atol)),
        ]
        for coarse, (by_ratio, by_difference) in limits:
            if names & coarse:
                rtol, atol = max(rtol, by_ratio), max(atol, by_difference)
        self.assertAllClose(a, b, rtol, atol, msg)

    def assertNotAllClose(self, a: Any, b: Any, **kwargs: Any) -> None:
        """Asserts that two tensors are not close somewhere."""
        try:
            self.assertAllClose(a, b, **kwargs)
        except AssertionError:
            return
        raise AssertionError("The two values are close at all elements")

    def assertNear(self, f1: Any, f2: Any, err: float, msg: str | None = None) -> None:
        """Asserts that two numbers differ by at most ``err``."""
        text = f"{f1:f} != {f2:f} +/- {err:f}{f' ({msg})' if msg is not None else ''}"
        self.assertTrue(f1 == f2 or abs(f1 - f2) <= err, text)

    def assertArrayNear(
        self, farray1: Any, farray2: Any, err: float, msg: str | None = None
    ) -> None:
        """Asserts that the numbers of two vectors differ by at most ``err`` each."""
        self.assertEqual(len(farray1), len(farray2), msg=msg)
        for f1, f2 in zip(farray1, farray2, strict=True):
            self.assertNear(float(f1), float(f2), err, msg=msg)

    def assertNDArrayNear(
        self, ndarray1: Any, ndarray2: Any, err: float, msg: str | None = None
    ) -> None:
        """Asserts that the Euclidean distance of two arrays is less than ``err``."""
        distance = np.linalg.norm(_array(ndarray1) - _array(ndarray2))
        self.assertTrue(distance < err, msg=msg)

    # ---- every element

    def assertAllGreater(self, a: Any, comparison_target: Any) -> None:
        """Asserts that all elements are greater than a number."""
        self.assertGreater(np.min(_array(a)), comparison_target)

    def assertAllGreaterEqual(self, a: Any, comparison_target: Any) -> None:
        """Asserts that all elements are greater than a number or equal to it."""
        self.assertGreaterEqual(np.min(_array(a)), comparison_target)

    def assertAllLess(self, a: Any, comparison_target: Any) -> None:
        """Asserts that all elements are less than a number."""
        self.assertLess(np.max(_array(a)), comparison_target)

    def assertAllLessEqual(self, a: Any, comparison_target: Any) -> None:
        """Asserts that all elements are less than a number or equal to it."""
        self.assertLessEqual(np.max(_array(a)), comparison_target)

    def assertAllInRange(
        self,
        target: Any,
        lower_bound: Any,
        upper_bound: Any,
        open_lower_bound: bool = False,
        open_upper_bound: bool = False,
    ) -> None:
        """Asserts that all elements are in a range; bounds belong to it unless they are open."""
        target = _array(target)
        below = target <= lower_bound if open_lower_bound else target < lower_bound
        above = target >= upper_bound if open_upper_bound else target > upper_bound
        outside = np.argwhere(below | above | (target != target))
        if len(outside):
            left, right = "(" if open_lower_bound else "[", ")" if open_upper_bound else "]"
            listed = "".join(
                f"\n  [{', '.join(map(str, index))}] : {target[tuple(index)]}" for index in outside
            )
            raise AssertionError(
                f"{len(outside)} of the {target.size} element(s) are outside the range "
                f"{left}{lower_bound}, {upper_bound}{right}. Subscript(s) and value(s) of the "
                f"offending elements:{listed}"
            )

    def assertAllInSet(self, target: Any, expected_set: Any) -> None:
        """Asserts that all elements belong to a set."""
        others = [v for v in np.unique(_array(target)).tolist() if v not in expected_set]
        if others:
            raise AssertionError(
                f"{len(others)} unique element(s) are not in the set {expected_set}: {others}"
            )

    # ---- shapes, dtypes, devices, errors

    def assertShapeEqual(self, np_array: Any, tf_tensor: Any, msg: str | None = None) -> None:
        """Asserts that an array and a tensor have the same shape."""
        self.assertAllEqual(np_array.shape, tf_tensor.shape.as_list(), msg=msg)

    def assertDTypeEqual(self, target: Any, expected_dtype: Any) -> None:
        """Asserts that a tensor or array has a given dtype."""
        self.assertEqual(tf.as_dtype(target.dtype), tf.as_dtype(expected_dtype))

    def assertDeviceEqual(self, device1: Any, device2: Any, msg: str | None = None) -> None:
        """Asserts that two names mean the same device."""
        first, second = [
            tf.DeviceSpec.from_string(str(name)).to_string() for name in (device1, device2)
        ]
        self.assertEqual(first, second, msg)

    @contextlib.contextmanager
    def assertRaisesWithPredicateMatch(
        self, exception_type: type[BaseException], expected_err_re_or_predicate: Any
    ) -> Iterator[None]:
        """Asserts that a block raises an error that a predicate or regular expression accepts."""
        if callable(expected_err_re_or_predicate):
            try:
                yield
            except exception_type as error:
                if not expected_err_re_or_predicate(error):
                    raise AssertionError(f"Exception of type {type(error)}: {error}") from error
            else:
                self.fail(f"{exception_type.__name__} not raised")
        else:
            with self.assertRaisesRegex(exception_type, expected_err_re_or_predicate):
                yield

    def assertRaisesOpError(self, expected_err_re_or_predicate: Any) -> Any:
        """Asserts that a block raises one of ``tf.errors``."""
        return self.assertRaisesWithPredicateMatch(OpError, expected_err_re_or_predicate)


def _array(value: Any) -> Any:
    """A NumPy array of a tensor, a list of tensors or anything that NumPy converts."""
    if isinstance(value, (Tensor, Variable)):
        return np.asarray(value.numpy())
    if isinstance(value, (list, tuple)):
        return np.array(
            [_array(item) if isinstance(item, (Tensor, Variable)) else item for item in value]
        )
    return np.asarray(value)


def _is_nested(value: Any) -> bool:
    """Whether a list is a structure: holds dicts, or parts that make no rectangular array."""
    if any(isinstance(item, Mapping) for item in value):
        return True
    try:
        return _array(value).dtype == object
    except ValueError:
        return True

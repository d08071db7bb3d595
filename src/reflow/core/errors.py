"""The ``tf.errors`` tree.

OpError
├── AbortedError, AlreadyExistsError, CancelledError, DataLossError, DeadlineExceededError
├── FailedPreconditionError, InternalError, InvalidArgumentError, NotFoundError
└── OutOfRangeError, PermissionDeniedError, ResourceExhaustedError, UnauthenticatedError,
    UnavailableError, UnimplementedError, UnknownError
"""

from __future__ import annotations

from typing import Any

OK = 0
CANCELLED = 1
UNKNOWN = 2
INVALID_ARGUMENT = 3
DEADLINE_EXCEEDED = 4
NOT_FOUND = 5
ALREADY_EXISTS = 6
PERMISSION_DENIED = 7
RESOURCE_EXHAUSTED = 8
FAILED_PRECONDITION = 9
ABORTED = 10
OUT_OF_RANGE = 11
UNIMPLEMENTED = 12
INTERNAL = 13
UNAVAILABLE = 14
DATA_LOSS = 15
UNAUTHENTICATED = 16


class OpError(Exception):
    """What a failed op raises; ``message`` says why (``op`` and ``node_def`` are None here)."""

    _code = UNKNOWN

    def __init__(self, node_def: Any, op: Any, message: str, error_code: int) -> None:
        super().__init__(message)
        self._node_def = node_def
        self._op = op
        self._message = message
        self._error_code = error_code

    @property
    def message(self) -> str:
        return self._message

    @property
    def op(self) -> Any:
        return self._op

    @property
    def node_def(self) -> Any:
        return self._node_def

    @property
    def error_code(self) -> int:
        return self._error_code

    def reworded(self, message: str) -> OpError:
        """The same error with another message."""
        if type(self) is OpError:
            return OpError(self._node_def, self._op, message, self._error_code)
        return type(self)(self._node_def, self._op, message)  # type: ignore[call-arg]

    def __str__(self) -> str:
        return self._message

    def __reduce__(self) -> tuple[Any, ...]:
        if type(self) is OpError:
            return type(self), (self._node_def, self._op, self._message, self._error_code)
        return type(self), (self._node_def, self._op, self._message)


class _CodedError(OpError):
    """An OpError whose code follows from its class."""

    def __init__(self, node_def: Any, op: Any, message: str) -> None:
        super().__init__(node_def, op, message, self._code)


class CancelledError(_CodedError):
    """An operation was cancelled."""

    _code = CANCELLED


class UnknownError(OpError):
    """An error without a better name."""

    _code = UNKNOWN

    def __init__(self, node_def: Any, op: Any, message: str, error_code: int = UNKNOWN) -> None:
        super().__init__(node_def, op, message, error_code)


class InvalidArgumentError(_CodedError):
    """An op got an argument that it cannot work with."""

    _code = INVALID_ARGUMENT


class DeadlineExceededError(_CodedError):
    """A deadline passed before an operation was done."""

    _code = DEADLINE_EXCEEDED


class NotFoundError(_CodedError):
    """A file, a key, or a kernel for the given types does not exist."""

    _code = NOT_FOUND


class AlreadyExistsError(_CodedError):
    """Something that was to be created exists already."""

    _code = ALREADY_EXISTS


class PermissionDeniedError(_CodedError):
    """The caller may not do this."""

    _code = PERMISSION_DENIED


class ResourceExhaustedError(_CodedError):
    """Memory, disk or a quota ran out."""

    _code = RESOURCE_EXHAUSTED


class FailedPreconditionError(_CodedError):
    """The system is not in the state that the operation needs."""

    _code = FAILED_PRECONDITION


class AbortedError(_CodedError):
    """An operation was given up, usually for a conflict."""

    _code = ABORTED


class OutOfRangeError(_CodedError):
    """An iteration went past its end."""

    _code = OUT_OF_RANGE


class UnimplementedError(_CodedError):
    """The operation exists, but not for these arguments."""

    _code = UNIMPLEMENTED


class InternalError(_CodedError):
    """Something that cannot be has been."""

    _code = INTERNAL


class UnavailableError(_CodedError):
    """A service is not there at present."""

    _code = UNAVAILABLE


class DataLossError(_CodedError):
    """A file is damaged or cut off."""

    _code = DATA_LOSS


class UnauthenticatedError(_CodedError):
    """The request carries no valid credentials."""

    _code = UNAUTHENTICATED


class OperatorNotAllowedInGraphError(TypeError):
    """A tensor without a value yet was used where Python needs one (``if``, ``for``, ``bool``)."""


class InaccessibleTensorError(ValueError):
    """A tensor of a branch, loop or inner function was used outside of it."""


class NeedsEagerError(OperatorNotAllowedInGraphError):
    """A function being traced uses something that only works value by value; run it as Python."""


def invalid(message: str) -> InvalidArgumentError:
    """An InvalidArgumentError without node or op, as eager code raises it."""
    return InvalidArgumentError(None, None, message)


for _name, _value in list(vars().items()):
    if isinstance(_value, type) and issubclass(_value, OpError):
        _value.__module__ = "reflow.errors"  # where users find it, so tracebacks say so

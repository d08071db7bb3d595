"""Regular expressions on strings."""

from __future__ import annotations

import re
from typing import Any

import numpy as np

from reflow.core.errors import invalid
from reflow.core.tensor import Tensor, tensor_from_numpy
from reflow.strings._texts import each, texts_of

__all__ = ["regex_full_match", "regex_replace"]


def _compiled(pattern: Any, op: str) -> re.Pattern[bytes]:
    text = texts_of(pattern, op, "pattern")
    if text.shape:
        raise invalid(f"Pattern must be scalar, but received {list(text.shape)} [Op:{op}]")
    source = bytes(text.item())
    # RE2, which TF uses, has one-letter and POSIX classes that Python lacks.
    for name, members in _CLASSES.items():
        source = source.replace(b"[:" + name + b":]", members)
    source = source.replace(b"\\pN", b"0-9" if b"[" in source else b"[0-9]")
    try:
        return re.compile(source)
    except re.error as error:
        raise invalid(f"Invalid pattern: {source.decode()}, error: {error} [Op:{op}]") from None


_CLASSES = {
    b"alnum": b"0-9A-Za-z", b"alpha": b"A-Za-z", b"digit": b"0-9", b"lower": b"a-z",
    b"punct": re.escape(b"!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~"), b"space": b"\\t\\n\\v\\f\\r ",
    b"upper": b"A-Z", b"word": b"0-9A-Za-z_", b"xdigit": b"0-9A-Fa-f",
}  # fmt: skip


def regex_full_match(input: Any, pattern: Any, name: str | None = None) -> Tensor:
    """Whether strings match a regular expression as a whole.

    Args:
      input: a string tensor.
      pattern: a string scalar, in Python's syntax with POSIX classes (TF's is RE2's).
      name: unused in eager code.

    Returns:
      A bool tensor.

    Raises:
      InvalidArgumentError: if the pattern is not well formed.
    """
    compiled = _compiled(pattern, "RegexFullMatch")
    array = texts_of(input, "RegexFullMatch")
    found = [compiled.fullmatch(text) is not None for text in array.reshape(-1)]
    return tensor_from_numpy(np.array(found, bool).reshape(array.shape))


def regex_replace(
    input: Any, pattern: Any, rewrite: Any, replace_global: bool = True, name: str | None = None
) -> Tensor:
    r"""Replaces what matches a regular expression.

    Args:
      input: a string tensor.
      pattern: a string scalar, in Python's syntax with POSIX classes (TF's is RE2's).
      rewrite: a string scalar; ``\1`` stands for the first group, ``\0`` for the whole match.
      replace_global: whether to replace all matches, not the first alone.
      name: unused in eager code.

    Raises:
      InvalidArgumentError: if the pattern is not well formed.
    """
    compiled = _compiled(pattern, "RegexReplace")
    template = bytes(texts_of(rewrite, "RegexReplace", "rewrite").item())

    def replaced(match: re.Match[bytes]) -> bytes:
        return re.sub(
            rb"\\(\d|\\)",
            lambda m: b"\\" if m[1] == b"\\" else (match[int(m[1])] or b""),
            template,
        )

    count = 0 if replace_global else 1
    return each(input, "RegexReplace", lambda text: compiled.sub(replaced, text, count=count))

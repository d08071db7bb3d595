"""Text with tensors in it."""

from __future__ import annotations

from typing import Any

from reflow._arrays.printing import array_text
from reflow.core.convert import convert_to_tensor
from reflow.core.errors import NeedsEagerError
from reflow.core.tensor import Tensor
from reflow.strings._texts import texts

__all__ = ["format"]


def format(
    template: str, inputs: Any, placeholder: str = "{}", summarize: int = 3, name: str | None = None
) -> Tensor:
    """A string with tensors in it, written as ``tf.print`` writes them.

    Args:
      template: the text.
      inputs: a tensor, or a list of them.
      placeholder: what stands in the text in place of each tensor.
      summarize: how many elements to show at both ends of each axis; -1 for all.
      name: unused in eager code.

    Raises:
      ValueError: if there are more or fewer placeholders than tensors.
    """
    given = list(inputs) if isinstance(inputs, (list, tuple)) else [inputs]
    parts = template.split(placeholder)
    if len(parts) != len(given) + 1:
        raise ValueError(
            f"{len(parts) - 1} placeholder(s) in template does not match {len(given)} tensor(s) "
            "provided as input"
        )
    tensors = [convert_to_tensor(x) for x in given]
    if any(tensor._is_symbolic() for tensor in tensors):
        raise NeedsEagerError("StringFormat runs on the host, not in compiled code")
    written = [array_text(tensor._host(), summarize) for tensor in tensors]
    pieces = [parts[0]]
    for text, part in zip(written, parts[1:], strict=True):
        pieces += [text, part]
    return texts(["".join(pieces).encode()], ())

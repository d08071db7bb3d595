"""The summaries that TensorBoard has panels for: scalars, histograms, images, texts, sounds."""

from __future__ import annotations

import struct
import zlib
from typing import Any

import numpy as np

from reflow.core.convert import convert_to_tensor
from reflow.core.dtypes import DType, string
from reflow.core.errors import UnimplementedError, invalid
from reflow.core.tensor import Tensor
from reflow.io._protos import message
from reflow.summary.writing import is_recording, summary_scope, write_later

__all__ = ["audio", "histogram", "image", "scalar", "text"]


def _metadata(plugin: str, description: str | None, content: bytes = b"") -> Any:
    made = message("SummaryMetadata")(summary_description=description or "")
    made.plugin_data.plugin_name = plugin
    made.plugin_data.content = content
    return made


def _write(
    name: Any,
    default: str,
    plugin: str,
    make: Any,
    step: Any,
    description: Any,
    content: bytes = b"",
) -> Tensor:
    metadata = _metadata(plugin, description, content)
    with summary_scope(name, default) as (tag, _):
        return write_later(tag, make, step, metadata)


def _with_rank(data: Any, rank: int) -> Tensor:
    tensor = convert_to_tensor(data)
    if tensor.shape.rank != rank:
        raise ValueError(
            f"Tensor must have rank {rank}.  Received rank {tensor.shape.rank}, shape "
            f"{tensor.shape}"
        )
    return tensor


def scalar(name: Any, data: Any, step: Any = None, description: str | None = None) -> Tensor:
    """Writes a number, for a curve over the steps.

    Args:
      name: the summary's name; the name scopes around it come before it.
      data: a real number, kept as float32.
      step: the step; by default that of ``tf.summary.experimental.set_step``.
      description: a text in Markdown.

    Returns:
      A bool tensor: whether it was written; False if there is no default writer.

    Raises:
      ValueError: ``data`` is no scalar, or there is no step.
    """
    if not is_recording():
        return convert_to_tensor(False)
    value = convert_to_tensor(data)
    if value.shape.rank:
        raise ValueError(f"Expected scalar shape, saw shape: {value.shape}.")
    if value.dtype is string:
        raise UnimplementedError(None, None, "Cast string to float is not supported [Op:Cast]")
    return _write(
        name, "scalar_summary", "scalars",
        lambda: value._host().astype(np.float32), step, description,
    )  # fmt: skip


def histogram(
    name: Any, data: Any, step: Any = None, buckets: Any = None, description: str | None = None
) -> Tensor:
    """Writes how numbers are distributed.

    Args:
      name: the summary's name.
      data: numbers of any shape.
      step: the step; by default that of ``tf.summary.experimental.set_step``.
      buckets: in how many intervals of one width they are counted; 30 by default.
      description: a text in Markdown.

    Returns:
      A bool tensor: whether it was written.

    Raises:
      ValueError: there is no step.
    """
    if not is_recording():
        return convert_to_tensor(False)
    value = convert_to_tensor(data)
    if value.dtype is string:
        raise UnimplementedError(None, None, "Cast string to double is not supported [Op:Cast]")
    count = 30 if buckets is None else int(buckets)
    return _write(
        name, "histogram_summary", "histograms",
        lambda: counted(value._host(), count), step, description,
    )  # fmt: skip


def counted(data: np.ndarray[Any, Any], buckets: int) -> np.ndarray[Any, Any]:
    """Rows of left edge, right edge and count; a single row, of width 1, for equal numbers."""
    flat = data.reshape(-1).astype(np.float64)
    if not flat.size or not buckets:
        return np.zeros((0, 3))
    low, high = np.fmin.reduce(flat), np.fmax.reduce(flat)
    if not high - low:
        return np.array([[low - 0.5, high + 0.5, flat.size]])
    with np.errstate(invalid="ignore"):
        width = (high - low) / buckets
        place = np.floor((flat - low) / width)
        places = np.minimum(place[np.isfinite(place)].astype(np.int64), buckets - 1)
        edges = low + width * np.arange(buckets + 1)
    edges[0], edges[-1] = low, high
    counts = np.bincount(places[places >= 0], minlength=buckets)
    return np.stack([edges[:-1], edges[1:], counts], axis=1)


def image(
    name: Any, data: Any, step: Any = None, max_outputs: Any = 3, description: str | None = None
) -> Tensor:
    """Writes pictures.

    Args:
      name: the summary's name.
      data: ``(pictures, height, width, channels)``: bytes, or floating numbers from 0 to 1; one to
        four channels.
      step: the step; by default that of ``tf.summary.experimental.set_step``.
      max_outputs: at most so many of the pictures are written.
      description: a text in Markdown.

    Returns:
      A bool tensor: whether it was written.

    Raises:
      ValueError: ``data`` has not four axes, or there is no step.
      InvalidArgumentError: there are no or more than four channels.
    """
    if not is_recording():
        return convert_to_tensor(False)
    value = _with_rank(data, 4)
    channels = value.shape[3]
    if channels not in _COLOR_TYPES:
        raise invalid(f"image must have 1, 2, 3, or 4 channels, got {channels} [Op:EncodePng]")
    if not (value.dtype.is_floating or value.dtype.is_integer):
        raise TypeError(f"Cannot convert 255.5 to EagerTensor of dtype {value.dtype.label}")

    def make() -> Any:
        pictures = _as_bytes(value._host(), value.dtype)
        count, height, width, _ = pictures.shape
        texts = [str(width).encode(), str(height).encode()]
        texts += [png(pictures[i]) for i in range(min(count, max(int(max_outputs), 0)))]
        return _strings(texts)

    return _write(name, "image_summary", "images", make, step, description)


_COLOR_TYPES = {1: 0, 2: 4, 3: 2, 4: 6}


def _as_bytes(data: np.ndarray[Any, Any], dtype: DType) -> np.ndarray[Any, Any]:
    """0 to 1 become 0 to 255, as do 0 to the largest number of an integer type."""
    if data.dtype == np.uint8:
        return data
    if dtype.is_floating:
        scaled = data.astype(np.float32) * np.float32(255.5)
    else:
        largest = np.iinfo(data.dtype).max
        scaled = data // ((largest + 1) // 256) if largest > 255 else data * 2
    scaled = np.nan_to_num(scaled, nan=0)
    return np.clip(np.trunc(scaled), 0, 255).astype(np.uint8)


def png(picture: np.ndarray[Any, Any]) -> bytes:
    """A picture ``(height, width, channels)`` of bytes as a PNG file."""
    height, width, channels = picture.shape
    head = struct.pack(">2I5B", width, height, 8, _COLOR_TYPES[channels], 0, 0, 0)
    rows = np.zeros((height, 1 + width * channels), np.uint8)  # each begins with its filter: none
    rows[:, 1:] = picture.reshape(height, -1)
    chunks = ((b"IHDR", head), (b"IDAT", zlib.compress(rows.tobytes())), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in chunks
    )


def _strings(texts: list[bytes], shape: tuple[int, ...] = (-1,)) -> np.ndarray[Any, Any]:
    array = np.empty(len(texts), object)
    array[:] = texts
    return array.reshape(shape)


def text(name: Any, data: Any, step: Any = None, description: str | None = None) -> Tensor:
    """Writes text in Markdown; a vector or matrix of strings is shown as a table.

    Args:
      name: the summary's name.
      data: strings.
      step: the step; by default that of ``tf.summary.experimental.set_step``.
      description: a text in Markdown.

    Returns:
      A bool tensor: whether it was written.

    Raises:
      TypeError: ``data`` are no strings.
      ValueError: there is no step.
    """
    if not is_recording():
        return convert_to_tensor(False)
    value = convert_to_tensor(data)
    if value.dtype is not string:
        raise TypeError(f"tensor must be of type {string}")
    return _write(name, "text_summary", "text", value._host, step, description)


_WAV = b"\x10\x0b"  # of the plugin's own message: the encoding is WAV


def audio(
    name: Any,
    data: Any,
    sample_rate: Any,
    step: Any = None,
    max_outputs: Any = 3,
    encoding: str | None = None,
    description: str | None = None,
) -> Tensor:
    """Writes sounds.

    Args:
      name: the summary's name.
      data: float32 ``(sounds, frames, channels)`` from -1 to 1.
      sample_rate: frames a second.
      step: the step; by default that of ``tf.summary.experimental.set_step``.
      max_outputs: at most so many of the sounds are written.
      encoding: ``"wav"`` or None.
      description: a text in Markdown.

    Returns:
      A bool tensor: whether it was written.

    Raises:
      ValueError: ``data`` has not three axes, the encoding is another, or there is no step.
    """
    if encoding not in (None, "wav"):
        raise ValueError(f"Unknown encoding: {encoding!r}")
    if not is_recording():
        return convert_to_tensor(False)
    value = _with_rank(data, 3)

    def make() -> Any:
        sounds = value._host()[: max(int(max_outputs), 0)]
        texts = [part for sound in sounds for part in (wav(sound, int(sample_rate)), b"")]
        return _strings(texts, (-1, 2))

    return _write(name, "audio_summary", "audio", make, step, description, _WAV)


def wav(sound: np.ndarray[Any, Any], rate: int) -> bytes:
    """A sound ``(frames, channels)`` from -1 to 1 as a WAV file of 16 bits."""
    scaled = np.round(sound.astype(np.float32) * np.float32(32768))
    data = np.clip(scaled, -32768, 32767).astype("<i2").tobytes()
    channels = sound.shape[1]
    head = struct.pack("<IHHIIHH", 16, 1, channels, rate, 2 * channels * rate, 2 * channels, 16)
    body = b"WAVEfmt " + head + b"data" + struct.pack("<I", len(data)) + data
    return b"RIFF" + struct.pack("<I", len(body)) + body

"""Short-time Fourier transforms and mel spectra."""

from __future__ import annotations

from typing import Any

import numpy as np

import reflow as tf
from reflow.core.convert import convert_to_tensor
from reflow.core.dtypes import as_dtype, float32
from reflow.core.errors import invalid
from reflow.signal.framing import scalar
from reflow.signal.windows import hann_window

__all__ = [
    "inverse_stft",
    "inverse_stft_window_fn",
    "linear_to_mel_weight_matrix",
    "mfccs_from_log_mel_spectrograms",
    "stft",
]


def stft(
    signals,
    frame_length,
    frame_step,
    fft_length=None,
    window_fn=hann_window,
    pad_end=False,
    name=None,
):
    """The short-time Fourier transform: the spectra of overlapping, windowed frames.

    Args:
      signals: a floating tensor ``(..., samples)``.
      frame_length: the length of a frame.
      frame_step: the distance between the beginnings of two frames.
      fft_length: the transform's size; by default the power of 2 that holds a frame.
      window_fn: ``window_fn(frame_length, dtype=...)`` gives the window; None for none.
      pad_end: whether frames may reach beyond the end, where the signal is taken as 0.
      name: unused in eager code.

    Returns:
      A complex tensor ``(..., frames, fft_length // 2 + 1)``.

    Raises:
      ValueError: if an argument has the wrong rank or dtype.
    """
    signals = convert_to_tensor(signals)
    length, step = scalar(frame_length, "frame_length"), scalar(frame_step, "frame_step")
    size = _transform_size(length, fft_length)
    frames = tf.signal.frame(signals, length, step, pad_end=pad_end)
    if window_fn is not None:
        frames = frames * window_fn(length, dtype=frames.dtype)
    return tf.signal.rfft(frames, [size])


def _transform_size(length: int, fft_length: Any) -> int:
    if fft_length is None:
        return 1 << max(0, length - 1).bit_length()
    return scalar(fft_length, "fft_length")


def inverse_stft(
    stfts, frame_length, frame_step, fft_length=None, window_fn=hann_window, name=None
):
    """The inverse of ``stft``: frames, windowed again, overlapped and added.

    For an exact inverse pass ``tf.signal.inverse_stft_window_fn(frame_step)`` as the window.

    Args:
      stfts: a complex tensor ``(..., frames, fft_length // 2 + 1)``.
      frame_length: the length of a frame.
      frame_step: the distance between the beginnings of two frames.
      fft_length: the transform's size; by default the power of 2 that holds a frame.
      window_fn: ``window_fn(frame_length, dtype=...)`` gives the window; None for none.
      name: unused in eager code.

    Returns:
      A real tensor ``(..., (frames - 1) * frame_step + frame_length)``.

    Raises:
      ValueError: if an argument has the wrong rank.
    """
    stfts = convert_to_tensor(stfts)
    if stfts.ndim < 2:
        raise ValueError(f"Shape {stfts.shape} must have rank at least 2")
    length, step = scalar(frame_length, "frame_length"), scalar(frame_step, "frame_step")
    size = _transform_size(length, fft_length)
    frames = tf.signal.irfft(stfts, [size])[..., :length]
    if size < length:
        still = [[0, 0]] * (frames.ndim - 1)
        frames = tf.pad(frames, [*still, [0, length - size]])
    if window_fn is not None:
        frames = frames * window_fn(length, dtype=frames.dtype)
    return tf.signal.overlap_and_add(frames, step)


def inverse_stft_window_fn(frame_step, forward_window_fn=hann_window, name=None):
    """The window with which ``inverse_stft`` undoes ``stft``.

    Args:
      frame_step: the distance between the beginnings of two frames.
      forward_window_fn: the window that ``stft`` used.
      name: unused in eager code.

    Returns:
      A function ``window_fn(frame_length, dtype)``.
    """

    def inverse_window(frame_length: Any, dtype: Any) -> Any:
        length, step = scalar(frame_length, "frame_length"), scalar(frame_step, "frame_step")
        window = forward_window_fn(length, dtype=dtype)
        overlaps = -(-length // step)
        squares = tf.pad(tf.square(window), [[0, overlaps * step - length]])
        sums = tf.reduce_sum(tf.reshape(squares, [overlaps, step]), 0)
        return window / tf.tile(sums, [overlaps])[:length]

    return inverse_window


# ----------------------------------------------------------------------------------------- mel


def _mel(hertz: Any) -> Any:
    """Frequencies on the mel scale, in the array's own dtype."""
    kind = hertz.dtype.type
    return kind(1127.0) * np.log(kind(1.0) + hertz / kind(700.0))


def linear_to_mel_weight_matrix(
    num_mel_bins=20,
    num_spectrogram_bins=129,
    sample_rate=8000,
    lower_edge_hertz=125.0,
    upper_edge_hertz=3800.0,
    dtype=float32,
    name=None,
):
    """The matrix that turns magnitude spectra into mel spectra: ``spectra @ matrix``.

    Its columns are triangular filters, evenly spaced on the mel scale.

    Args:
      num_mel_bins: how many filters.
      num_spectrogram_bins: how many bins a spectrum has (``fft_length // 2 + 1``).
      sample_rate: samples per second of the signal.
      lower_edge_hertz: where the first filter begins.
      upper_edge_hertz: where the last filter ends.
      dtype: a floating dtype.
      name: unused in eager code.

    Returns:
      A matrix ``(num_spectrogram_bins, num_mel_bins)``.

    Raises:
      ValueError: if an argument is out of range.
    """
    dtype = as_dtype(dtype)
    if num_spectrogram_bins < 1:
        raise invalid(f"Requires num > 0: {num_spectrogram_bins} [Op:LinSpace]")
    _check_mel(num_mel_bins, sample_rate, lower_edge_hertz, upper_edge_hertz, dtype)
    kind = dtype.np.type
    bins = np.linspace(kind(0), kind(sample_rate) / kind(2), int(num_spectrogram_bins), dtype=kind)
    bins = _mel(bins[1:])[:, None]  # the constant part belongs to no filter
    low, high = _mel(np.array([lower_edge_hertz, upper_edge_hertz], kind))
    edges = np.linspace(low, high, int(num_mel_bins) + 2, dtype=kind)
    left, center, right = edges[:-2], edges[1:-1], edges[2:]
    rising, falling = (bins - left) / (center - left), (right - bins) / (right - center)
    weights = np.maximum(kind(0), np.minimum(rising, falling))
    return tf.constant(np.pad(weights, [(1, 0), (0, 0)]), dtype)


def _check_mel(mel_bins: Any, sample_rate: Any, lower: Any, upper: Any, dtype: Any) -> None:
    if mel_bins <= 0:
        raise ValueError(f"num_mel_bins must be positive. Got: {mel_bins}")
    if lower < 0.0:
        raise ValueError(f"lower_edge_hertz must be non-negative. Got: {lower}")
    if lower >= upper:
        raise ValueError(f"lower_edge_hertz {lower:.1f} >= upper_edge_hertz {upper:.1f}")
    if sample_rate <= 0.0:
        raise ValueError(f"sample_rate must be positive. Got: {sample_rate}")
    if upper > sample_rate / 2:
        raise ValueError(
            "upper_edge_hertz must not be larger than the Nyquist frequency (sample_rate / 2). "
            f"Got {upper} for sample_rate: {sample_rate}"
        )
    if not dtype.is_floating:
        raise ValueError(f"dtype must be a floating point type. Got: {dtype}")


def mfccs_from_log_mel_spectrograms(log_mel_spectrograms, name=None):
    """Mel-frequency cepstral coefficients: a scaled cosine transform of log mel spectra.

    Args:
      log_mel_spectrograms: a float32 or float64 tensor ``(..., num_mel_bins)``.
      name: unused in eager code.

    Returns:
      A tensor like the input.

    Raises:
      ValueError: if there are no bins.
    """
    spectra = convert_to_tensor(log_mel_spectrograms)
    bins = spectra.shape[-1]
    if bins == 0:
        raise ValueError(f"num_mel_bins must be positive. Got: {spectra}")
    return tf.signal.dct(spectra) * tf.math.rsqrt(tf.cast(bins * 2.0, spectra.dtype))

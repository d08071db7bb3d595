"""Damaged and hostile files, and what decoding keeps."""

from __future__ import annotations

import io
import struct
import zlib

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

import reflow as tf
from reflow.image import _png16


def _file(kind: str) -> bytes:
    picture = np.random.RandomState(1).randint(0, 256, (13, 17, 3)).astype(np.uint8)
    buffer = io.BytesIO()
    Image.fromarray(picture).save(buffer, kind)
    return buffer.getvalue()


FILES = {kind: _file(kind) for kind in ("PNG", "JPEG", "GIF", "BMP")}
FILES["PNG16"] = _png16.write(np.random.RandomState(1).randint(0, 2**16, (9, 7, 3), np.uint16))


@pytest.mark.parametrize("kind", FILES)
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_damage_is_an_error_or_a_picture(kind: str, data: st.DataObject) -> None:
    """Cut off or with bytes changed, a file is refused as TF refuses it, or still a picture."""
    content = bytearray(FILES[kind])
    for _ in range(data.draw(st.integers(0, 4))):
        place = data.draw(st.integers(0, len(content) - 1))
        content[place] = data.draw(st.integers(0, 255))
    content = content[: data.draw(st.integers(0, len(content)))]
    try:
        decoded = tf.image.decode_image(bytes(content))
    except tf.errors.InvalidArgumentError:
        return
    assert decoded.dtype in (tf.uint8, tf.uint16)
    assert decoded.shape.rank in (3, 4)


def test_a_small_file_with_a_huge_picture_is_refused() -> None:
    header = struct.pack(">IIBBBBB", 2**30, 2**30, 16, 2, 0, 0, 0)

    def chunk(name: bytes, body: bytes) -> bytes:
        return (
            struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
        )

    content = _png16.SIGNATURE + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"0"))
    with pytest.raises(tf.errors.InvalidArgumentError, match="not plausible"):
        tf.image.decode_png(content)


@settings(max_examples=30, deadline=None)
@given(
    st.integers(1, 9), st.integers(1, 9), st.integers(1, 4), st.sampled_from(["uint8", "uint16"]),
    st.integers(0, 2**32 - 1),
)  # fmt: skip
def test_png_keeps_everything(
    height: int, width: int, channels: int, dtype: str, seed: int
) -> None:
    high = np.iinfo(dtype).max + 1
    picture = np.random.RandomState(seed).randint(0, high, (height, width, channels)).astype(dtype)
    decoded = tf.image.decode_png(tf.image.encode_png(picture), dtype=dtype)
    np.testing.assert_array_equal(decoded, picture)


def test_every_filter_of_png() -> None:
    """Rows stored as they are, and as differences from left, above, their mean, and Paeth's."""
    rows = np.random.RandomState(0).randint(0, 256, (5, 12)).astype(np.uint8)
    stored = np.concatenate([np.arange(5, dtype=np.uint8)[:, None], rows], axis=1)
    plain = _png16._unfiltered(stored, 2).astype(int)
    above = np.zeros(12, int)
    for i in range(5):
        left = np.concatenate([[0, 0], plain[i, :-2]])
        corner = np.concatenate([[0, 0], above[:-2]])
        guess = left + above - corner
        distances = np.abs([guess - left, guess - above, guess - corner])
        paeth = np.choose(distances.argmin(0), [left, above, corner])
        predicted = [np.zeros(12, int), left, above, (left + above) // 2, paeth][i]
        np.testing.assert_array_equal((rows[i] + predicted) % 256, plain[i])
        above = plain[i]


def test_functions_that_decode_are_not_compiled(capfd: pytest.CaptureFixture) -> None:
    """They run as plain Python, which a warning says."""
    function = tf.function(lambda data: tf.image.decode_png(data))
    assert function(tf.constant(FILES["PNG"])).shape == (13, 17, 3)
    assert "DecodePng cannot be compiled" in capfd.readouterr().err

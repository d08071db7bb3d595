"""Files of images in memory: decoding and encoding JPEG, PNG, GIF and BMP, with Pillow.

These ops work on the host at once: how large the image is stands in the file, so they cannot be
part of a compiled function. A function that uses them, in ``Dataset.map`` too, runs as plain
Python.
"""

from __future__ import annotations

import io
import struct
from typing import Any

import numpy as np

import reflow as tf
from reflow.core.convert import convert_to_tensor
from reflow.core.dtypes import DType, as_dtype, int32, int64, string, uint8, uint16
from reflow.core.errors import InternalError, InvalidArgumentError, NeedsEagerError
from reflow.core.rules import text
from reflow.core.tensor import Tensor, tensor_from_numpy, tensor_from_value
from reflow.image import _png16
from reflow.image._arguments import Array, traced
from reflow.image.colors import convert_image_dtype

__all__ = [
    "decode_and_crop_jpeg",
    "decode_bmp",
    "decode_gif",
    "decode_image",
    "decode_jpeg",
    "decode_png",
    "encode_jpeg",
    "encode_png",
    "extract_jpeg_shape",
    "is_jpeg",
]

_SIGNATURES = {"JPEG": b"\xff\xd8\xff", "PNG": b"\x89PNG\r\n\x1a\n", "GIF": b"GIF8", "BMP": b"BM"}


def _invalid(message: str, op: str) -> InvalidArgumentError:
    return InvalidArgumentError(None, None, f"{message} [Op:{op}]")


def _bytes(contents: Any, op: str) -> bytes:
    """A scalar string argument's bytes."""
    if traced():
        raise NeedsEagerError(
            f"{op} cannot be compiled, because only the file's bytes tell the shape of the image; "
            "what uses it runs as plain Python"
        )
    tensor = convert_to_tensor(contents, string)
    if tensor.dtype is not string:
        raise _invalid(
            f"cannot compute {op} as input #0(zero-based) was expected to be a string tensor but "
            f"is a {tensor.dtype.label} tensor",
            op,
        )
    if tensor._aval.shape:
        raise _invalid(f"contents must be scalar, got shape {text(tensor._aval.shape)}", op)
    return tensor._host()[()]  # type: ignore[no-any-return]


def _string(data: bytes) -> Tensor:
    array = np.empty((), object)
    array[()] = data
    return tensor_from_value(array)  # type: ignore[no-any-return]


def _format(data: bytes) -> str | None:
    return next((name for name, start in _SIGNATURES.items() if data.startswith(start)), None)


def _known_format(data: bytes, op: str) -> str:
    """JPEG, PNG or GIF: the ops for any of them take them all."""
    found = _format(data)
    if found in ("JPEG", "PNG", "GIF"):
        return found
    if not data:
        raise _invalid("Expected image (JPEG, PNG, or GIF), got empty file", op)
    start = "".join(chr(b) if 32 <= b < 127 else f"\\{b:03o}" for b in data[:16])
    raise _invalid(
        f"Expected image (JPEG, PNG, or GIF), got unknown format starting with '{start}'", op
    )


def _check_channels(channels: int, op: str) -> None:
    if channels not in (0, 1, 3, 4):
        raise _invalid(f"channels must be 0, 1, 3, or 4, got {channels}", op)


# ------------------------------------------------------------------------------------------ Pillow


def _opened(data: bytes, kind: str, op: str, message: str) -> Any:
    """A Pillow image whose pixels have been read.

    Raises:
      InvalidArgumentError: if the file is damaged or cut off, or larger than Pillow trusts.
    """
    from PIL import Image, UnidentifiedImageError

    try:
        image = Image.open(io.BytesIO(data), formats=[kind])
        image.load()
    except (
        OSError,
        SyntaxError,
        ValueError,
        IndexError,
        struct.error,
        UnidentifiedImageError,
        Image.DecompressionBombError,
    ) as error:
        raise _invalid(f"{message} ({error})", op) from None
    return image


def _pixels(image: Any, channels: int, opaque: int = 255) -> Array:
    """A Pillow image as (height, width, channels); 0 channels: as many as the file has."""
    mode = image.mode
    if mode in ("P", "1"):
        colors = "RGBA" if "transparency" in image.info else "RGB"
        image = image.convert("L" if mode == "1" else colors)
    elif mode in ("CMYK", "YCCK", "YCbCr", "HSV", "LAB"):
        image = image.convert("RGB")
    elif mode == "RGB" and "transparency" in image.info and channels in (0, 4):
        image = image.convert("RGBA")
    elif mode == "L" and "transparency" in image.info and channels in (0, 4):
        image = image.convert("LA")
    array = np.asarray(image)
    array = array if array.ndim == 3 else array[:, :, None]
    return with_channels(array, channels or array.shape[2], opaque)


_GRAY = np.array([9797, 19234, 3737], np.uint32)


def with_channels(array: Array, channels: int, opaque: int) -> Array:
    """Changes the number of channels of uint8 or uint16 images as libpng does.

    Gray is ``(9797 red + 19234 green + 3737 blue) / 32768``, truncated for uint8 and rounded for
    uint16; a new alpha channel is ``opaque`` everywhere.
    """
    have = array.shape[2]
    color, alpha = (array[:, :, :-1], array[:, :, -1:]) if have in (2, 4) else (array, None)
    if channels in (1, 2) and color.shape[2] == 3:
        mixed = color.astype(np.uint32) @ _GRAY
        mixed = (mixed + (1 << 14 if array.dtype == np.uint16 else 0)) >> 15
        color = mixed.astype(array.dtype)[:, :, None]
    elif channels in (3, 4) and color.shape[2] == 1:
        color = np.repeat(color, 3, axis=2)
    if channels in (2, 4):
        alpha = np.full_like(color[:, :, :1], opaque) if alpha is None else alpha
        return np.concatenate([color, alpha], axis=2)
    return np.ascontiguousarray(color)


def _decoded_jpeg(data: bytes, channels: int, ratio: int, fancy: bool, op: str) -> Array:
    from PIL import Image

    message = f"Invalid JPEG data or crop window, data size {len(data)}"
    if ratio == 1:
        image = _opened(data, "JPEG", op, message)
    else:
        try:
            image = Image.open(io.BytesIO(data), formats=["JPEG"])
            width, height = image.size
            image.draft(None, (max(1, width // ratio), max(1, height // ratio)))
            image.load()
            smaller = -(-width // ratio), -(-height // ratio)
            if image.size != smaller:  # narrower than the ratio
                image = image.resize(smaller, Image.Resampling.BOX)
        except (OSError, SyntaxError, ValueError, struct.error) as error:
            raise _invalid(f"{message} ({error})", op) from None
    if channels == 1 and image.mode in ("RGB", "YCbCr"):
        # A gray JPEG is the file's own brightness channel, not a mixture of its colours.
        gray = Image.open(io.BytesIO(data), formats=["JPEG"])
        gray.draft("L", image.size)
        gray.load()
        return np.asarray(gray.convert("L"))[:, :, None]
    if channels == 4:
        return with_channels(_pixels(image, 3), 4, 255)
    return _pixels(image, channels)


def _decoded_png(data: bytes, channels: int, kind: DType, op: str) -> Array:
    deep = _png16.bit_depth(data) == 16
    if deep:
        try:
            array = _png16.read(data)
        except (ValueError, struct.error) as error:
            raise _invalid(f"Invalid PNG data, size {len(data)} ({error})", op) from None
        if channels:
            array = with_channels(array, channels, 65535)
        return array if kind is uint16 else (array >> 8).astype(np.uint8)
    image = _opened(data, "PNG", op, f"Invalid PNG data, size {len(data)}")
    # TF fills a new alpha channel with the largest number that the file's samples can hold.
    array = _pixels(image, channels, (1 << _png16.bit_depth(data)) - 1)
    return array.astype(np.uint16) * np.uint16(257) if kind is uint16 else array


def _decoded_gif(data: bytes, op: str) -> Array:
    """All frames, (frames, height, width, 3)."""
    from PIL import ImageSequence

    image = _opened(data, "GIF", op, "Invalid GIF data")
    frames = [np.asarray(frame.convert("RGB")) for frame in ImageSequence.Iterator(image)]
    return np.stack(frames)


def _decoded(data: bytes, channels: int, kind: DType, op: str) -> Array:
    """A file of any format that the ops for JPEG and PNG take."""
    found = _known_format(data, op)
    if found == "JPEG":
        array = _decoded_jpeg(data, channels, 1, True, op)
    elif found == "PNG":
        return _decoded_png(data, channels, kind, op)
    else:
        frames = _decoded_gif(data, op)
        if len(frames) > 1:
            raise _invalid(
                f"Got {len(frames)} frames, but animated gifs can only be decoded by "
                "tf.image.decode_gif or tf.image.decode_image",
                op,
            )
        array = frames[0]
    return array.astype(np.uint16) * np.uint16(257) if kind is uint16 else array


# -------------------------------------------------------------------------------------- decoding


def _check_jpeg_options(channels: int, ratio: int, dct_method: str, op: str) -> None:
    _check_channels(channels, op)
    if ratio not in (1, 2, 4, 8):
        raise _invalid(f"ratio must be 1, 2, 4, or 8, got {ratio}", op)
    if dct_method not in ("", "INTEGER_FAST", "INTEGER_ACCURATE"):
        raise _invalid("dct_method must be one of {'', 'INTEGER_FAST', 'INTEGER_ACCURATE'}", op)


def decode_jpeg(
    contents: Any,
    channels: int = 0,
    ratio: int = 1,
    fancy_upscaling: bool = True,
    try_recover_truncated: bool = False,
    acceptable_fraction: float = 1,
    dct_method: str = "",
    name: str | None = None,
) -> Tensor:
    """Decodes a JPEG file (or a PNG file, or a GIF file of one frame).

    Args:
      contents: the file, a scalar string tensor or bytes.
      channels: 0 for as many as the file has, 1 for gray, 3 for RGB.
      ratio: 1, 2, 4 or 8: how much smaller the image shall be.
      fancy_upscaling, try_recover_truncated, acceptable_fraction, dct_method: decided by the
        JPEG library here: smooth upscaling, whole files only, exact arithmetic.
      name: unused in eager code.

    Returns:
      A uint8 tensor of shape ``[height, width, channels]``.

    Raises:
      InvalidArgumentError: if the file is damaged or of another format.
    """
    op = "DecodeJpeg"
    data = _bytes(contents, op)
    _check_jpeg_options(channels, ratio, dct_method, op)
    if _known_format(data, op) == "JPEG":
        return tensor_from_numpy(_decoded_jpeg(data, channels, ratio, fancy_upscaling, op))
    return tensor_from_numpy(_decoded(data, channels, uint8, op))


def decode_and_crop_jpeg(
    contents: Any,
    crop_window: Any,
    channels: int = 0,
    ratio: int = 1,
    fancy_upscaling: bool = True,
    try_recover_truncated: bool = False,
    acceptable_fraction: float = 1,
    dct_method: str = "",
    name: str | None = None,
) -> Tensor:
    """Decodes a JPEG file and cuts a window out.

    Args:
      contents: the file, a scalar string tensor or bytes.
      crop_window: four ints: top, left, height, width.
      channels, ratio: see ``decode_jpeg``.
      fancy_upscaling, try_recover_truncated, acceptable_fraction, dct_method: see ``decode_jpeg``.
      name: unused in eager code.

    Returns:
      A uint8 tensor of shape ``[height, width, channels]``.

    Raises:
      InvalidArgumentError: if the file is damaged or the window is not inside.
    """
    op = "DecodeAndCropJpeg"
    data = _bytes(contents, op)
    _check_jpeg_options(channels, ratio, dct_method, op)
    window = np.asarray(convert_to_tensor(crop_window)._host())
    if window.shape != (4,):
        raise _invalid(f"crop_window must have four elements {text(window.shape)}", op)
    top, left, height, width = window.tolist()
    damaged = f"Invalid JPEG data or crop window, data size {len(data)}"
    if _format(data) != "JPEG":
        raise _invalid(damaged, op)
    image = _decoded_jpeg(data, channels, ratio, fancy_upscaling, op)
    inside = top >= 0 and left >= 0 and height > 0 and width > 0
    if not inside or top + height > image.shape[0] or left + width > image.shape[1]:
        raise _invalid(damaged, op)
    return tensor_from_numpy(image[top : top + height, left : left + width].copy())


def decode_png(
    contents: Any, channels: int = 0, dtype: Any = uint8, name: str | None = None
) -> Tensor:
    """Decodes a PNG file (or a JPEG file, or a GIF file of one frame).

    Args:
      contents: the file, a scalar string tensor or bytes.
      channels: 0 for as many as the file has, 1 for gray, 3 for RGB, 4 for RGBA.
      dtype: uint8 or uint16.
      name: unused in eager code.

    Returns:
      A tensor of ``dtype`` of shape ``[height, width, channels]``.

    Raises:
      InvalidArgumentError: if the file is damaged or of another format.
    """
    op = "DecodePng"
    data = _bytes(contents, op)
    kind = as_dtype(dtype)
    if kind not in (uint8, uint16):
        raise _invalid(
            f"Value for attr 'dtype' of {kind.label} is not in the list of allowed values: uint8, "
            "uint16",
            op,
        )
    _check_channels(channels, op)
    return tensor_from_numpy(_decoded(data, channels, kind, op))


def decode_gif(contents: Any, name: str | None = None) -> Tensor:
    """Decodes all frames of a GIF file (or the one image of a JPEG or PNG file).

    Args:
      contents: the file, a scalar string tensor or bytes.
      name: unused in eager code.

    Returns:
      A uint8 tensor of shape ``[frames, height, width, 3]``.

    Raises:
      InvalidArgumentError: if the file is damaged or of another format.
    """
    op = "DecodeGif"
    data = _bytes(contents, op)
    if _known_format(data, op) == "GIF":
        return tensor_from_numpy(_decoded_gif(data, op))
    return tensor_from_numpy(_decoded(data, 3, uint8, op)[None])


def decode_bmp(contents: Any, channels: int = 0, name: str | None = None) -> Tensor:
    """Decodes a BMP file.

    Args:
      contents: the file, a scalar string tensor or bytes.
      channels: 0 for as many as the file has, or that number: 1, 3 or 4.
      name: unused in eager code.

    Returns:
      A uint8 tensor of shape ``[height, width, channels]``.

    Raises:
      InvalidArgumentError: if the file is damaged or has another number of channels.
    """
    op = "DecodeBmp"
    data = _bytes(contents, op)
    if len(data) < 32:
        raise _invalid(
            "Incomplete bmp content, requires at least 32 bytes to find the header size, width, "
            f"height, and bpp, got {len(data)} bytes",
            op,
        )
    if channels not in (0, 1, 3, 4):
        raise _invalid(f"channels must be 0, 1, 3 or 4, got {channels}", op)
    have = struct.unpack_from("<H", data, 28)[0] // 8
    if have not in (1, 3, 4) or _format(data) != "BMP":
        raise _invalid(f"Number of channels must be 1, 3 or 4, was {have}", op)
    if channels not in (0, have):
        raise _invalid(
            f"channels attribute {channels} does not match bits per pixel from file {have}", op
        )
    return tensor_from_numpy(_bmp(data, have, op))


def _bmp(data: bytes, channels: int, op: str) -> Array:
    """The pixels of an uncompressed BMP file as they stand there: palettes are not looked up."""
    start, _, width, height = struct.unpack_from("<iiii", data, 10)
    rows, stride = abs(height), (width * channels + 3) // 4 * 4
    if width <= 0 or rows == 0:
        raise _invalid("Width and height of the BMP file must be positive", op)
    if start < 0 or start + stride * (rows - 1) + width * channels > len(data):
        raise _invalid(
            f"Incomplete bmp content, requires at least {start + stride * rows} bytes, got "
            f"{len(data)} bytes",
            op,
        )
    flat = np.frombuffer(data, np.uint8, offset=start)
    flat = np.pad(flat[: stride * rows], (0, max(0, stride * rows - len(flat))))
    image = flat.reshape(rows, stride)[:, : width * channels].reshape(rows, width, channels)
    image = image if height < 0 else image[::-1]  # rows stand from the bottom up
    order = {1: [0], 3: [2, 1, 0], 4: [2, 1, 0, 3]}[channels]
    return np.ascontiguousarray(image[:, :, order])


def decode_image(
    contents: Any,
    channels: int | None = None,
    dtype: Any = uint8,
    name: str | None = None,
    expand_animations: bool = True,
) -> Tensor:
    """Decodes a JPEG, PNG, GIF or BMP file.

    Args:
      contents: the file, a scalar string tensor or bytes.
      channels: None or 0 for as many as the file has, 1 for gray, 3 for RGB, 4 for RGBA.
      dtype: the type of the result, to which values are scaled as by ``convert_image_dtype``.
      name: unused in eager code.
      expand_animations: whether a GIF file gives all frames, with an axis for them; else its
        first frame.

    Returns:
      A tensor of shape ``[height, width, channels]``, or ``[frames, height, width, 3]`` for GIF.

    Raises:
      ValueError: if ``channels`` is another number.
      InvalidArgumentError: if the file is damaged or of another format, or cannot have that many
        channels.
    """
    if channels not in (None, 0, 1, 3, 4):
        raise ValueError("channels must be in (None, 0, 1, 3, 4)")
    kind = as_dtype(dtype)
    data = _bytes(contents, "DecodeImage")
    found = _format(data)
    if found is None:
        raise InvalidArgumentError(None, None, "Unable to decode bytes as JPEG, PNG, GIF, or BMP")
    wanted = channels or 0
    if found == "JPEG":
        if wanted == 4:
            raise InvalidArgumentError(
                None, None, "Channels must be in (None, 0, 1, 3) when decoding JPEG images"
            )
        decoded = decode_jpeg(data, wanted)
    elif found == "PNG":
        decoded = decode_png(data, wanted, uint8 if kind is uint8 else uint16)
    elif found == "GIF":
        if wanted in (1, 4):
            raise InvalidArgumentError(
                None, None, "Channels must be in (None, 0, 3) when decoding GIF images"
            )
        decoded = decode_gif(data)
        decoded = decoded if expand_animations else decoded[0]
    else:
        if data[:2] != b"BM":
            raise InvalidArgumentError(
                None, None, "Unable to decode bytes as JPEG, PNG, GIF, or BMP"
            )
        decoded = decode_bmp(data, wanted)
    return convert_image_dtype(decoded, kind)


def is_jpeg(contents: Any, name: str | None = None) -> Tensor:
    """Whether a file starts as JPEG files do, a scalar bool tensor."""
    return tf.constant(_bytes(contents, "Substr").startswith(_SIGNATURES["JPEG"]))  # type: ignore[no-any-return]


def extract_jpeg_shape(contents: Any, output_type: Any = int32, name: str | None = None) -> Tensor:
    """The shape ``[height, width, channels]`` of the image in a JPEG file, without decoding it.

    Args:
      contents: the file, a scalar string tensor or bytes.
      output_type: int32 or int64.
      name: unused in eager code.

    Raises:
      InvalidArgumentError: if it is no JPEG file.
    """
    from PIL import Image

    op = "ExtractJpegShape"
    data = _bytes(contents, op)
    kind = as_dtype(output_type)
    if kind not in (int32, int64):
        raise _invalid(f"Value for attr 'output_type' of {kind.label} is not allowed", op)
    try:
        image = Image.open(io.BytesIO(data), formats=["JPEG"])
    except (OSError, SyntaxError, ValueError, struct.error):
        raise _invalid(f"Invalid JPEG data, size {len(data)}", op) from None
    width, height = image.size
    return tf.constant([height, width, len(image.getbands())], kind)  # type: ignore[no-any-return]


# -------------------------------------------------------------------------------------- encoding


def _image_of(image: Any, kinds: tuple[DType, ...], channels: tuple[int, ...], op: str) -> Array:
    """An image argument of an encoding op."""
    if traced():
        raise NeedsEagerError(f"{op} cannot be compiled; what uses it runs as plain Python")
    tensor = convert_to_tensor(image)
    if tensor.dtype not in kinds:
        names = ", ".join(kind.label for kind in kinds)
        raise _invalid(
            f"Value for attr 'T' of {tensor.dtype.label} is not in the list of allowed values: "
            f"{names}",
            op,
        )
    shape = tensor._aval.shape
    if len(shape) != 3:
        raise _invalid(f"image must be 3-dimensional{text(shape)}", op)
    if shape[2] not in channels:
        if op == "EncodePng":
            raise _invalid(f"image must have 1, 2, 3, or 4 channels, got {shape[2]}", op)
        raise _invalid(f"image must have 1 or 3 channels, got {text(shape)}", op)
    return np.asarray(tensor._host())


def encode_jpeg(
    image: Any,
    format: str = "",
    quality: int = 95,
    progressive: bool = False,
    optimize_size: bool = False,
    chroma_downsampling: bool = True,
    density_unit: str = "in",
    x_density: int = 300,
    y_density: int = 300,
    xmp_metadata: Any = "",
    name: str | None = None,
) -> Tensor:
    """Encodes an image as a JPEG file.

    Args:
      image: a uint8 tensor of shape ``[height, width, 1 or 3]``.
      format: "grayscale", "rgb", or "" for what the channels say.
      quality: 0 to 100.
      progressive: whether the file shall come into focus while it loads.
      optimize_size: whether to take time for a smaller file.
      chroma_downsampling: whether colours have half the resolution.
      density_unit: "in" or "cm".
      x_density, y_density: pixels per unit, for printers.
      xmp_metadata: text to embed.
      name: unused in eager code.

    Returns:
      A scalar string tensor.

    Raises:
      InvalidArgumentError: if the image or an option is wrong.
    """
    op = "EncodeJpeg"
    tensor = convert_to_tensor(image, uint8) if not isinstance(image, Tensor) else image
    array = _image_of(tensor, (uint8,), (1, 3), op)
    _check_encode_jpeg(array, format, quality, density_unit, op)
    options = {
        "quality": quality,
        "progressive": progressive,
        "optimize": optimize_size,
        "subsampling": "4:2:0" if chroma_downsampling else "4:4:4",
        "dpi": _density(density_unit, x_density, y_density),
    }
    metadata = convert_to_tensor(xmp_metadata, string)._host()[()]
    if metadata:
        options["xmp"] = metadata
    return _string(_jpeg(array, options, op))


def _check_encode_jpeg(array: Array, format: str, quality: int, unit: str, op: str) -> None:
    if format not in ("", "grayscale", "rgb"):
        raise _invalid(
            f'Value for attr \'format\' of "{format}" is not in the list of allowed values: "", '
            '"grayscale", "rgb"',
            op,
        )
    if not 0 <= quality <= 100:
        raise _invalid(f"quality must be in [0,100], got {quality}", op)
    if unit not in ("in", "cm"):
        raise _invalid(
            f"Value for attr 'density_unit' of \"{unit}\" is not in the list of allowed values: "
            '"in", "cm"',
            op,
        )
    needed = {"grayscale": 1, "rgb": 3}.get(format, array.shape[2])
    if needed != array.shape[2]:
        raise _invalid(
            f"format '{format}' expects {needed} channels, got shape {text(array.shape)}", op
        )


def _density(unit: str, x: int, y: int) -> tuple[float, float]:
    """Pixels per inch, Pillow's unit."""
    factor = 1.0 if unit == "in" else 2.54
    return x * factor, y * factor


def _jpeg(array: Array, options: dict[str, Any], op: str) -> bytes:
    from PIL import Image

    if 0 in array.shape:
        raise InternalError(None, None, f"JPEG encoding failed [Op:{op}]")
    image = Image.fromarray(array[:, :, 0] if array.shape[2] == 1 else array)
    buffer = io.BytesIO()
    # Quality 0 means "default" to Pillow and "worst" to TF; the worst is 1 in libjpeg.
    image.save(buffer, "JPEG", **{**options, "quality": max(1, options["quality"])})
    return buffer.getvalue()


def encode_for_quality(image: Tensor, quality: Any) -> bytes:
    """Encodes for ``adjust_jpeg_quality``: the quality is a tensor there."""
    op = "EncodeJpegVariableQuality"
    array = _image_of(image, (uint8,), (1, 3), op)
    chosen = int(convert_to_tensor(quality, int32)._host())
    if not 0 <= chosen <= 100:
        raise _invalid(f"quality must be in [0,100], got {chosen}", op)
    return _jpeg(array, {"quality": chosen, "subsampling": "4:2:0"}, op)


def encode_png(image: Any, compression: int = -1, name: str | None = None) -> Tensor:
    """Encodes an image as a PNG file.

    Args:
      image: a uint8 or uint16 tensor of shape ``[height, width, channels]`` with 1 (gray), 2 (gray
        and alpha), 3 (RGB) or 4 (RGBA) channels.
      compression: the level, 0 to 9; -1 for the library's choice.
      name: unused in eager code.

    Returns:
      A scalar string tensor.

    Raises:
      InvalidArgumentError: if the image or the level is wrong.
    """
    op = "EncodePng"
    array = _image_of(image, (uint8, uint16), (1, 2, 3, 4), op)
    if not -1 <= compression <= 9:
        raise _invalid(f"compression should be in [-1,9], got {compression}", op)
    if 0 in array.shape:
        raise InternalError(None, None, f"PNG encoding failed [Op:{op}]")
    if array.dtype == np.uint16:
        return _string(_png16.write(array, compression))
    from PIL import Image

    buffer = io.BytesIO()
    image = Image.fromarray(array[:, :, 0] if array.shape[2] == 1 else array)
    image.save(buffer, "PNG", **({} if compression == -1 else {"compress_level": compression}))
    return _string(buffer.getvalue())

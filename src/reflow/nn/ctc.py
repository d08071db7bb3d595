"""Connectionist temporal classification: labels for sequences without an alignment."""

from __future__ import annotations

from typing import Any

import numpy as np

import reflow as tf
from reflow._arrays.arguments import no_kernel, values_of
from reflow.core.aval import Aval, aval
from reflow.core.convert import convert_to_tensor
from reflow.core.dtypes import INTEGERS, float32, float64, int32
from reflow.core.errors import InvalidArgumentError, invalid
from reflow.core.lazy import jax, jnp
from reflow.core.op import Check, op
from reflow.core.rules import text
from reflow.core.sparse_tensor import SparseTensor
from reflow.core.tensor import Tensor
from reflow.nn import _ctc
from reflow.sparse.conversion import check_order

__all__ = ["collapse_repeated", "ctc_loss", "ctc_unique_labels"]

# ------------------------------------------------------------------------------------------ losses


def _dense_rule(logits: Aval, labels: Aval, label_length: Aval, frames: Aval, *, blank: int) -> Any:
    steps, batch, _ = logits.shape
    for shape in (labels.shape, label_length.shape, frames.shape):
        if shape[0] != batch:
            raise invalid(
                f"Incompatible shapes: {text(logits.shape)} vs. {text(shape)}: the logits are of "
                f"{batch} sequences"
            )
    size = 2 * labels.shape[1] + 1
    return aval((batch,), logits.dtype), aval((steps, batch, size), logits.dtype)


def _no_second(cotangents: Any) -> None:
    if cotangents[1] is not None:
        raise LookupError(
            "Gradient explicitly disabled. Reason: Currently there is no way to take the second "
            "derivative of ctc_loss due to the fused implementation's interaction with "
            "tf.gradients()"
        )


def _dense_pull(inputs: Any, outputs: Any, cotangents: Any, *, blank: int) -> Any:
    logits, labels, label_length, frames = inputs
    _no_second(cotangents)
    chain = _ctc.Chain(labels, label_length, blank, _ctc.LOG_TINY)
    # Frames after the last one take part in this gradient, as in TF, where the labels are dense.
    slope = jax.nn.softmax(logits) - _ctc.occupied(logits, chain, frames, *outputs)
    return cotangents[0][:, None] * slope, None, None, None


@op(
    "CTCLossDense",
    same=(0,),
    types=(float32,),
    kinds={1: INTEGERS, 2: INTEGERS, 3: INTEGERS},
    rule=_dense_rule,
    pull=_dense_pull,
    keeps=(0, 1),
)
def _dense_loss(logits, labels, label_length, frames, *, blank):
    chain = _ctc.Chain(labels, label_length, blank, _ctc.LOG_TINY)
    return _ctc.loss(logits, chain, frames)


def _first(xp: Any, kinds: Any) -> tuple[Any, Any]:
    """The first row with trouble, and its kind (-1: none)."""
    row = xp.argmax(kinds >= 0)
    return row, kinds[row]


def _find_bad_rows(xp, labels, length, frames, *, classes, steps):
    """[-1] if all is well, else [kind, row, numbers of the message, the row's labels]."""
    batch, count = labels.shape
    if batch == 0:
        return xp.full((1,), -1, np.int64)
    labels = labels.astype(np.int64)
    given = xp.arange(count) < length[:, None]
    null = given & (labels >= classes - 1)
    proper = xp.sum(given & (xp.cumsum(null, 1) == 0), 1)
    after = xp.any(given & ~null & (xp.cumsum(null, 1) > 0), 1)
    frames = frames.astype(np.int64)
    of_frames = xp.where(frames < 0, 0, xp.where(frames > steps, 1, -1))
    of_labels = xp.where(proper > frames, 5, -1)
    of_labels = xp.where(after, 4, of_labels)
    of_labels = xp.where(xp.any(given & (labels < 0), 1), 3, of_labels)
    of_labels = xp.where(length <= 0, 2, of_labels)
    row, kind = _first(xp, of_frames)
    other, other_kind = _first(xp, of_labels)
    row = xp.where(kind >= 0, row, other)
    kind = xp.where(kind >= 0, kind, other_kind)
    head = xp.stack([kind, row, proper[row], frames[row], length[row].astype(np.int64)])
    return xp.concatenate([head.astype(np.int64), labels[row]])


def _bad_row_message(found, *avals, classes, steps):
    kind, row, proper, frames, length, *labels = found.tolist()
    labels = labels[:length]
    listed = ",".join(map(str, labels))
    seen = ",".join(map(str, labels[:proper]))
    return (
        f"seq_len({row}) < 0",
        f"sequence_length({row}) <= {steps}",
        f"Labels length is zero in batch {row}",
        f"All labels must be nonnegative integers, batch: {row} labels: {listed}",
        "Saw a non-null label (index >= num_classes - 1) following a null label, batch: "
        f"{row} num_classes: {classes} labels: {listed} labels seen so far: {seen}",
        f"Not enough time for target transition sequence (required: {proper}, available: {frames})",
    )[kind]


def _classic_rule(logits: Aval, labels: Aval, *rest: Aval, **_: Any) -> Any:
    steps, batch, _classes = logits.shape
    size = 2 * labels.shape[1] + 1
    return aval((batch,), logits.dtype), aval((steps, batch, size), logits.dtype)


def _classic_chain(labels: Any, length: Any, classes: int) -> _ctc.Chain:
    """Of labels up to the first null one, whose class is the blank's or beyond."""
    place = jnp.arange(labels.shape[1])
    null = (labels >= classes - 1) | (place >= length[:, None])
    proper = jnp.sum(jnp.cumsum(null, 1) == 0, 1)
    return _ctc.Chain(labels, proper, classes - 1, -np.inf)


def _classic_pull(inputs: Any, outputs: Any, cotangents: Any, *, classes: int, steps: int) -> Any:
    logits, labels, length, frames = inputs
    _no_second(cotangents)
    chain = _classic_chain(labels, length, classes)
    slope = jax.nn.softmax(logits) - _ctc.occupied(logits, chain, frames, *outputs)
    inside = (jnp.arange(steps)[:, None] < frames)[:, :, None]
    return jnp.where(inside, cotangents[0][:, None] * slope, 0.0), None, None, None


@op(
    "CTCLoss",
    same=(0,),
    types=(float32, float64),
    kinds={1: (int32,), 2: INTEGERS, 3: (int32,)},
    rule=_classic_rule,
    check=Check(_find_bad_rows, _bad_row_message, reads=(1, 2, 3)),
    pull=_classic_pull,
    keeps=(0, 1),
)
def _classic_loss(logits, labels, length, frames, *, classes, steps):
    return _ctc.loss(logits, _classic_chain(labels, length, classes), frames)


def classic_loss(logits: Tensor, labels: Any, label_length: Any, frames: Any) -> Tensor:
    """The loss where the blank is the last class; labels that can't be are errors.

    Args:
      logits: float32 or float64 ``(frames, batch, classes)``.
      labels: int32 ``(batch, labels)``.
      label_length: ints ``(batch,)``.
      frames: int32 ``(batch,)``.
    """
    if len(frames.shape) != 1:
        raise invalid("sequence_length is not a vector [Op:CTCLoss]")
    steps, batch, classes = logits.shape
    if logits.dtype not in (float32, float64):
        raise no_kernel("CTCLoss", logits.dtype, (float32, float64))
    if frames.shape[0] != batch:
        raise invalid(
            f"len(sequence_length) != batch_size.  len(sequence_length):  {frames.shape[0]} "
            f"batch_size: {batch} [Op:CTCLoss]"
        )
    return _classic_loss(  # type: ignore[no-any-return]
        logits, labels, label_length, frames, classes=classes, steps=steps
    )[0]


# --------------------------------------------------------------------------------- sparse labels


@op("SparseToDense", same=(), differentiable=False, rule=None)
def _padded(indices, values, *, rows, columns):
    """The labels of each row, moved together, and their number."""
    row = indices[:, 0]
    place = jnp.arange(row.shape[0]) - jnp.searchsorted(row, row, side="left")
    labels = jnp.zeros((rows, columns), values.dtype)
    labels = labels.at[row, place].set(values, mode="drop")
    lengths = jnp.zeros((rows,), jnp.int64).at[row].add(1, mode="drop")
    return labels, lengths


def _of_sparse(labels: SparseTensor, batch: int) -> tuple[Any, Any]:
    """Dense labels and their numbers, for the rows of a batch."""
    if any(part._is_symbolic() for part in (labels.indices, labels.values, labels.dense_shape)):
        columns = labels.values.shape[0]
        if not labels.dense_shape._is_symbolic():
            columns = int(labels.dense_shape._host()[1])
        return _padded(labels.indices, labels.values, rows=batch, columns=columns)  # type: ignore[no-any-return]
    indices, shape = labels.indices._host(), labels.dense_shape._host()
    if len(shape) != 2:
        raise invalid("Order length must be SparseTensor rank. [Op:CTCLoss]")
    try:
        check_order(indices, tuple(shape.tolist()), True)
    except InvalidArgumentError as error:
        reason = error.message.replace("[Op:SparseToDense]", "[Op:CTCLoss]")
        raise invalid(f"label SparseTensor is not valid: {reason}") from None
    values = labels.values._host()
    row = indices[:, 0]
    kept = row < batch
    place = np.arange(len(row)) - np.searchsorted(row, row)
    dense = np.zeros((batch, int(shape[1])), values.dtype)
    dense[row[kept], place[kept]] = values[kept]
    return convert_to_tensor(dense), convert_to_tensor(np.bincount(row[kept], minlength=batch))


def _sparse_labels_loss(labels: SparseTensor, logits: Tensor, frames: Any, blank: int) -> Tensor:
    """The loss of a SparseTensor of labels: the blank becomes the last class."""
    classes = logits.shape[2]
    blank += classes if blank < 0 else 0
    if blank != classes - 1:
        parts = logits[:, :, :blank], logits[:, :, blank + 1 :], logits[:, :, blank : blank + 1]
        logits = tf.concat(parts, axis=2)
        moved = tf.where(labels.values < blank, labels.values, labels.values - 1)
        labels = labels._with_values(moved)
    if labels.dtype is not int32:
        raise invalid(
            "cannot compute CTCLoss as input #2(zero-based) was expected to be a int32 tensor but "
            f"is a {labels.dtype.label} tensor [Op:CTCLoss]"
        )
    dense, lengths = _of_sparse(labels, logits.shape[1])
    return classic_loss(logits, dense, lengths, tf.cast(frames, int32))


# ------------------------------------------------------------------------------- public functions


def ctc_loss(
    labels,
    logits,
    label_length,
    logit_length,
    logits_time_major=True,
    unique=None,
    blank_index=None,
    name=None,
):
    """The loss of connectionist temporal classification (Graves et al. 2006).

        -log sum p(path | softmax(logits)), over the paths that give ``labels``

    where a path has a class for each frame, and gives what is left of it when repetitions are
    merged and then blanks removed.

    Args:
      labels: ints ``(batch, labels)``, or an int32 SparseTensor of that shape. Dense labels are
        not checked: labels that cannot be reached cost about 707, and classes that are not there
        have probability 1.
      logits: float32 ``(frames, batch, classes)``; also float64 if the labels are sparse.
      label_length: ints ``(batch,)``, the number of labels; None if ``labels`` is sparse.
      logit_length: ints ``(batch,)``, the number of frames.
      logits_time_major: False if the logits are ``(batch, frames, classes)``.
      unique: what ``ctc_unique_labels(labels)`` returns; accepted and not needed.
      blank_index: the class of the blank: the first by default, counted from the end if negative.
        It must be given if ``labels`` is sparse.

    Returns:
      The losses, ``(batch,)``.

    Raises:
      ValueError: sparse labels without ``blank_index``, or a ``blank_index`` that is no class.
      InvalidArgumentError: the batch sizes differ; or sparse labels that are negative, out of
        order, none at all in a row, or more than frames.
    """
    sparse = isinstance(labels, SparseTensor)
    if sparse and blank_index is None:
        raise ValueError("blank_index must be given when using SparseTensor labels.")
    logits = convert_to_tensor(logits)
    if len(logits.shape) != 3:
        raise IndexError(
            f"list index out of range: ctc_loss: logits must have rank 3, got shape {logits.shape}"
        )
    blank = 0 if blank_index is None else blank_index
    classes = logits.shape[2]
    if not -classes <= blank < classes:
        raise ValueError(f"ctc_loss: blank_index {blank} is none of the {classes} classes")
    if not logits_time_major:
        logits = tf.transpose(logits, [1, 0, 2])
    if sparse:
        return _sparse_labels_loss(labels, logits, logit_length, blank)
    labels = convert_to_tensor(labels)
    if not labels.dtype.is_integer:
        raise no_kernel("OneHot", labels.dtype, INTEGERS)
    if len(labels.shape) != 2:
        raise IndexError(
            f"list index out of range: ctc_loss: labels must have rank 2, got shape {labels.shape}"
        )
    lengths = convert_to_tensor(label_length), convert_to_tensor(logit_length)
    for what, length in zip(("label_length", "logit_length"), lengths, strict=True):
        if len(length.shape) != 1:
            raise invalid(f"ctc_loss: {what} must have rank 1, got shape {length.shape}")
    return _dense_loss(logits, labels, *lengths, blank=blank % classes)[0]


def _unique_rule(labels: Aval) -> Any:
    if len(labels.shape) != 2:
        raise invalid("unique expects a 1D vector.")
    return aval(labels.shape, tf.int64), aval(labels.shape, int32)


@op("Unique", differentiable=False, rule=_unique_rule)
def _unique_rows(labels):
    rows, columns = labels.shape
    if columns == 0:
        return labels.astype(jnp.int64), labels.astype(jnp.int32)
    first = jnp.argmax(labels[:, :, None] == labels[:, None, :], axis=2)
    is_new = first == jnp.arange(columns)
    rank = jnp.cumsum(is_new, axis=1) - 1
    places = jnp.where(is_new, rank, columns)
    found = jnp.zeros((rows, columns), jnp.int64)
    found = found.at[jnp.arange(rows)[:, None], places].set(labels.astype(jnp.int64), mode="drop")
    return found, jnp.take_along_axis(rank, first, axis=1).astype(jnp.int32)


def ctc_unique_labels(labels, name=None):
    """The distinct labels of each row, and where each label stands among them.

    Args:
      labels: ints ``(batch, labels)``.

    Returns:
      A list: int64 of the labels' shape with each row's distinct labels first, then zeros; int32
      of the labels' shape with their places.

    Raises:
      InvalidArgumentError: the labels' rank is not 2.
    """
    return list(_unique_rows(convert_to_tensor(labels)))


def collapse_repeated(labels, seq_length, name=None):
    """Merges equal labels that follow each other.

    Args:
      labels: ``(batch, labels)``.
      seq_length: ints ``(batch,)``, the number of labels that count.

    Returns:
      The merged labels, padded with zeros to the longest row, and their numbers.

    Raises:
      InvalidArgumentError: the labels' rank is not 2.
    """
    labels, seq_length = convert_to_tensor(labels), convert_to_tensor(seq_length)
    if len(labels.shape) != 2:
        raise invalid(
            f"Index out of range using input dim 1; input has only {len(labels.shape)} dims "
            "[Op:StridedSlice] name: collapse_repeated_labels/strided_slice/"
        )
    lengths = values_of(seq_length, "tf.nn.collapse_repeated")
    rows = values_of(labels, "tf.nn.collapse_repeated")
    kept = np.ones(rows.shape, bool)
    kept[:, 1:] = rows[:, 1:] != rows[:, :-1]
    kept &= np.arange(rows.shape[1]) < lengths[:, None]
    counts = kept.sum(1)
    merged = np.zeros((len(rows), counts.max(initial=0)), rows.dtype)
    merged[np.arange(merged.shape[1]) < counts[:, None]] = rows[kept]
    return convert_to_tensor(merged), tf.cast(counts, seq_length.dtype)

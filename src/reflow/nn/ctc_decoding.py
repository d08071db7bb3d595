"""From logits of frames to labels: the best path, and prefix beam search.

How many labels there are depends on the numbers, so these run on the host.
"""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np

from reflow._arrays.arguments import no_kernel, values_of
from reflow.core.convert import convert_to_tensor
from reflow.core.dtypes import float32, float64, int32
from reflow.core.errors import FailedPreconditionError, invalid
from reflow.core.sparse_tensor import SparseTensor, sparse_tensor
from reflow.core.static import static_int
from reflow.core.tensor import tensor_from_numpy

__all__ = ["ctc_beam_search_decoder", "ctc_greedy_decoder"]


def _arguments(inputs: Any, sequence_length: Any, op: str, name: str) -> tuple[Any, Any]:
    """The logits and the numbers of frames, as NumPy arrays that fit each other."""
    logits, lengths = convert_to_tensor(inputs), convert_to_tensor(sequence_length)
    if logits.dtype not in (float32, float64):
        raise no_kernel(op, logits.dtype, (float32, float64))
    if not lengths.dtype.is_integer:
        raise invalid(
            f"cannot compute {op} as input #1(zero-based) was expected to be a {int32.label} "
            f"tensor but is a {lengths.dtype.label} tensor [Op:{op}]"
        )
    if len(logits.shape) != 3:
        raise invalid(f"inputs is not a 3-Tensor [Op:{op}]")
    if len(lengths.shape) != 1:
        raise invalid(f"sequence_length is not a vector [Op:{op}]")
    frames, batch, _ = logits.shape
    if lengths.shape[0] != batch:
        raise FailedPreconditionError(
            None,
            None,
            f"len(sequence_length) != batch_size.  len(sequence_length):  {lengths.shape[0]} "
            f"batch_size: {batch} [Op:{op}]",
        )
    counts = values_of(lengths, name)
    for row in np.flatnonzero(counts > frames)[:1]:
        raise FailedPreconditionError(None, None, f"sequence_length({row}) <= {frames} [Op:{op}]")
    return values_of(logits, name), counts


def _sparse_labels(rows: list[Any]) -> SparseTensor:
    """Lists of labels as an int64 SparseTensor."""
    lengths = [len(row) for row in rows]
    places = [(i, j) for i, length in enumerate(lengths) for j in range(length)]
    indices = np.array(places, np.int64).reshape(-1, 2)
    values = np.array([label for row in rows for label in row], np.int64)
    return sparse_tensor(indices, values, [len(rows), max(lengths, default=0)])


def ctc_greedy_decoder(inputs, sequence_length, merge_repeated=True):
    """The labels of the most probable path: the largest logit of each frame, without blanks.

    Args:
      inputs: logits, float32 or float64 ``(frames, batch, classes)``; the last class is the blank.
      sequence_length: ints ``(batch,)``, the number of frames that count.
      merge_repeated: whether equal labels in frames that follow each other are one.

    Returns:
      A list of one int64 SparseTensor ``(batch, longest)``, and the negative sums of the chosen
      logits, ``(batch, 1)``.

    Raises:
      InvalidArgumentError: the logits' rank is not 3.
      FailedPreconditionError: a number of frames is too large, or the batch sizes differ.
    """
    op = "CTCGreedyDecoder"
    logits, lengths = _arguments(inputs, sequence_length, op, "tf.nn.ctc_greedy_decoder")
    blank = logits.shape[2] - 1
    rows, scores = [], []
    for row, count in enumerate(lengths.tolist()):
        frames = logits[: max(count, 0), row]
        best = frames.argmax(1)
        kept = best != blank
        if merge_repeated:
            kept[1:] &= best[1:] != best[:-1]
        rows.append(best[kept].tolist())
        scores.append(0.0 - frames.max(1, initial=-np.inf).sum(dtype=logits.dtype))
    sums = np.array(scores, logits.dtype).reshape(-1, 1)
    return [_sparse_labels(rows)], tensor_from_numpy(sums)


def ctc_beam_search_decoder(inputs, sequence_length, beam_width=100, top_paths=1):
    """The most probable labellings, found by prefix beam search (Graves 2012).

    Args:
      inputs: logits, float32 or float64 ``(frames, batch, classes)``; the last class is the blank.
      sequence_length: ints ``(batch,)``, the number of frames that count.
      beam_width: how many prefixes are kept from frame to frame.
      top_paths: how many labellings to return.

    Returns:
      A list of ``top_paths`` int64 SparseTensors ``(batch, longest)``, the best first, and their
      log-probabilities ``(batch, top_paths)``.

    Raises:
      InvalidArgumentError: the logits' rank is not 3, or there are fewer labellings than wanted.
      FailedPreconditionError: a number of frames is too large, or the batch sizes differ.
    """
    return beam_search(inputs, sequence_length, beam_width, top_paths, False)


def beam_search(
    inputs: Any, sequence_length: Any, beam_width: Any, top_paths: Any, merge_repeated: bool
) -> Any:
    """``ctc_beam_search_decoder``; equal labels may be merged at the end, as Keras does."""
    op = "CTCBeamSearchDecoder"
    width = static_int(beam_width, "ctc_beam_search_decoder: beam_width")
    paths = static_int(top_paths, "ctc_beam_search_decoder: top_paths")
    for what, number in (("beam_width", width), ("top_paths", paths)):
        if number < 1:
            raise invalid(f"Value for attr '{what}' of {number} must be at least minimum 1")
    logits, lengths = _arguments(inputs, sequence_length, op, "tf.nn.ctc_beam_search_decoder")
    if paths > width:
        raise invalid(f"requested more paths than the beam width. [Op:{op}]")
    found = []
    for row, count in enumerate(lengths.tolist()):
        beam = _search(logits[: max(count, 0), row].astype(np.float64), width)
        if len(beam) < paths:
            raise invalid(f"Less leaves in the beam search than requested. [Op:{op}]")
        best = beam[:paths]
        found.append([(_merged(one), score) for one, score in best] if merge_repeated else best)
    labels = [_sparse_labels([beam[path][0] for beam in found]) for path in range(paths)]
    scores = [[score for _, score in beam] for beam in found]
    log_p = np.array(scores, logits.dtype).reshape(len(found), paths)
    return labels, tensor_from_numpy(log_p)


def _merged(labels: list[int]) -> list[int]:
    return [label for label, _ in itertools.groupby(labels)]


class _Prefixes:
    """A tree of label sequences; node 0 is the empty one."""

    def __init__(self) -> None:
        self.parent = [-1]
        self.label = [-1]
        self._children: dict[tuple[int, int], int] = {}

    def child(self, node: int, label: int) -> int:
        found = self._children.get((node, label))
        if found is None:
            found = self._children[node, label] = len(self.parent)
            self.parent.append(node)
            self.label.append(label)
        return found

    def labels(self, node: int) -> list[int]:
        found = []
        while node > 0:
            found.append(self.label[node])
            node = self.parent[node]
        return found[::-1]


def _search(logits: Any, width: int) -> list[tuple[list[int], float]]:
    """The best labellings of one sequence, ``(frames, classes)``, with their log-probabilities."""
    with np.errstate(invalid="ignore"):
        shifted = logits - logits.max(1, keepdims=True)
        log_p = shifted - np.log(np.exp(shifted).sum(1, keepdims=True))
    tree = _Prefixes()
    # Of each prefix in the beam: the log-probabilities of its paths that end in a blank, or don't.
    beam, blank, label = [0], np.zeros(1), np.full(1, -np.inf)
    for frame in log_p:
        nodes, blank, label = _frame(tree, beam, blank, label, frame)
        scores = np.logaddexp(blank, label)
        best = np.argsort(-scores, kind="stable")[:width]
        best = best[scores[best] > -np.inf]
        beam = [nodes(i) for i in best.tolist()]
        blank, label = blank[best], label[best]
    scores = np.logaddexp(blank, label).tolist()
    return [(tree.labels(node), score) for node, score in zip(beam, scores, strict=True)]


def _frame(tree: _Prefixes, beam: list[int], blank: Any, label: Any, frame: Any) -> Any:
    """The beam and all its extensions after one more frame.

    Returns:
      A function from a place to its node, and the two log-probabilities at each place.
    """
    place = {node: i for i, node in enumerate(beam)}
    last = np.array([tree.label[node] for node in beam])
    either = np.logaddexp(blank, label)
    stay = either + frame[-1]
    repeated = np.where(last >= 0, label + frame[last], -np.inf)
    longer = either[:, None] + frame[:-1]
    again = np.flatnonzero(last >= 0)
    longer[again, last[again]] = blank[again] + frame[last[again]]
    new = np.ones(longer.shape, bool)
    for i, node in enumerate(beam):
        above = place.get(tree.parent[node])
        if above is not None:  # the extension is in the beam already
            repeated[i] = np.logaddexp(repeated[i], longer[above, last[i]])
            new[above, last[i]] = False
    rows, labels = np.nonzero(new)
    count = len(beam)

    def node(i: int) -> int:
        return beam[i] if i < count else tree.child(beam[rows[i - count]], int(labels[i - count]))

    nothing = np.full(len(rows), -np.inf)
    return node, np.append(stay, nothing), np.append(repeated, longer[rows, labels])

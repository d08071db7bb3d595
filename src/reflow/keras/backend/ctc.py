"""Connectionist temporal classification in Keras's terms: batch first, probabilities."""

from __future__ import annotations

import numpy as np

import reflow as tf
from reflow._arrays.arguments import values_of
from reflow.core.sparse_tensor import SparseTensor
from reflow.keras.backend.configuration import epsilon
from reflow.nn.ctc import classic_loss
from reflow.nn.ctc_decoding import beam_search

__all__ = ["ctc_batch_cost", "ctc_decode", "ctc_label_dense_to_sparse"]


def ctc_label_dense_to_sparse(labels, label_lengths):
    """The labels that count, as a SparseTensor.

    Args:
      labels: ``(batch, labels)``.
      label_lengths: int32 ``(batch,)``, the number of labels.

    Returns:
      A SparseTensor of the labels' type and shape.
    """
    labels, lengths = tf.convert_to_tensor(labels), tf.convert_to_tensor(label_lengths)
    if len(lengths.shape) != 1:
        raise tf.errors.InvalidArgumentError(
            None,
            None,
            f"value must be a scalar, got shape {list(lengths.shape[1:])}: label_lengths must have "
            "rank 1 [Op:Fill]",
        )
    inside = tf.range(labels.shape[1]) < lengths[:, None]
    places = np.argwhere(values_of(inside, "tf.keras.backend.ctc_label_dense_to_sparse"))
    return SparseTensor(places, tf.gather_nd(labels, places), np.array(labels.shape, np.int64))


def ctc_batch_cost(y_true, y_pred, input_length, label_length):
    """``tf.nn.ctc_loss`` of each row of a batch; the last class is the blank.

    Args:
      y_true: labels ``(batch, labels)``.
      y_pred: probabilities ``(batch, frames, classes)``.
      input_length: ``(batch, 1)``, the number of frames.
      label_length: ``(batch, 1)``, the number of labels.

    Returns:
      The losses, ``(batch, 1)``.

    Raises:
      InvalidArgumentError: labels that can't be: none, negative ones, or more than frames.
    """
    lengths = tf.cast(tf.squeeze(label_length, axis=-1), tf.int32)
    frames = tf.cast(tf.squeeze(input_length, axis=-1), tf.int32)
    logits = tf.math.log(tf.transpose(y_pred, [1, 0, 2]) + epsilon())
    labels = tf.cast(y_true, tf.int32)
    lengths = tf.minimum(lengths, labels.shape[1])
    return tf.expand_dims(classic_loss(logits, labels, lengths, frames), 1)


def ctc_decode(y_pred, input_length, greedy=True, beam_width=100, top_paths=1):
    """The labels of probabilities.

    Args:
      y_pred: probabilities ``(batch, frames, classes)``; the last class is the blank.
      input_length: ints ``(batch,)``, the number of frames.
      greedy: whether to take the best path; else beam search.
      beam_width, top_paths: as for ``tf.nn.ctc_beam_search_decoder``.

    Returns:
      A list of int64 tensors ``(batch, longest)``, padded with -1 (one if ``greedy``, else
      ``top_paths``), and the scores as the decoders of ``tf.nn`` give them. Equal labels that
      follow each other are merged, also after beam search.
    """
    logits = tf.math.log(tf.transpose(y_pred, [1, 0, 2]) + epsilon())
    lengths = tf.cast(input_length, tf.int32)
    if greedy:
        decoded, scores = tf.nn.ctc_greedy_decoder(logits, lengths)
    else:
        decoded, scores = beam_search(logits, lengths, beam_width, top_paths, merge_repeated=True)
    return [tf.sparse.to_dense(labels, default_value=-1) for labels in decoded], scores

"""Connectionist temporal classification (Graves et al. 2006): the forward-backward algorithm.

A labelling with a blank before, between and after its labels is a chain of ``S = 2 * U + 1``
states. A path stays in a state, moves to the next, or skips a blank between two labels that differ.
``alpha`` is the log-probability of all paths into a state up to a frame, ``beta`` that of all from
there to the end.
"""

from __future__ import annotations

from typing import Any

from reflow.core.lazy import jax, jnp, lax

LOG_TINY = -706.893623549172
"""``log(1e-307)``: what it costs a path to end elsewhere, where TF keeps the loss finite."""


class Chain:
    """The states of a batch of labellings.

    Args:
      labels: ints ``(batch, U)``.
      length: how many of each row's labels count, ``(batch,)``.
      blank: the class of the blank.
      outside: the log-weight of paths that do not end with the last label or the blank after it.
    """

    def __init__(self, labels: Any, length: Any, blank: int, outside: float) -> None:
        batch, count = labels.shape
        size = 2 * count + 1
        place = jnp.arange(size)
        classes = jnp.full((batch, size), blank, jnp.int32)
        self.classes = classes.at[:, 1::2].set(labels.astype(jnp.int32))
        before = jnp.pad(self.classes, ((0, 0), (2, 0)))[:, :size]
        self._skips = (place % 2 == 1) & (place > 1) & (self.classes != before)
        length = length.astype(jnp.int32)[:, None]
        self._ends = (place == 2 * length) | (place == 2 * length - 1)
        self._outside = outside

    def end(self, dtype: Any) -> Any:
        """The log-weight of ending in each state, ``(batch, S)``."""
        return jnp.where(self._ends, 0.0, self._outside).astype(dtype)

    def start(self, dtype: Any) -> Any:
        """Before the first frame a path is in the first blank."""
        first = jnp.arange(self.classes.shape[1]) == 0
        return jnp.broadcast_to(jnp.where(first, 0.0, -jnp.inf), self.classes.shape).astype(dtype)

    def observed(self, log_p: Any) -> Any:
        """The log-probability of each state's class in each frame, ``(frames, batch, S)``."""
        inside = (self.classes >= 0) & (self.classes < log_p.shape[2])
        found = jnp.take_along_axis(log_p, jnp.where(inside, self.classes, 0)[None], axis=2)
        return jnp.where(inside, found, 0.0)

    def by_class(self, posterior: Any, classes: int) -> Any:
        """Probabilities of states summed by class, ``(frames, batch, classes)``."""
        frames, batch, _ = posterior.shape
        place = jnp.where(self.classes < 0, classes, self.classes)  # dropped, as those beyond are
        rows = jnp.arange(batch)[:, None]
        zeros = jnp.zeros((frames, batch, classes), posterior.dtype)
        return zeros.at[:, rows, place].add(posterior, mode="drop")

    def forward(self, alpha: Any) -> Any:
        """``alpha`` moved on by one frame, without the frame's own probabilities."""
        skipped = jnp.where(self._skips, _shift(alpha, 2), -jnp.inf)
        return _log_sum(alpha, _shift(alpha, 1), skipped)

    def backward(self, beta: Any) -> Any:
        """``beta``, with a frame's own probabilities, moved back to the frame before."""
        skipped = _shift(jnp.where(self._skips, beta, -jnp.inf), -2)
        return _log_sum(beta, _shift(beta, -1), skipped)


def _shift(x: Any, by: int) -> Any:
    """States moved along the chain; impossible ones come in."""
    size = x.shape[1]
    if by > 0:
        return jnp.pad(x, ((0, 0), (by, 0)), constant_values=-jnp.inf)[:, :size]
    return jnp.pad(x, ((0, 0), (0, -by)), constant_values=-jnp.inf)[:, -by:]


def _log_sum(*terms: Any) -> Any:
    """``log(exp(a) + exp(b) + ...)``, also where all of them are impossible."""
    stacked = jnp.stack(terms)
    largest = jnp.max(stacked, 0)
    shift = jnp.where(jnp.isfinite(largest), largest, 0.0)
    return shift + jnp.log(jnp.sum(jnp.exp(stacked - shift), 0))


def loss(logits: Any, chain: Chain, frames: Any) -> tuple[Any, Any]:
    """``-log p(labels | logits)`` and ``alpha`` after each frame.

    Args:
      logits: ``(frames, batch, classes)``.
      chain: the labellings.
      frames: how many frames of each row count, ``(batch,)``.
    """
    observed = chain.observed(jax.nn.log_softmax(logits))

    def step(alpha: Any, row: Any) -> Any:
        now, inside = row
        alpha = jnp.where(inside, chain.forward(alpha) + now, alpha)
        return alpha, alpha

    start = chain.start(logits.dtype)
    last, alphas = lax.scan(step, start, (observed, _inside(logits, frames)))
    return -jax.nn.logsumexp(last + chain.end(logits.dtype), axis=1), alphas


def occupied(logits: Any, chain: Chain, frames: Any, loss: Any, alphas: Any) -> Any:
    """The probability of each class in each frame, given the labels, ``(frames, batch, classes)``.

    Zeros after the last frame and where the labels are impossible.
    """
    observed = chain.observed(jax.nn.log_softmax(logits))
    possible = jnp.isfinite(loss)[:, None]
    scale = jnp.where(possible, loss[:, None], 0.0)

    def step(beta: Any, row: Any) -> Any:
        now, inside, alpha = row
        posterior = jnp.where(inside & possible, jnp.exp(alpha + beta + scale), 0.0)
        return jnp.where(inside, chain.backward(beta + now), beta), posterior

    rows = (observed, _inside(logits, frames), alphas)
    _, posterior = lax.scan(step, chain.end(logits.dtype), rows, reverse=True)
    return chain.by_class(posterior, logits.shape[2])


def _inside(logits: Any, frames: Any) -> Any:
    """Which frames count, ``(frames, batch, 1)``."""
    return (jnp.arange(logits.shape[0])[:, None] < frames)[:, :, None]

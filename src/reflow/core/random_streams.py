"""Streams that outlive one op call: of an op's node in a compiled function, and of a shuffle."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Iterable, Iterator
from typing import Any, TypeVar

import numpy as np

from reflow.core import philox, random_samplers
from reflow.core.philox import PhiloxState

Array = np.ndarray[Any, Any]
Element = TypeVar("Element")
Pair = tuple[int, int]


def starting_state(pair: Pair) -> PhiloxState:
    """Where the stream of a seed pair starts; the pair (0, 0) starts anywhere."""
    if pair == (0, 0):
        return PhiloxState(secrets.randbits(64), secrets.randbits(128))
    return philox.stateful_state(*pair)


class PhiloxStream:
    """A generator that moves on as it is drawn from; safe to share between threads."""

    def __init__(self, pair: Pair) -> None:
        self._state = starting_state(pair)
        self._lock = threading.Lock()

    def reserve(self, blocks: int) -> PhiloxState:
        """Return the present state and move `blocks` blocks on."""
        with self._lock:
            state = self._state
            self._state = state.skip(blocks)
        return state


class WordStream:
    """The words of a generator, one after the other."""

    _ahead = 1024

    def __init__(self, state: PhiloxState) -> None:
        self._state = state
        self._left = np.empty(0, np.uint32)

    def take(self, count: int) -> Array:
        """Return the next `count` words, a uint32 array."""
        missing = count - len(self._left)
        if missing > 0:
            blocks = -(-max(missing, self._ahead) // 4)
            more = philox.words(self._state, 4 * blocks)
            self._state = self._state.skip(blocks)
            self._left = np.concatenate([self._left, more])
        taken, self._left = self._left[:count], self._left[count:]
        return taken

    def __iter__(self) -> Iterator[int]:
        while True:
            yield from self.take(self._ahead).tolist()


class ShuffleStream:
    """The random words of one ``Dataset.shuffle``.

    Args:
        pair: the seed pair, asked for when the dataset is made.
        reshuffle_each_iteration: whether iterators differ. Then each takes two words of the
            dataset's own stream, when it is made, as the seed pair of its words.
    """

    def __init__(self, pair: Pair, reshuffle_each_iteration: bool = True) -> None:
        self._pair = pair
        self._seeds = WordStream(starting_state(pair)) if reshuffle_each_iteration else None
        self._lock = threading.Lock()
        self._fixed = starting_state(pair)

    def iterator_words(self) -> WordStream:
        """Return the words of a new iterator; call it when the iterator is made."""
        if self._seeds is None:
            return WordStream(self._fixed)
        with self._lock:
            seed, seed2 = self._seeds.take(2).tolist()
        return WordStream(philox.stateful_state(seed, seed2))


def shuffle_order(words: WordStream, n: int, buffer_size: int) -> Array:
    """Return the order in which a shuffle buffer lets `n` known elements through.

    Args:
        words: the iterator's words.
        n: number of elements.
        buffer_size: places in the buffer, at least 1.

    Returns:
        int64 array of shape (n,).
    """
    return random_samplers.buffer_order(words.take(n), n, buffer_size)


def shuffle_elements(
    words: WordStream, elements: Iterable[Element], buffer_size: int
) -> Iterator[Element]:
    """Let `elements` through a shuffle buffer, in the order of ``shuffle_order``.

    The buffer is a ring. Before each output it is filled up; a word then picks the place whose
    element is put out, and the oldest element moves there.
    """
    source = iter(elements)
    places: list[Element] = []
    first = held = 0
    exhausted = False
    for word in words:
        while not exhausted and held < buffer_size:
            try:
                element = next(source)
            except StopIteration:
                exhausted = True
                break
            place = (first + held) % buffer_size
            if place == len(places):
                places.append(element)
            else:
                places[place] = element
            held += 1
        if held == 0:
            return
        place = (first + word % held) % buffer_size
        output, places[place] = places[place], places[first]
        first = (first + 1) % buffer_size
        held -= 1
        yield output

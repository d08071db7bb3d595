"""Sequences, and the workers that read them ahead."""

from __future__ import annotations

import itertools
import os
import random
import threading
import time
import traceback

import numpy as np
import pytest

import reflow as tf

PROCESSES = pytest.mark.parametrize("processes", [False, True], ids=["threads", "processes"])


class Batches(tf.keras.utils.Sequence):
    """Gives (epoch, number) and notes what it is asked for."""

    def __init__(self, count=4):
        self.count = count
        self.epoch = 0
        self.asked = []

    def __len__(self):
        return self.count

    def __getitem__(self, index):
        self.asked.append(index)
        return self.epoch, index

    def on_epoch_end(self):
        self.epoch += 1


@pytest.fixture
def enqueue():
    """Starts enqueuers, and stops them at the end of the test."""
    started = []

    def start(kind, *args, workers=1, max_queue_size=10, **kwargs):
        enqueuer = getattr(tf.keras.utils, kind)(*args, **kwargs)
        started.append(enqueuer)
        enqueuer.start(workers, max_queue_size)
        return enqueuer

    yield start
    for enqueuer in started:
        enqueuer.stop(timeout=10)
        assert not enqueuer.run_thread.is_alive()


def take(enqueuer, count):
    return list(itertools.islice(enqueuer.get(), count))


# ------------------------------------------------------------------------------------ Sequence


def test_a_sequence_is_iterated_once_through():
    batches = Batches(3)
    assert list(batches) == [(0, 0), (0, 1), (0, 2)]
    assert batches.epoch == 0


@pytest.mark.parametrize("method", ["__getitem__", "__len__"])
def test_a_sequence_says_which_method_it_lacks(method):
    sequence = type("Empty", (tf.keras.utils.Sequence,), {})()
    with pytest.raises(NotImplementedError, match=f"Empty needs a method {method}"):
        getattr(sequence, method)(*[0] * (method == "__getitem__"))
    assert sequence.on_epoch_end() is None


# ---------------------------------------------------------------------------- OrderedEnqueuer


@PROCESSES
@pytest.mark.parametrize("workers", [1, 3])
@pytest.mark.parametrize("size", [1, 3, 10, 0])
def test_epochs_come_in_order_and_see_what_their_end_changed(enqueue, processes, workers, size):
    batches = Batches(4)
    enqueuer = enqueue(
        "OrderedEnqueuer",
        batches,
        use_multiprocessing=processes,
        workers=workers,
        max_queue_size=size,
    )
    assert enqueuer.is_running()
    assert take(enqueuer, 10) == [(i // 4, i % 4) for i in range(10)]


@PROCESSES
def test_shuffling_draws_from_pythons_random(enqueue, processes):
    random.seed(5)
    enqueuer = enqueue("OrderedEnqueuer", Batches(4), processes, shuffle=True, workers=2)
    found = take(enqueuer, 12)
    # What TensorFlow 2.1.0 gave with the same seed.
    assert [index for _, index in found] == [0, 1, 3, 2, 3, 2, 1, 0, 2, 1, 0, 3]


def test_slow_batches_do_not_overtake(enqueue):
    class Slow(Batches):
        def __getitem__(self, index):
            time.sleep(0.02 * (index % 2 == 0))
            return index

    assert take(enqueue("OrderedEnqueuer", Slow(6), workers=3), 12) == [*range(6), *range(6)]


def test_workers_read_ahead_as_far_as_they_may(enqueue):
    batches = Batches(100)
    enqueuer = enqueue("OrderedEnqueuer", batches, workers=2, max_queue_size=3)
    deadline = time.monotonic() + 5
    while len(batches.asked) < 3 and time.monotonic() < deadline:
        time.sleep(0.01)
    time.sleep(0.05)
    assert sorted(batches.asked) == [0, 1, 2]
    assert next(enqueuer.get()) == (0, 0)


def test_threads_work_at_the_same_time(enqueue):
    meeting = threading.Barrier(2)

    class Meeting(Batches):
        def __getitem__(self, index):
            meeting.wait(timeout=10)
            return index

    assert take(enqueue("OrderedEnqueuer", Meeting(4), workers=2), 4) == [0, 1, 2, 3]
    meeting.abort()  # lets the one go that has read ahead


def test_processes_are_others(enqueue):
    class Pids(Batches):
        def __getitem__(self, index):
            return os.getpid()

    pids = set(take(enqueue("OrderedEnqueuer", Pids(), True, workers=2), 8))
    assert os.getpid() not in pids


def test_arrays_come_back_from_processes(enqueue):
    class Arrays(Batches):
        def __getitem__(self, index):
            return np.full((2, 3), index, np.float32), {"label": np.arange(index)}

    x, y = take(enqueue("OrderedEnqueuer", Arrays(), True), 3)[-1]
    assert x.dtype == np.float32
    assert (x == 2).all()
    assert y["label"].tolist() == [0, 1]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="processes are forked")
@pytest.mark.parametrize("size", [2, 600])
def test_tensors_in_forked_processes_are_computed_without_xla(enqueue, size):
    assert float(tf.linalg.svd(tf.ones([40, 40]))[0][0]) == pytest.approx(40)  # XLA's threads run

    class Tensors(Batches):
        def __getitem__(self, index):
            return tf.reduce_sum(tf.matmul(tf.ones([2, size]), tf.ones([size, 2]))).numpy()

    assert take(enqueue("OrderedEnqueuer", Tensors(), True), 2) == [4 * size] * 2


@pytest.mark.skipif(not hasattr(os, "fork"), reason="processes are forked")
def test_what_needs_xla_in_a_forked_process_says_so(enqueue):
    tf.linalg.svd(tf.ones([40, 40]))[0].numpy()

    class Decompositions(Batches):
        def __getitem__(self, index):
            return tf.linalg.svd(tf.ones([30, 30]))[0].numpy()

    with pytest.raises(RuntimeError, match="in a forked process, such as a worker"):
        take(enqueue("OrderedEnqueuer", Decompositions(), True), 1)


def test_none_is_left_out(enqueue):
    class Some(Batches):
        def __getitem__(self, index):
            return None if index % 2 else index

    assert take(enqueue("OrderedEnqueuer", Some(4)), 4) == [0, 2, 0, 2]


@PROCESSES
def test_an_error_in_a_worker_reaches_the_consumer(enqueue, processes):
    class Broken(Batches):
        def __getitem__(self, index):
            if index == 2:
                raise ZeroDivisionError("at two")
            return index

    enqueuer = enqueue("OrderedEnqueuer", Broken(), processes, workers=2)
    batches = enqueuer.get()
    assert [next(batches), next(batches)] == [0, 1]
    with pytest.raises(ZeroDivisionError, match="at two") as raised:
        next(batches)
    text = "".join(traceback.format_exception(raised.value))
    assert 'raise ZeroDivisionError("at two")' in text  # the line in the worker
    assert not enqueuer.is_running()
    assert list(batches) == []


@pytest.mark.parametrize("method", ["__len__", "on_epoch_end"])
def test_an_error_beside_the_workers_reaches_the_consumer_too(enqueue, method):
    def fail(self):
        raise OSError("no disk")

    broken = type("Broken", (Batches,), {method: fail})(2)
    with pytest.raises(OSError, match="no disk"):
        take(enqueue("OrderedEnqueuer", broken), 3)


def test_a_killed_worker_does_not_hang_the_consumer(enqueue):
    class Killed(Batches):
        def __getitem__(self, index):
            os._exit(3)

    with pytest.raises(RuntimeError, match="terminated abruptly"):
        take(enqueue("OrderedEnqueuer", Killed(), True), 1)


def test_start_and_stop(enqueue):
    enqueuer = tf.keras.utils.OrderedEnqueuer(Batches())
    assert not enqueuer.is_running()
    assert list(enqueuer.get()) == []
    enqueuer.stop()
    with pytest.raises(ValueError, match="workers must be at least 1: 0"):
        enqueuer.start(workers=0)
    enqueuer.start()
    batches = enqueuer.get()
    assert next(batches) == (0, 0)
    enqueuer.stop()
    enqueuer.stop()
    assert not enqueuer.is_running()
    assert list(batches) == []
    enqueuer.start(workers=2, max_queue_size=3)
    assert take(enqueuer, 5)[-1] == (1, 0)
    enqueuer.stop()


def test_the_base_class_says_that_it_reads_nothing(enqueue):
    with pytest.raises(NotImplementedError, match="SequenceEnqueuer"):
        take(enqueue("SequenceEnqueuer", Batches()), 1)


# -------------------------------------------------------------------------- GeneratorEnqueuer


@pytest.mark.parametrize("workers", [1, 4])
def test_a_generator_keeps_its_order_and_ends(enqueue, workers):
    enqueuer = enqueue(
        "GeneratorEnqueuer", iter([0, None, *range(1, 50)]), workers=workers, max_queue_size=4
    )
    assert list(enqueuer.get()) == list(range(50))
    assert list(enqueuer.get()) == []


def test_a_generators_error_comes_after_its_elements(enqueue):
    def generate():
        yield 1
        raise KeyError("missing")

    batches = enqueue("GeneratorEnqueuer", generate()).get()
    assert next(batches) == 1
    with pytest.raises(KeyError, match="missing"):
        next(batches)


def test_each_process_has_a_generator_of_its_own(enqueue):
    enqueuer = enqueue("GeneratorEnqueuer", iter(range(3)), use_multiprocessing=True, workers=1)
    assert list(enqueuer.get()) == [0, 1, 2]


def test_processes_have_random_numbers_of_their_own(enqueue):
    def generate():
        while True:
            yield np.random.rand()

    enqueuer = enqueue("GeneratorEnqueuer", generate(), True, random_seed=3)
    assert take(enqueuer, 3) == np.random.RandomState(3).rand(3).tolist()

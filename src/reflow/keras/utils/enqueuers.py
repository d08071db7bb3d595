"""Workers that prepare batches ahead of the loop that uses them.

A thread of the enqueuer's own submits one task for each batch to a pool of workers, threads or
processes, and keeps the tasks in their order in a queue that ``get()`` reads. What goes wrong in a
worker is raised by ``get()``.
"""

from __future__ import annotations

import collections
import concurrent.futures
import multiprocessing
import operator
import random
import threading
import warnings

import numpy as np

__all__ = ["GeneratorEnqueuer", "OrderedEnqueuer", "SequenceEnqueuer"]

# What a worker process reads from; set there, once, by _adopt.
_adopted = None

_END = "reflow: the generator has ended"


class _Tasks:
    """A bounded queue of futures between the enqueuer's thread and the consumer."""

    def __init__(self, size):
        self._size = size if size > 0 else float("inf")
        self._futures = collections.deque()
        self._changed = threading.Condition()
        self._taken = True  # the consumer has come back for more than the last one it got
        self._open = True

    @property
    def is_open(self):
        return self._open

    def wait_for_room(self):
        """Waits until one more may be put; False if the queue was closed meanwhile."""
        with self._changed:
            self._changed.wait_for(lambda: not self._open or len(self._futures) < self._size)
            return self._open

    def wait_until_empty(self):
        """Waits until all were taken; False if the queue was closed meanwhile."""
        with self._changed:
            self._changed.wait_for(lambda: not self._open or (not self._futures and self._taken))
            return self._open

    def put(self, future):
        with self._changed:
            if self._open:
                self._futures.append(future)
                self._changed.notify_all()
            else:
                future.cancel()

    def get(self):
        """The oldest future, or None once the queue is closed."""
        with self._changed:
            self._changed.wait_for(lambda: not self._open or self._futures)
            if not self._open:
                return None
            self._taken = False
            return self._futures.popleft()

    def done(self):
        """Notes that the result of the future got last is there."""
        with self._changed:
            self._taken = True
            self._changed.notify_all()

    def close(self):
        """Wakes everybody; returns the futures that nobody took."""
        with self._changed:
            self._open = False
            left = list(self._futures)
            self._futures.clear()
            self._changed.notify_all()
        return left


class SequenceEnqueuer:
    """The base of enqueuers: prepares elements ahead, in threads or processes.

        enqueuer = tf.keras.utils.OrderedEnqueuer(sequence)
        enqueuer.start(workers=4)
        batches = enqueuer.get()
        x, y = next(batches)
        enqueuer.stop()

    Worker processes are forked where the system can: they see the program's data without copies,
    need no pickling of the sequence, and return what they read by pickling. They are for code in
    Python and NumPy; tensors belong in the program's own process.

    Args:
      sequence: what is read.
      use_multiprocessing: whether workers are processes rather than threads.
    """

    def __init__(self, sequence, use_multiprocessing=False):
        self.sequence = sequence
        self.use_multiprocessing = use_multiprocessing
        self.workers = 0
        self.run_thread = None
        self._tasks = None

    def is_running(self):
        """Returns whether it was started and not stopped since."""
        return self._tasks is not None and self._tasks.is_open

    def start(self, workers=1, max_queue_size=10):
        """Starts the workers.

        Args:
          workers: how many.
          max_queue_size: how many elements are prepared ahead at most.

        Raises:
          ValueError: if ``workers`` is less than 1.
        """
        if workers < 1:
            raise ValueError(f"{type(self).__name__}.start: workers must be at least 1: {workers}")
        if self.is_running():
            self.stop()
        self.workers = workers
        self._tasks = _Tasks(max_queue_size)
        self.run_thread = threading.Thread(
            target=self._run_to_the_end, args=(self._tasks,), daemon=True
        )
        self.run_thread.start()

    def stop(self, timeout=None):
        """Stops the workers: those at work finish their element, the rest is dropped.

        Args:
          timeout: how many seconds to wait for them; as long as they need by default.
        """
        if self._tasks is None:
            return
        for future in self._tasks.close():
            future.cancel()
        if self.run_thread is not threading.current_thread():
            self.run_thread.join(timeout)

    def get(self):
        """Yields the elements as they come; None is left out.

        Raises:
          Exception: what a worker raised; the enqueuer is stopped then.
        """
        tasks = self._tasks
        while tasks is not None and (future := tasks.get()) is not None:
            try:
                element = future.result()
            except concurrent.futures.CancelledError:
                return
            except BaseException:
                self.stop()
                raise
            tasks.done()
            if isinstance(element, str) and element == _END:
                yield from _left(tasks.close())
                return
            if element is not None:
                yield element

    def _run_to_the_end(self, tasks):
        """The enqueuer's thread; what goes wrong here is raised by ``get()`` too."""
        try:
            self._run(tasks)
        except BaseException as error:  # noqa: BLE001 it is raised where somebody sees it
            failed = concurrent.futures.Future()
            failed.set_exception(error)
            tasks.put(failed)

    def _run(self, tasks):
        """Submits a task for each element; a subclass says in which order."""
        raise NotImplementedError(f"{type(self).__name__} does not say what to read")

    def _executor(self, workers, random_seed=None):
        """A pool of workers that know the sequence."""
        if not self.use_multiprocessing:
            return concurrent.futures.ThreadPoolExecutor(workers)
        context = multiprocessing.get_context(
            "fork" if "fork" in multiprocessing.get_all_start_methods() else None
        )
        # Both warn that a forked process has none of this one's threads; workers need none.
        warnings.filterwarnings(
            "ignore", message=r"os\.fork\(\) was called", category=RuntimeWarning
        )
        warnings.filterwarnings("ignore", message=r".*use of fork\(\)", category=DeprecationWarning)
        number = context.Value("i", 0)
        return concurrent.futures.ProcessPoolExecutor(
            workers, context, initializer=_adopt, initargs=(self.sequence, random_seed, number)
        )

    def __del__(self):
        if self.is_running():
            self.stop()


class OrderedEnqueuer(SequenceEnqueuer):
    """Reads a ``Sequence``, epoch after epoch, in order; see ``SequenceEnqueuer``.

    The sequence's ``on_epoch_end`` is called, in this process, once all of an epoch was taken;
    worker processes are started anew for each epoch and so see what it changed.

    Args:
      sequence: a ``tf.keras.utils.Sequence``.
      use_multiprocessing: whether workers are processes rather than threads.
      shuffle: whether each epoch has an order of its own, drawn from Python's ``random``.
    """

    def __init__(self, sequence, use_multiprocessing=False, shuffle=False):
        super().__init__(sequence, use_multiprocessing)
        self.shuffle = shuffle

    def _run(self, tasks):
        order = list(range(len(self.sequence)))
        while tasks.is_open:
            if self.shuffle:
                random.shuffle(order)
            with self._executor(self.workers) as executor:
                for index in order:
                    if not tasks.wait_for_room():
                        return
                    tasks.put(self._submit(executor, index))
                if not tasks.wait_until_empty():
                    return
            self.sequence.on_epoch_end()

    def _submit(self, executor, index):
        if self.use_multiprocessing:
            return executor.submit(_adopted_item, index)
        return executor.submit(operator.getitem, self.sequence, index)


class GeneratorEnqueuer(SequenceEnqueuer):
    """Reads a generator ahead; see ``SequenceEnqueuer``.

    With threads, one reads, since a generator runs in one thread at a time: the order is kept.
    With processes, each worker has a copy of the generator of its own, so that elements come as
    many times as there are workers; let ``np.random``, seeded differently in each, tell them apart.

    Args:
      sequence: a generator or another iterator.
      use_multiprocessing: whether workers are processes rather than threads.
      random_seed: worker process number k seeds ``np.random`` with ``random_seed + k``; None
        leaves the generators as they are.
    """

    def __init__(self, sequence, use_multiprocessing=False, random_seed=None):
        super().__init__(sequence, use_multiprocessing)
        self.random_seed = random_seed

    def _run(self, tasks):
        workers = self.workers if self.use_multiprocessing else 1
        with self._executor(workers, self.random_seed) as executor:
            while tasks.wait_for_room():
                tasks.put(self._submit(executor))

    def _submit(self, executor):
        if self.use_multiprocessing:
            return executor.submit(_adopted_next)
        return executor.submit(next, self.sequence, _END)


def _left(futures):
    """What other workers have prepared when one finds that its generator has ended."""
    for future in futures:
        if not future.cancel():
            element = future.result()
            if element is not None and not (isinstance(element, str) and element == _END):
                yield element


# --------------------------------------------------------------------- in worker processes


def _adopt(sequence, random_seed, number):
    """Makes a sequence or generator known to this process, and the process's random numbers."""
    global _adopted
    _adopted = sequence
    with number.get_lock():
        mine = number.value
        number.value += 1
    if random_seed is not None:
        np.random.seed(random_seed + mine)


def _adopted_item(index):
    return _adopted[index]


def _adopted_next():
    return next(_adopted, _END)

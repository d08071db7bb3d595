"""The base of the learning rate schedules."""

from __future__ import annotations

__all__ = ["LearningRateSchedule"]


class LearningRateSchedule:
    """A learning rate that depends on the number of steps done.

    Subclasses override ``__call__``, and ``get_config`` if they are to be saved. An optimizer takes
    a schedule wherever it takes a learning rate.
    """

    def __call__(self, step):
        """Returns the learning rate at a step; subclasses override it.

        Args:
          step: the number of steps done, an integer scalar.
        """
        raise NotImplementedError("Learning rate schedule must override __call__")

    def get_config(self):
        """Returns the arguments that make an equal schedule; subclasses override it."""
        raise NotImplementedError("Learning rate schedule must override get_config")

    @classmethod
    def from_config(cls, config):
        """Makes a schedule from the result of ``get_config``."""
        return cls(**config)

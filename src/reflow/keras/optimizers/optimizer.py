"""``tf.keras.optimizers.Optimizer``: what all optimizers do alike.

A new optimizer sets its hyper-parameters in ``__init__``, makes its slots in ``_create_slots`` and
its update in ``_resource_apply_dense`` and ``_resource_apply_sparse``, and has a ``get_config``; a
user's own one does the same, on any ops. ``sgd.py`` shows how little that is.
"""

from __future__ import annotations

import abc
import inspect
from typing import Any

import reflow as tf
from reflow.core import record
from reflow.core.logging import warn
from reflow.core.tensor import Tensor
from reflow.core.variable import UnreadVariable, Variable
from reflow.keras.optimizers._hyperparameters import Hyperparameters
from reflow.keras.optimizers._own_variables import OwnVariables

__all__ = ["Optimizer"]

_OPTIONS = ("clipnorm", "clipvalue", "lr", "decay")


class Optimizer(Hyperparameters, OwnVariables, abc.ABC):
    """Base of all optimizers.

    Args:
      name: the first part of the names of the variables that it makes.
      clipnorm: ``minimize`` scales each gradient down to this L2 norm. (As in TF 2.1,
        ``apply_gradients`` does not clip.)
      clipvalue: ``minimize`` clips the gradients' elements to ``[-clipvalue, clipvalue]``.
      decay: the learning rate is divided by ``1 + decay * iterations``.
      lr: another name for ``learning_rate``.

    Raises:
      TypeError: if there is another keyword.
      ValueError: if one is negative.
    """

    def __init__(self, name, **kwargs):
        for option, value in kwargs.items():
            if option not in _OPTIONS:
                raise TypeError(f"Unexpected keyword argument passed to optimizer: {option}")
            if value < 0:
                raise ValueError(f"Expected {option} >= 0, received: {value}")
        self._name = name
        self._hyper = {}
        self._hypers_created = False
        self._iterations = None
        self._named = {}
        self._weights = []
        self._slots = {}
        self._slot_names = []
        self._places: dict[int, tuple[str, Any]] = {}  # of each variable: device and dtype
        self._dense_arguments = _apply_state_argument(self._resource_apply_dense)
        self._sparse_arguments = _apply_state_argument(self._resource_apply_sparse)
        self._initial_decay = kwargs.pop("decay", 0.0)
        self.__dict__.update(
            (key, kwargs[key]) for key in ("clipnorm", "clipvalue") if key in kwargs
        )

    # ---- minimizing

    def minimize(self, loss, var_list, grad_loss=None, name=None):
        """Computes the gradients of a loss and applies them.

        Args:
          loss: a function of no arguments that returns the loss.
          var_list: the variables to change, or a function that returns them, which is called after
            ``loss`` and may give variables made there.
          grad_loss: the gradient to start from; ones by default.
          name: unused in eager code.

        Returns:
          The variable ``iterations``.

        Raises:
          TypeError: if ``loss`` is no function.
          ValueError: if no variable has a gradient.
        """
        return self.apply_gradients(self._compute_gradients(loss, var_list, grad_loss), name=name)

    def _compute_gradients(self, loss, var_list, grad_loss=None):
        """The first half of ``minimize``: pairs of gradient and variable."""
        if not callable(loss):
            raise TypeError(
                f"'{type(loss).__name__}' object is not callable: `loss` must be a function "
                "without arguments that computes the loss, such as `lambda: tf.reduce_sum(v ** 2)`"
            )
        with tf.GradientTape() as tape:
            if not callable(var_list):
                tape.watch(var_list)
            value = loss()
        variables = tf.nest.flatten(var_list() if callable(var_list) else var_list)
        grads = self._clipped(tape.gradient(value, variables, grad_loss))
        pairs = list(zip(grads, variables, strict=True))
        self._assert_valid_dtypes([var for grad, var in pairs if grad is not None])
        return pairs

    def get_gradients(self, loss, params):
        """The gradients of a loss, inside a ``tf.function``.

        Args:
          loss: a tensor that the function has computed.
          params: a list of variables.

        Returns:
          A list of tensors.

        Raises:
          ValueError: if there is none for a variable, as for all in eager code.
        """
        traced = record.state.segment.capture is not None
        grads = tf.gradients(loss, params) if traced else [None for _ in params]
        for grad, param in zip(grads, params, strict=True):
            if grad is None:
                hint = "" if traced else " In eager code, use tf.GradientTape or `minimize`."
                raise ValueError(
                    f"Variable {_described(param)} has `None` for gradient. Please make sure that "
                    "all of your ops have a gradient defined (i.e. are differentiable). Common "
                    f"ops without gradient: K.argmax, K.round, K.eval.{hint}"
                )
        return self._clipped(grads)

    def get_updates(self, loss, params):
        """Applies the gradients of a loss, inside a ``tf.function``; returns a list."""
        grads = self.get_gradients(loss, params)
        self._assert_valid_dtypes(params)
        return [self.apply_gradients(zip(grads, params, strict=True))]

    def _clipped(self, grads):
        """Gradients after clipping by norm, then by value."""
        norm, limit = self.__dict__.get("clipnorm"), self.__dict__.get("clipvalue")
        if norm is not None:
            grads = [g if g is None else tf.clip_by_norm(g, norm) for g in grads]
        if limit is not None:
            grads = [g if g is None else tf.clip_by_value(g, -limit, limit) for g in grads]
        return grads

    def apply_gradients(self, grads_and_vars, name=None):
        """Changes variables by one step along their gradients.

        Args:
          grads_and_vars: pairs of a gradient (a tensor, ``tf.IndexedSlices`` or None) and a
            variable. Those with None are left out, with a warning.
          name: unused in eager code.

        Returns:
          The variable ``iterations``, which counts the calls; None if there are no pairs.

        Raises:
          ValueError: if all gradients are None.
          NotImplementedError: if something to change is no variable.
          RuntimeError: if a variable with a constraint has a sparse gradient.
        """
        pairs = tuple(grads_and_vars)
        if not pairs:
            return None
        if any(grad is None for grad, _ in pairs):
            pairs = _with_gradients(pairs)
        variables = [var for _, var in pairs]
        for var in variables:
            if not isinstance(var, Variable):
                raise NotImplementedError("Trying to update a Tensor ", var)
        self._make_ready(variables)
        state = self._prepare(variables)
        for grad, var in pairs:
            self._apply_gradient(grad, var, state)
        iterations = self._iterations
        iterations._set(tf.add(iterations._current(), 1))
        return UnreadVariable(iterations)

    def _make_ready(self, variables):
        """Makes the optimizer's own variables, where these variables are new to it."""
        if self._hypers_created and all(var._number in self._places for var in variables):
            return
        # Outside of a function that is being traced, as these variables outlive it.
        with tf.name_scope(self._name or "Optimizer"), tf.init_scope():
            _ = self.iterations
            if not self._hypers_created:
                self._create_hypers()
            if self._restored_early:
                self._list_in_order(variables)
            else:
                self._create_slots(variables)
            self._places.update((v._number, (v.device, v.dtype.base_dtype)) for v in variables)

    def _apply_gradient(self, grad, var, state):
        if grad.__class__ is Tensor or not isinstance(grad, tf.IndexedSlices):
            arguments = {"apply_state": state} if self._dense_arguments else {}
            self._resource_apply_dense(grad, var, **arguments)
            if var.constraint is not None:
                var.assign(var.constraint(var))
            return
        if var.constraint is not None:
            raise RuntimeError("Cannot use a constraint function on a sparse variable.")
        arguments = {"apply_state": state} if self._sparse_arguments else {}
        self._resource_apply_sparse_duplicate_indices(grad.values, var, grad.indices, **arguments)

    # ---- what an optimizer defines

    def _create_slots(self, var_list):
        """Makes the slots of variables; may be called again for variables that have them."""

    def _prepare(self, var_list):
        """What updates of these variables share: a dict of numbers per device and dtype."""
        state: dict[tuple[str, Any], dict[str, Any]] = {}
        for place in {self._places[var._number] for var in var_list}:
            state[place] = {}
            self._prepare_local(*place, state)
        return state

    def _prepare_local(self, var_device, var_dtype, apply_state):
        """Fills in the numbers for one device and dtype."""
        if "learning_rate" in self._hyper:
            apply_state[var_device, var_dtype]["lr_t"] = self._decayed_lr(var_dtype)

    def _fallback_apply_state(self, var_device, var_dtype):
        """These numbers where an update is called without them."""
        state = {(var_device, var_dtype): {}}
        self._prepare_local(var_device, var_dtype, state)
        return state[var_device, var_dtype]

    def _coefficients(self, var, apply_state):
        """The numbers for a variable."""
        place = self._places.get(var._number) or (var.device, var.dtype.base_dtype)
        return (apply_state or {}).get(place) or self._fallback_apply_state(*place)

    def _update(self, update, var, slots, *inputs, **static):
        """Applies an update op to a variable and its slots of these names."""
        kept = self._slots[var._number] if slots else {}
        changed = [var, *[kept[name] for name in slots]]
        after = update(*[v._current() for v in changed], *inputs, **static)
        for v, tensor in zip(changed, after if slots else (after,), strict=True):
            v._set(tensor)

    def _resource_apply_dense(self, grad, handle, apply_state=None):
        """Updates the variable ``handle`` and its slots by a gradient of the same shape."""
        raise NotImplementedError

    def _resource_apply_sparse(self, grad, handle, indices, apply_state=None):
        """The same by a gradient of some rows, each index once."""
        raise NotImplementedError

    def _resource_apply_sparse_duplicate_indices(self, grad, handle, indices, **kwargs):
        """The same where indices may come more than once: sums the gradients of each."""
        if not getattr(self._resource_apply_sparse, "takes_duplicates", False):
            indices, group = tf.unique(indices)
            grad = tf.math.unsorted_segment_sum(grad, group, tf.shape(indices)[0])
        return self._resource_apply_sparse(grad, handle, indices, **kwargs)

    def _valid_dtypes(self):
        """The dtypes that variables may have."""
        return {tf.float16, tf.bfloat16, tf.float32, tf.float64, tf.complex64, tf.complex128}

    def _assert_valid_dtypes(self, tensors):
        valid = self._valid_dtypes()
        for tensor in tensors:
            if tensor.dtype.base_dtype not in valid:
                names = ", ".join(sorted(repr(dtype) for dtype in valid))
                raise ValueError(
                    f"Invalid type {tensor.dtype.base_dtype!r} for {tensor.name}, expected: "
                    f"[{names}]."
                )

    # ---- configs

    @abc.abstractmethod
    def get_config(self):
        """The arguments that make an equal optimizer (without its state), as a dict."""
        config = {"name": self._name}
        for option in ("clipnorm", "clipvalue"):
            if option in self.__dict__:
                config[option] = self.__dict__[option]
        return config

    @classmethod
    def from_config(cls, config, custom_objects=None):
        """Makes an optimizer from the result of ``get_config``.

        Args:
          config: a dict; its ``lr`` becomes ``learning_rate``, a schedule's dict the schedule.
          custom_objects: names of the user's own schedules.
        """
        if "lr" in config:
            config["learning_rate"] = config.pop("lr")
        if isinstance(config.get("learning_rate"), dict):
            config["learning_rate"] = tf.keras.optimizers.schedules.deserialize(
                config["learning_rate"], custom_objects=custom_objects
            )
        return cls(**config)


def _apply_state_argument(method: Any) -> bool:
    """Whether an update takes the numbers that ``_prepare`` made."""
    return "apply_state" in inspect.signature(method).parameters


def _with_gradients(pairs: Any) -> Any:
    """The pairs that have a gradient; warns of the others."""
    found = tuple([pair for pair in pairs if pair[0] is not None])
    missing = [var.name for grad, var in pairs if grad is None]
    if not found:
        raise ValueError(f"No gradients provided for any variable: {missing}.")
    warn(f"Gradients do not exist for variables {missing} when minimizing the loss.")
    return found


def _described(var: Any) -> str:
    return f"<tf.Variable '{var.name}' shape={var.shape} dtype={var.dtype.name}>"

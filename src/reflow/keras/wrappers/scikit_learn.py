"""``tf.keras.wrappers.scikit_learn``: Keras models as scikit-learn's estimators."""

from __future__ import annotations

import inspect
import types

import numpy as np

import reflow as tf
from reflow._namespace import lazy_names

__all__ = ["KerasClassifier", "KerasRegressor"]

_METHODS = ("fit", "predict", "predict_classes", "evaluate")


class _Wrapper:
    """What both estimators do: keep parameters, and make and train a model with them.

    Args:
      build_fn: a function that returns a compiled model; an object that can be called; or None in
        a subclass that has ``__call__``.
      **sk_params: arguments of ``build_fn``, and of the model's ``fit``, ``predict``,
        ``predict_classes`` and ``evaluate``.

    Raises:
      ValueError: if neither takes a parameter.
    """

    def __init__(self, build_fn=None, **sk_params):
        self.build_fn = build_fn
        self.sk_params = sk_params
        self.check_params(sk_params)

    def _builder(self):
        """The function that makes the model, without ``self`` among its parameters."""
        if self.build_fn is None:
            return self.__call__
        if not isinstance(self.build_fn, (types.FunctionType, types.MethodType)):
            return self.build_fn.__call__
        return self.build_fn

    def check_params(self, params):
        """Checks that every parameter belongs to the model's methods or to ``build_fn``.

        Args:
          params: a dict.

        Raises:
          ValueError: if one does not.
        """
        takers = [getattr(tf.keras.Sequential, name) for name in _METHODS]
        takers.append(self._builder())
        known = {name for taker in takers for name in inspect.signature(taker).parameters}
        for name in params:
            if name not in known and name != "nb_epoch":
                raise ValueError(f"{name} is not a legal parameter")

    def get_params(self, **params):
        """The parameters, with ``build_fn``, as a dict."""
        return {**self.sk_params, "build_fn": self.build_fn}

    def set_params(self, **params):
        """Changes parameters; returns the estimator."""
        self.check_params({name: x for name, x in params.items() if name != "build_fn"})
        params = dict(params)
        if "build_fn" in params:
            self.build_fn = params.pop("build_fn")
        self.sk_params.update(params)
        return self

    def fit(self, x, y, **kwargs):
        """Makes a new model and trains it.

        Args:
          x: samples.
          y: targets.
          **kwargs: of the model's ``fit``, instead of the estimator's parameters.

        Returns:
          The ``History`` of the training, as in TF 2.1.
        """
        builder = self._builder()
        self.model = builder(**self.filter_sk_params(builder))
        loss = getattr(self.model.loss, "__name__", self.model.loss)
        if loss == "categorical_crossentropy" and len(y.shape) != 2:
            y = tf.keras.utils.to_categorical(y)
        arguments = {**self.filter_sk_params(tf.keras.Sequential.fit), **kwargs}
        return self.model.fit(x, y, **arguments)

    def filter_sk_params(self, fn, override=None):
        """The parameters that a function takes.

        Args:
          fn: the function.
          override: a dict of values to use instead.
        """
        known = inspect.signature(fn).parameters
        found = {name: value for name, value in self.sk_params.items() if name in known}
        return {**found, **(override or {})}

    def __sklearn_tags__(self):
        # Neither classifier nor regressor, as for the scikit-learn of 2020, so folds come in order.
        from sklearn.utils import InputTags, Tags, TargetTags

        return Tags(
            estimator_type=None, target_tags=TargetTags(required=True), input_tags=InputTags()
        )

    def __sklearn_is_fitted__(self):
        return hasattr(self, "model")


class KerasClassifier(_Wrapper):
    """A Keras model as a classifier of scikit-learn.

    Args:
      build_fn, **sk_params: a function that returns a compiled model, and parameters for it and
        for the model's ``fit``, ``predict`` and ``evaluate``; ``GridSearchCV`` can search them.
    """

    def fit(self, x, y, **kwargs):
        """Makes a new model and trains it.

        Args:
          x: samples.
          y: labels of any type, ``(n,)`` or ``(n, 1)``; or one-hot rows.
          **kwargs: of the model's ``fit``.

        Returns:
          The ``History`` of the training.

        Raises:
          ValueError: if ``y`` has another shape.
        """
        y = np.array(y)
        if len(y.shape) == 2 and y.shape[1] > 1:
            self.classes_ = np.arange(y.shape[1])
        elif (len(y.shape) == 2 and y.shape[1] == 1) or len(y.shape) == 1:
            self.classes_ = np.unique(y)
            y = np.searchsorted(self.classes_, y)
        else:
            raise ValueError("Invalid shape for y: " + str(y.shape))
        self.n_classes_ = len(self.classes_)
        return super().fit(x, y, **kwargs)

    def predict(self, x, **kwargs):
        """The labels predicted."""
        arguments = self.filter_sk_params(tf.keras.Sequential.predict_classes, kwargs)
        return self.classes_[self.model.predict_classes(x, **arguments)]

    def predict_proba(self, x, **kwargs):
        """The probabilities of the classes ``(n, classes)``, also if the model gives one of two."""
        arguments = self.filter_sk_params(tf.keras.Sequential.predict_classes, kwargs)
        found = self.model.predict(x, **arguments)
        return np.hstack([1 - found, found]) if found.shape[1] == 1 else found

    def score(self, x, y, **kwargs):
        """The accuracy of predictions for samples with known labels.

        Raises:
          ValueError: if the model was not compiled with ``metrics=["accuracy"]``.
        """
        y = np.searchsorted(self.classes_, y)
        arguments = self.filter_sk_params(tf.keras.Sequential.evaluate, kwargs)
        loss = getattr(self.model.loss, "__name__", self.model.loss)
        if loss == "categorical_crossentropy" and len(y.shape) != 2:
            y = tf.keras.utils.to_categorical(y)
        outputs = self.model.evaluate(x, y, **arguments)
        outputs = outputs if isinstance(outputs, list) else [outputs]
        for name, output in zip(self.model.metrics_names, outputs, strict=True):
            if name in ("accuracy", "acc"):
                return output
        raise ValueError(
            "The model is not configured to compute accuracy. You should pass "
            '`metrics=["accuracy"]` to the `model.compile()` method.'
        )


class KerasRegressor(_Wrapper):
    """A Keras model as a regressor of scikit-learn.

    Args:
      build_fn, **sk_params: a function that returns a compiled model, and parameters for it and
        for the model's ``fit``, ``predict`` and ``evaluate``; ``GridSearchCV`` can search them.
    """

    def predict(self, x, **kwargs):
        """The predictions, without axes of length 1."""
        arguments = self.filter_sk_params(tf.keras.Sequential.predict, kwargs)
        return np.squeeze(self.model.predict(x, **arguments))

    def score(self, x, y, **kwargs):
        """The loss with its sign changed, so that more is better."""
        arguments = self.filter_sk_params(tf.keras.Sequential.evaluate, kwargs)
        loss = self.model.evaluate(x, y, **arguments)
        return -(loss[0] if isinstance(loss, list) else loss)


__getattr__, __dir__ = lazy_names(__name__)

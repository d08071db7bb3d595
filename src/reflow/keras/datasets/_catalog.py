"""All data sets: which are here, fetched, or what they should be; for ``reflow datasets``."""

from __future__ import annotations

import importlib
import os
from dataclasses import dataclass

from reflow.keras.utils.downloads import keras_home

ABOUT = {
    "boston_housing": "prices of 506 districts' houses, 13 attributes",
    "cifar10": "colour pictures, 32 x 32, 10 classes",
    "cifar100": "colour pictures, 32 x 32, 100 classes",
    "fashion_mnist": "pictures of clothing, 28 x 28, 10 classes",
    "imdb": "film reviews, good or bad",
    "mnist": "handwritten digits, 28 x 28",
    "reuters": "news, 46 topics",
}


@dataclass(frozen=True)
class Report:
    """What is known of a data set.

    Attributes:
      name: the data set's.
      state: ``"here"``, ``"missing"``, ``"ok"`` or ``"broken"``.
      text: more of it.
    """

    name: str
    state: str
    text: str


def cache():
    """The folder of the data sets."""
    return os.path.join(keras_home(), "datasets")


def listing(names):
    """Reports for each data set whether it is here."""
    for name in names:
        here = all(source.is_here() for source in _module(name).SOURCES)
        yield Report(name, "here" if here else "missing", ABOUT[name])


def fetch(names):
    """Fetches what is missing of each data set; reports where it is, or why it is not."""
    for name in names:
        try:
            paths = [source.fetch() for source in _module(name).SOURCES]
        except (OSError, ValueError) as error:
            yield Report(name, "missing", str(error))
        else:
            yield Report(name, "here", ", ".join(paths))


def check(names):
    """Loads each data set that is here; reports what it holds, or what is wrong with it."""
    for name in names:
        module = _module(name)
        sources = module.SOURCES
        if not all(source.is_here() for source in sources):
            yield Report(name, "missing", "")
            continue
        try:
            (x_train, _), (x_test, _) = module.load_data()
            if hasattr(module, "get_word_index"):
                module.get_word_index()
        except (OSError, ValueError) as error:
            yield Report(name, "broken", str(error))
            continue
        text = f"{len(x_train)} to train, {len(x_test)} to test"
        if any(source.is_original() is False for source in sources):
            text += "; not the original, used as it is"
        yield Report(name, "ok", text)


def _module(name):
    return importlib.import_module(f"reflow.keras.datasets.{name}")

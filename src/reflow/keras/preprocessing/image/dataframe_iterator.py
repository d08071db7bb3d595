"""Batches of changed pictures that a pandas table lists."""

from __future__ import annotations

import os
import warnings
from collections import OrderedDict

import numpy as np

from reflow.keras.backend.configuration import floatx
from reflow.keras.preprocessing.image.batch_from_files import BatchFromFilesMixin
from reflow.keras.preprocessing.image.iterator import Iterator

_WITH_CLASSES = ("categorical", "binary", "sparse")


class DataFrameIterator(BatchFromFilesMixin, Iterator):
    """Gives batches of the pictures in a table, each changed as a generator says.

    Args:
      dataframe: a pandas ``DataFrame``.
      directory: the folder that file names start from; None if they are whole paths.
      image_data_generator: an ``ImageDataGenerator``.
      x_col: the column with the file names.
      y_col: the column with the labels, or a list of columns.
      weight_col: the column with the samples' weights, or None.
      target_size: ``(height, width)`` that pictures are resized to.
      color_mode: ``"rgb"``, ``"rgba"`` or ``"grayscale"``.
      classes: the classes to keep; all by default.
      class_mode: the labels: ``"categorical"`` (one-hot; several classes in a list are several
        ones), ``"binary"`` or ``"sparse"`` (numbers), ``"raw"`` (the columns' values),
        ``"multi_output"`` (a list of them), ``"input"`` (the pictures themselves), or None.
      batch_size: samples in a batch.
      shuffle: whether the order is random.
      seed: see ``Iterator``.
      data_format: ``"channels_last"`` or ``"channels_first"``; the backend's by default.
      save_to_dir: a folder to write every picture to, for a look.
      save_prefix, save_format: of those files' names.
      subset: ``"training"`` or ``"validation"``: a part, by the generator's validation_split.
      interpolation: how to resize, see ``load_img``.
      dtype: the batches' type; ``floatx`` by default.
      validate_filenames: whether to leave out files that are not there.

    Raises:
      ValueError, TypeError: if an argument or a column does not fit.
    """

    allowed_class_modes = {  # noqa: RUF012 - TF's name and type
        "binary",
        "categorical",
        "input",
        "multi_output",
        "raw",
        "sparse",
        None,
    }

    def __init__(
        self,
        dataframe,
        directory=None,
        image_data_generator=None,
        x_col="filename",
        y_col="class",
        weight_col=None,
        target_size=(256, 256),
        color_mode="rgb",
        classes=None,
        class_mode="categorical",
        batch_size=32,
        shuffle=True,
        seed=None,
        data_format="channels_last",
        save_to_dir=None,
        save_prefix="",
        save_format="png",
        subset=None,
        interpolation="nearest",
        dtype="float32",
        validate_filenames=True,
    ):
        self.set_processing_attrs(
            image_data_generator,
            target_size,
            color_mode,
            data_format,
            save_to_dir,
            save_prefix,
            save_format,
            subset,
            interpolation,
        )
        table = dataframe.copy()
        self.directory = directory or ""
        self.class_mode = class_mode
        self.dtype = dtype or floatx()
        self._check(table, x_col, y_col, weight_col, classes)
        if validate_filenames:
            table = self._with_files(table, x_col)
        if class_mode in _WITH_CLASSES:
            table, classes = _with_classes(table, y_col, classes)
            self.class_indices = dict(zip(classes, range(len(classes)), strict=True))
        if self.split:
            start, stop = (int(part * len(table)) for part in self.split)
            table = table.iloc[start:stop]
        if class_mode in _WITH_CLASSES:
            self.classes = self._numbers(table[y_col])
        self.filenames = table[x_col].tolist()
        self._sample_weight = table[weight_col].values if weight_col else None
        if class_mode == "multi_output":
            self._targets = [np.array(table[column].tolist()) for column in y_col]
        if class_mode == "raw":
            self._targets = table[y_col].values
        self.samples = len(self.filenames)
        kind = "validated" if validate_filenames else "non-validated"
        message = f"Found {self.samples} {kind} image filenames"
        if class_mode in _WITH_CLASSES:
            message += f" belonging to {len(self.class_indices)} classes"
        print(message + ".")  # noqa: T201 - Keras says so, and notebooks show it
        self._filepaths = [os.path.join(self.directory, name) for name in self.filenames]
        super().__init__(self.samples, batch_size, shuffle, seed)

    def _check(self, table, x_col, y_col, weight_col, classes):
        from pandas.api.types import is_numeric_dtype

        mode = self.class_mode
        if mode not in self.allowed_class_modes:
            raise ValueError(
                f"Invalid class_mode: {mode}; expected one of: {self.allowed_class_modes}"
            )
        if mode == "multi_output" and not isinstance(y_col, (list, tuple)):
            raise TypeError(
                f'If class_mode="{mode}", y_col must be a list. Received {type(y_col).__name__}.'
            )
        if not _all_are(table[x_col], str):
            raise TypeError(f"All values in column x_col={x_col} must be strings.")
        if mode in ("binary", "sparse") and not _all_are(table[y_col], str):
            raise TypeError(
                f'If class_mode="{mode}", y_col="{y_col}" column values must be strings.'
            )
        if mode == "binary":
            _check_binary(table[y_col], classes)
        if mode == "categorical" and not _all_are(table[y_col], (str, list, tuple)):
            raise TypeError(
                f'If class_mode="{mode}", y_col="{y_col}" column values must be type string, '
                "list or tuple."
            )
        if classes and mode in ("input", "multi_output", "raw", None):
            warnings.warn(f'`classes` will be ignored given the class_mode="{mode}"', stacklevel=4)
        if weight_col and not is_numeric_dtype(table[weight_col].dtype):
            raise TypeError(f"Column weight_col={weight_col} must be numeric.")

    def _with_files(self, table, x_col):
        """The rows whose file is there and a picture, by its name."""
        there = np.array([self._is_picture(name) for name in table[x_col]], dtype=bool)
        missing = int((~there).sum())
        if missing:
            warnings.warn(
                f'Found {missing} invalid image filename(s) in x_col="{x_col}". These filename(s) '
                "will be ignored.",
                stacklevel=4,
            )
        return table[there]

    def _is_picture(self, name):
        path = os.path.join(self.directory, name)
        return path.lower().endswith(tuple("." + f for f in self.white_list_formats)) and (
            os.path.isfile(path)
        )

    def _numbers(self, labels):
        """The labels as numbers of classes, or lists of such."""
        return [
            [self.class_indices[one] for one in label]
            if isinstance(label, (list, tuple))
            else self.class_indices[label]
            for label in labels
        ]

    @property
    def filepaths(self):
        """The files' full names."""
        return self._filepaths

    @property
    def labels(self):
        """The numbers of the files' classes, or the values of the label columns."""
        return self._targets if self.class_mode in ("multi_output", "raw") else self.classes

    @property
    def sample_weight(self):
        """The samples' weights, or None."""
        return self._sample_weight


def _all_are(column, kinds):
    return all(isinstance(value, kinds) for value in column)


def _check_binary(labels, classes):
    if classes:
        if len(set(classes)) != 2:
            raise ValueError(
                'If class_mode="binary" there must be 2 classes. '
                f"{len(set(classes))} class/es were given."
            )
    elif labels.nunique() != 2:
        raise ValueError(
            f'If class_mode="binary" there must be 2 classes. Found {labels.nunique()} classes.'
        )


def _with_classes(table, y_col, classes):
    """The rows of the classes wanted, and these classes sorted."""
    table = table.copy()
    if classes:
        wanted = set(classes)

        def kept(label):
            if isinstance(label, (list, tuple)):
                return [one for one in label if one in wanted] or None
            return label if label in wanted else None

        labels = [kept(label) for label in table[y_col]]
        stays = np.array([label is not None for label in labels], dtype=bool)
        table = table[stays].copy()
        table[y_col] = [label for label in labels if label is not None]
        return table, sorted(wanted)
    found = OrderedDict()
    for label in table[y_col]:
        for one in label if isinstance(label, (list, tuple)) else [label]:
            found[one] = None
    return table, sorted(found)

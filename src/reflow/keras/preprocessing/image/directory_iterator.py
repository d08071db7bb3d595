"""Batches of changed pictures from a folder with a folder for each class."""

from __future__ import annotations

import os
import warnings

import numpy as np

from reflow.keras.backend.configuration import floatx
from reflow.keras.preprocessing.image.batch_from_files import BatchFromFilesMixin
from reflow.keras.preprocessing.image.iterator import Iterator

__all__ = ["DirectoryIterator"]


class DirectoryIterator(BatchFromFilesMixin, Iterator):
    """Gives batches of the pictures in a folder, each changed as a generator says.

    Args:
      directory: a folder; each folder in it is a class, with the pictures at any depth.
      image_data_generator: an ``ImageDataGenerator``.
      target_size: ``(height, width)`` that pictures are resized to.
      color_mode: ``"rgb"``, ``"rgba"`` or ``"grayscale"``.
      classes: the names of the classes' folders; all, sorted, by default.
      class_mode: the labels: ``"categorical"`` (one-hot), ``"binary"`` or ``"sparse"`` (numbers),
        ``"input"`` (the pictures themselves), or None.
      batch_size: samples in a batch.
      shuffle: whether the order is random.
      seed: see ``Iterator``.
      data_format: ``"channels_last"`` or ``"channels_first"``; the backend's by default.
      save_to_dir: a folder to write every picture to, for a look.
      save_prefix, save_format: of those files' names.
      follow_links: whether to follow symbolic links to folders.
      subset: ``"training"`` or ``"validation"``: a part of each class, by the generator's
        validation_split.
      interpolation: how to resize, see ``load_img``.
      dtype: the batches' type; ``floatx`` by default.

    Raises:
      ValueError: if ``color_mode``, ``class_mode`` or ``subset`` is another name.
      OSError: if the folder is not there.
    """

    allowed_class_modes = {"categorical", "binary", "sparse", "input", None}  # noqa: RUF012 - TF's

    def __init__(
        self,
        directory,
        image_data_generator,
        target_size=(256, 256),
        color_mode="rgb",
        classes=None,
        class_mode="categorical",
        batch_size=32,
        shuffle=True,
        seed=None,
        data_format=None,
        save_to_dir=None,
        save_prefix="",
        save_format="png",
        follow_links=False,
        subset=None,
        interpolation="nearest",
        dtype=None,
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
        self.directory = directory
        self.classes = classes
        if class_mode not in self.allowed_class_modes:
            raise ValueError(
                f"Invalid class_mode: {class_mode}; expected one of: {self.allowed_class_modes}"
            )
        self.class_mode = class_mode
        self.dtype = dtype or floatx()
        if not classes:
            inside = sorted(os.listdir(directory))
            classes = [name for name in inside if os.path.isdir(os.path.join(directory, name))]
        self.num_classes = len(classes)
        self.class_indices = dict(zip(classes, range(len(classes)), strict=True))
        self.filenames = []
        numbers = []
        for name in classes:
            found = self._files_of(os.path.join(directory, name), follow_links)
            self.filenames += found
            numbers += [self.class_indices[name]] * len(found)
        self.samples = len(self.filenames)
        self.classes = np.array(numbers, dtype="int32")
        # Keras says so, and notebooks show it.
        print(f"Found {self.samples} images belonging to {self.num_classes} classes.")  # noqa: T201
        self._filepaths = [os.path.join(self.directory, name) for name in self.filenames]
        super().__init__(self.samples, batch_size, shuffle, seed)

    def _files_of(self, folder, follow_links):
        """The pictures of a class, named from the directory on; the subset's part of them."""
        found = list(_pictures(folder, self.white_list_formats, follow_links))
        if self.split:
            start, stop = (int(part * len(found)) for part in self.split)
            found = found[start:stop]
        # A class may be named by a path; its files are named by the last part.
        above = os.path.basename(folder)
        return [os.path.join(above, os.path.relpath(path, folder)) for path in found]

    @property
    def filepaths(self):
        """The files' full names."""
        return self._filepaths

    @property
    def labels(self):
        """The numbers of the files' classes."""
        return self.classes

    @property
    def sample_weight(self):
        """None: files have no weights."""
        return None


def _pictures(folder, formats, follow_links):
    """Yields the pictures in a folder and below, in the order of their folders and names."""
    for root, _, files in sorted(os.walk(folder, followlinks=follow_links), key=lambda w: w[0]):
        for name in sorted(files):
            ending = name.lower().rpartition(".")[2]
            if ending == "tiff":
                warnings.warn(
                    'Using ".tiff" files with multiple bands will cause distortion. Please verify '
                    "your output.",
                    stacklevel=5,
                )
            if ending in formats and "." in name:
                yield os.path.join(root, name)

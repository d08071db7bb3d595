"""What batches of pictures from files have in common."""

from __future__ import annotations

import os

import numpy as np

from reflow.keras.backend.configuration import image_data_format
from reflow.keras.preprocessing.image.conversion import array_to_img, img_to_array, load_img

_CHANNELS = {"rgb": 3, "rgba": 4, "grayscale": 1}


class BatchFromFilesMixin:
    """Reads the pictures of a batch from files.

    The class it is mixed into has ``filepaths``, ``labels``, ``sample_weight``, ``class_mode``,
    ``class_indices`` and ``dtype``.
    """

    def set_processing_attrs(
        self,
        image_data_generator,
        target_size,
        color_mode,
        data_format,
        save_to_dir,
        save_prefix,
        save_format,
        subset,
        interpolation,
    ):
        """Sets how pictures are read and changed.

        Args:
          image_data_generator: an ``ImageDataGenerator``.
          target_size: ``(height, width)`` of all.
          color_mode: ``"rgb"``, ``"rgba"`` or ``"grayscale"``.
          data_format: ``"channels_last"`` or ``"channels_first"``.
          save_to_dir: a folder to write every picture to, or None.
          save_prefix, save_format: of those files' names.
          subset: ``"training"``, ``"validation"`` or None.
          interpolation: how to resize, see ``load_img``.

        Raises:
          ValueError: if ``color_mode`` or ``subset`` is another name.
        """
        self.image_data_generator = image_data_generator
        self.target_size = tuple(target_size)
        if color_mode not in _CHANNELS:
            raise ValueError(
                "Invalid color mode:", color_mode, '; expected "rgb", "rgba", or "grayscale".'
            )
        self.color_mode = color_mode
        self.data_format = image_data_format() if data_format is None else data_format
        channels = (_CHANNELS[color_mode],)
        last = self.data_format == "channels_last"
        self.image_shape = self.target_size + channels if last else channels + self.target_size
        self.save_to_dir = save_to_dir
        self.save_prefix = save_prefix
        self.save_format = save_format
        self.interpolation = interpolation
        self.split = None
        if subset is not None:
            fraction = image_data_generator._validation_split
            parts = {"validation": (0, fraction), "training": (fraction, 1)}
            if subset not in parts:
                raise ValueError(
                    f'Invalid subset name: {subset};expected "training" or "validation"'
                )
            self.split = parts[subset]
        self.subset = subset

    def _get_batches_of_transformed_samples(self, index_array):
        batch = np.zeros((len(index_array), *self.image_shape), dtype=self.dtype)
        paths = self.filepaths
        for i, j in enumerate(index_array):
            batch[i] = self._picture(paths[j])
        if self.save_to_dir:
            for i, j in enumerate(index_array):
                image = array_to_img(batch[i], self.data_format, scale=True)
                name = f"{self.save_prefix}_{j}_{np.random.randint(10**7)}.{self.save_format}"
                image.save(os.path.join(self.save_to_dir, name))
        if self.class_mode is None:
            return batch
        targets = self._targets_of(index_array, batch)
        if self.sample_weight is None:
            return batch, targets
        return batch, targets, self.sample_weight[index_array]

    def _picture(self, path):
        """One picture, read and changed."""
        image = load_img(
            path,
            color_mode=self.color_mode,
            target_size=self.target_size,
            interpolation=self.interpolation,
        )
        x = img_to_array(image, data_format=self.data_format)
        image.close()
        generator = self.image_data_generator
        if generator is None:
            return x
        change = generator.get_random_transform(x.shape)
        return generator.standardize(generator.apply_transform(x, change))

    def _targets_of(self, index_array, batch):
        """The batch's labels, as ``class_mode`` wants them."""
        if self.class_mode == "input":
            return batch.copy()
        if self.class_mode == "multi_output":
            return [output[index_array] for output in self.labels]
        if self.class_mode == "raw":
            return self.labels[index_array]
        if self.class_mode in ("binary", "sparse"):
            return np.array([self.classes[j] for j in index_array], dtype=self.dtype)
        targets = np.zeros((len(batch), len(self.class_indices)), dtype=self.dtype)
        for i, j in enumerate(index_array):
            targets[i, self.classes[j]] = 1.0  # a class, or a list of several
        return targets

"""``ImageDataGenerator``: random changes of pictures, and their standardization."""

from __future__ import annotations

import warnings

import numpy as np

from reflow.keras.backend.configuration import floatx, image_data_format
from reflow.keras.preprocessing.image.affine import apply_affine_transform, drawn_zoom
from reflow.keras.preprocessing.image.channels import apply_brightness_shift, apply_channel_shift
from reflow.keras.preprocessing.image.dataframe_iterator import DataFrameIterator
from reflow.keras.preprocessing.image.directory_iterator import DirectoryIterator
from reflow.keras.preprocessing.image.numpy_array_iterator import NumpyArrayIterator

__all__ = ["ImageDataGenerator"]


class ImageDataGenerator:
    """Makes batches of pictures, changed at random, for training without end.

    Args:
      featurewise_center: subtract the data set's mean of each channel; see ``fit``.
      samplewise_center: subtract each picture's own mean.
      featurewise_std_normalization: divide by the data set's standard deviation.
      samplewise_std_normalization: divide by each picture's own standard deviation.
      zca_whitening: remove the correlations between pixels.
      zca_epsilon: a small number for that.
      rotation_range: the largest rotation, in degrees.
      width_shift_range, height_shift_range: a float: the largest shift, as a part of the side if
        less than 1, else in pixels; an int n: whole pixels less than n; a list: what to choose
        from, with either sign.
      brightness_range: the smallest and largest factor, or None.
      shear_range: the largest shear, in degrees.
      zoom_range: the smallest and largest zoom, or a float z for ``[1 - z, 1 + z]``.
      channel_shift_range: the largest number to add to all channels.
      fill_mode: ``"nearest"``, ``"constant"``, ``"reflect"`` or ``"wrap"``: what stands outside.
      cval: the constant for ``"constant"``.
      horizontal_flip, vertical_flip: whether to mirror half of the pictures.
      rescale: what to multiply by, after all changes; None or 0 for nothing.
      preprocessing_function: a function of each picture, called after the random changes.
      data_format: ``"channels_last"`` or ``"channels_first"``; the backend's by default.
      validation_split: the part that is kept for ``subset="validation"``.
      dtype: the batches' type; ``floatx`` by default.

    Raises:
      ValueError: if ``data_format``, ``validation_split``, ``zoom_range`` or ``brightness_range``
        is not as above.
    """

    def __init__(
        self,
        featurewise_center=False,
        samplewise_center=False,
        featurewise_std_normalization=False,
        samplewise_std_normalization=False,
        zca_whitening=False,
        zca_epsilon=1e-6,
        rotation_range=0,
        width_shift_range=0.0,
        height_shift_range=0.0,
        brightness_range=None,
        shear_range=0.0,
        zoom_range=0.0,
        channel_shift_range=0.0,
        fill_mode="nearest",
        cval=0.0,
        horizontal_flip=False,
        vertical_flip=False,
        rescale=None,
        preprocessing_function=None,
        data_format=None,
        validation_split=0.0,
        dtype=None,
    ):
        self.featurewise_center = featurewise_center
        self.samplewise_center = samplewise_center
        self.featurewise_std_normalization = featurewise_std_normalization
        self.samplewise_std_normalization = samplewise_std_normalization
        self.zca_whitening = zca_whitening
        self.zca_epsilon = zca_epsilon
        self.rotation_range = rotation_range
        self.width_shift_range = width_shift_range
        self.height_shift_range = height_shift_range
        self.shear_range = shear_range
        self.zoom_range = _checked_zoom(zoom_range)
        self.channel_shift_range = channel_shift_range
        self.fill_mode = fill_mode
        self.cval = cval
        self.horizontal_flip = horizontal_flip
        self.vertical_flip = vertical_flip
        self.rescale = rescale
        self.preprocessing_function = preprocessing_function
        self.dtype = dtype or floatx()
        self.interpolation_order = 1
        self.data_format = image_data_format() if data_format is None else data_format
        if self.data_format not in ("channels_last", "channels_first"):
            raise ValueError(
                '`data_format` should be `"channels_last"` (channel after row and column) or '
                '`"channels_first"` (channel before row and column). '
                f"Received: {data_format}"
            )
        # Axes of a batch.
        last = self.data_format == "channels_last"
        self.row_axis, self.col_axis, self.channel_axis = (1, 2, 3) if last else (2, 3, 1)
        if validation_split and not 0 < validation_split < 1:
            raise ValueError(
                "`validation_split` must be strictly between 0 and 1. "
                f" Received: {validation_split}"
            )
        self._validation_split = validation_split
        self.brightness_range = _checked_brightness(brightness_range)
        self.mean = None
        self.std = None
        self.principal_components = None
        self._settle_conflicts(featurewise_center, samplewise_center)

    def _settle_conflicts(self, featurewise_center, samplewise_center):
        """Some statistics need or exclude others; says so where they were not asked for."""
        deviation = self.featurewise_std_normalization
        if self.zca_whitening:
            if not featurewise_center:
                self.featurewise_center = True
                _warn_overrides("zca_whitening`, ", " `featurewise_center")
            if deviation:
                self.featurewise_std_normalization = False
                _warn_overrides("zca_whitening` ", "`featurewise_std_normalization")
        if deviation and not featurewise_center:
            self.featurewise_center = True
            _warn_overrides("featurewise_std_normalization`, ", " `featurewise_center")
        if self.samplewise_std_normalization and not samplewise_center:
            self.samplewise_center = True
            _warn_overrides("samplewise_std_normalization`, ", " `samplewise_center")

    # ------------------------------------------------------------------------------------- batches

    def flow(
        self,
        x,
        y=None,
        batch_size=32,
        shuffle=True,
        sample_weight=None,
        seed=None,
        save_to_dir=None,
        save_prefix="",
        save_format="png",
        subset=None,
    ):
        """Batches of the pictures in an array; see ``NumpyArrayIterator``."""
        return NumpyArrayIterator(
            x,
            y,
            self,
            batch_size=batch_size,
            shuffle=shuffle,
            sample_weight=sample_weight,
            seed=seed,
            data_format=self.data_format,
            save_to_dir=save_to_dir,
            save_prefix=save_prefix,
            save_format=save_format,
            subset=subset,
            dtype=self.dtype,
        )

    def flow_from_directory(
        self,
        directory,
        target_size=(256, 256),
        color_mode="rgb",
        classes=None,
        class_mode="categorical",
        batch_size=32,
        shuffle=True,
        seed=None,
        save_to_dir=None,
        save_prefix="",
        save_format="png",
        follow_links=False,
        subset=None,
        interpolation="nearest",
    ):
        """Batches of the pictures in a folder of classes; see ``DirectoryIterator``."""
        return DirectoryIterator(
            directory,
            self,
            target_size=target_size,
            color_mode=color_mode,
            classes=classes,
            class_mode=class_mode,
            data_format=self.data_format,
            batch_size=batch_size,
            shuffle=shuffle,
            seed=seed,
            save_to_dir=save_to_dir,
            save_prefix=save_prefix,
            save_format=save_format,
            follow_links=follow_links,
            subset=subset,
            interpolation=interpolation,
            dtype=self.dtype,
        )

    def flow_from_dataframe(
        self,
        dataframe,
        directory=None,
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
        save_to_dir=None,
        save_prefix="",
        save_format="png",
        subset=None,
        interpolation="nearest",
        validate_filenames=True,
        **kwargs,
    ):
        """Batches of the pictures that a pandas table lists: one row for each.

        Args:
          dataframe: a pandas ``DataFrame``.
          directory: the folder that file names start from; None if they are whole paths.
          x_col: the column with the file names.
          y_col: the column with the labels, or a list of columns.
          weight_col: the column with the samples' weights, or None.
          class_mode: also ``"raw"`` and ``"multi_output"``: the columns' own values.
          validate_filenames: whether to leave out files that are not there.
          **kwargs: ``has_ext``, ``sort`` and ``drop_duplicates``, which do nothing any more.
          target_size, color_mode, classes, batch_size, shuffle, seed, save_to_dir, save_prefix,
            save_format, subset, interpolation: see ``flow_from_directory``.
        """
        for name, advice in _DEPRECATED.items():
            if name in kwargs:
                warnings.warn(f"{name} is deprecated, {advice}", DeprecationWarning, stacklevel=2)
        if class_mode == "other":
            warnings.warn(
                '`class_mode` "other" is deprecated, please use `class_mode` "raw".',
                DeprecationWarning,
                stacklevel=2,
            )
            class_mode = "raw"
        return DataFrameIterator(
            dataframe,
            directory,
            self,
            x_col=x_col,
            y_col=y_col,
            weight_col=weight_col,
            target_size=target_size,
            color_mode=color_mode,
            classes=classes,
            class_mode=class_mode,
            data_format=self.data_format,
            batch_size=batch_size,
            shuffle=shuffle,
            seed=seed,
            save_to_dir=save_to_dir,
            save_prefix=save_prefix,
            save_format=save_format,
            subset=subset,
            interpolation=interpolation,
            validate_filenames=validate_filenames,
            dtype=self.dtype,
        )

    # ------------------------------------------------------------------------------ standardization

    def standardize(self, x):
        """Applies the preprocessing function, the factor and the statistics, in place.

        Args:
          x: a floating array of rank 3, or a batch.

        Returns:
          The array.
        """
        if self.preprocessing_function:
            x = self.preprocessing_function(x)
        if self.rescale:
            x *= self.rescale
        if self.samplewise_center:
            x -= np.mean(x, keepdims=True)
        if self.samplewise_std_normalization:
            x /= np.std(x, keepdims=True) + 1e-6
        if self.featurewise_center:
            if self.mean is not None:
                x -= self.mean
            else:
                _warn_unfitted("featurewise_center")
        if self.featurewise_std_normalization:
            if self.std is not None:
                x /= self.std + 1e-6
            else:
                _warn_unfitted("featurewise_std_normalization")
        if self.zca_whitening:
            if self.principal_components is not None:
                flat = x.reshape(-1, np.prod(x.shape[-3:]))
                x = np.dot(flat, self.principal_components).reshape(x.shape)
            else:
                _warn_unfitted("zca_whitening")
        return x

    def fit(self, x, augment=False, rounds=1, seed=None):
        """Computes the statistics that featurewise arguments and whitening need.

        With the rows of X the flattened pictures (n of them), whitening multiplies by
        ``U diag(1 / sqrt(s + epsilon)) U^T``, where ``U, s = svd(X^T X / n)``.

        Args:
          x: an array of rank 4.
          augment: whether to compute them of randomly changed pictures.
          rounds: how often each picture is taken then.
          seed: sets NumPy's seed first.

        Raises:
          ValueError: if the rank is not 4.
        """
        x = np.asarray(x, dtype=self.dtype)
        if x.ndim != 4:
            raise ValueError(
                f"Input to `.fit()` should have rank 4. Got array with shape: {x.shape}"
            )
        channels = x.shape[self.channel_axis]
        if channels not in (1, 3, 4):
            axis = self.channel_axis
            warnings.warn(
                "Expected input to be images (as Numpy array) following the data format "
                f'convention "{self.data_format}" (channels on axis {axis}), i.e. expected either '
                f"1, 3 or 4 channels on axis {axis}. However, it was passed an array with shape "
                f"{x.shape} ({channels} channels).",
                stacklevel=2,
            )
        if seed is not None:
            np.random.seed(seed)
        x = np.copy(x)
        if self.rescale:
            x *= self.rescale
        if augment:
            changed = [self.random_transform(x[i]) for _ in range(rounds) for i in range(len(x))]
            x = np.array(changed, dtype=self.dtype).reshape(rounds * len(x), *x.shape[1:])
        shape = [1, 1, 1]
        shape[self.channel_axis - 1] = channels
        axes = (0, self.row_axis, self.col_axis)
        if self.featurewise_center:
            self.mean = np.mean(x, axis=axes).reshape(shape)
            x -= self.mean
        if self.featurewise_std_normalization:
            self.std = np.std(x, axis=axes).reshape(shape)
            x /= self.std + 1e-6
        if self.zca_whitening:
            flat = x.reshape(len(x), -1)
            u, s, _ = np.linalg.svd(np.dot(flat.T, flat) / len(x))
            inverse = 1.0 / np.sqrt(s[np.newaxis] + self.zca_epsilon)
            self.principal_components = (u * inverse).dot(u.T)

    # ------------------------------------------------------------------------------ random changes

    def get_random_transform(self, img_shape, seed=None):
        """Draws the changes for one picture.

        Args:
          img_shape: the picture's shape.
          seed: sets NumPy's seed first.

        Returns:
          A dict for ``apply_transform``: theta, tx, ty, shear, zx, zy, flip_horizontal,
          flip_vertical, channel_shift_intensity, brightness.
        """
        if seed is not None:
            np.random.seed(seed)
        # The order in which numbers are drawn is Keras's.
        theta = _drawn(self.rotation_range)
        tx = _drawn_shift(self.height_shift_range, img_shape, self.row_axis - 1)
        ty = _drawn_shift(self.width_shift_range, img_shape, self.col_axis - 1)
        shear = _drawn(self.shear_range)
        zx, zy = drawn_zoom(self.zoom_range)
        flip_horizontal = (np.random.random() < 0.5) * self.horizontal_flip
        flip_vertical = (np.random.random() < 0.5) * self.vertical_flip
        shift = brightness = None
        if self.channel_shift_range != 0:
            shift = np.random.uniform(-self.channel_shift_range, self.channel_shift_range)
        if self.brightness_range is not None:
            brightness = np.random.uniform(self.brightness_range[0], self.brightness_range[1])
        return {
            "theta": theta,
            "tx": tx,
            "ty": ty,
            "shear": shear,
            "zx": zx,
            "zy": zy,
            "flip_horizontal": flip_horizontal,
            "flip_vertical": flip_vertical,
            "channel_shift_intensity": shift,
            "brightness": brightness,
        }

    def apply_transform(self, x, transform_parameters):
        """Changes one picture.

        Args:
          x: an array of rank 3.
          transform_parameters: a dict such as ``get_random_transform`` returns; what is missing
            changes nothing.

        Returns:
          An array of the same shape.
        """
        change = transform_parameters
        row, column, channel = self.row_axis - 1, self.col_axis - 1, self.channel_axis - 1
        x = apply_affine_transform(
            x,
            change.get("theta", 0),
            change.get("tx", 0),
            change.get("ty", 0),
            change.get("shear", 0),
            change.get("zx", 1),
            change.get("zy", 1),
            row_axis=row,
            col_axis=column,
            channel_axis=channel,
            fill_mode=self.fill_mode,
            cval=self.cval,
            order=self.interpolation_order,
        )
        if change.get("channel_shift_intensity") is not None:
            x = apply_channel_shift(x, change["channel_shift_intensity"], channel)
        if change.get("flip_horizontal", False):
            x = np.flip(x, column)
        if change.get("flip_vertical", False):
            x = np.flip(x, row)
        if change.get("brightness") is not None:
            x = apply_brightness_shift(x, change["brightness"])
        return x

    def random_transform(self, x, seed=None):
        """Changes one picture at random.

        Args:
          x: an array of rank 3.
          seed: sets NumPy's seed first.

        Returns:
          An array of the same shape.
        """
        return self.apply_transform(x, self.get_random_transform(x.shape, seed))


_DEPRECATED = {
    "has_ext": "filenames in the dataframe have to match the exact filenames in disk.",
    # The missing spaces are Keras's.
    "sort": "batches will be created in thesame order than the filenames provided if shuffleis set "
    "to False.",
    "drop_duplicates": "you can drop duplicates by using the pandas.DataFrame.drop_duplicates "
    "method.",
}


def _checked_zoom(zoom_range):
    """The range of zooms as a list of two."""
    if isinstance(zoom_range, (float, int)):
        return [1 - zoom_range, 1 + zoom_range]
    if len(zoom_range) == 2 and all(isinstance(value, (float, int)) for value in zoom_range):
        return [zoom_range[0], zoom_range[1]]
    raise ValueError(
        f"`zoom_range` should be a float or a tuple or list of two floats. Received: {zoom_range}"
    )


def _checked_brightness(brightness_range):
    pair = isinstance(brightness_range, (tuple, list)) and len(brightness_range) == 2
    if brightness_range is not None and not pair:
        raise ValueError(
            f"`brightness_range should be tuple or list of two floats. Received: {brightness_range}"
        )
    return brightness_range


def _drawn(largest):
    """A number from ``[-largest, largest)``; nothing is drawn for 0."""
    return np.random.uniform(-largest, largest) if largest else 0


def _drawn_shift(choice, shape, axis):
    """A shift in pixels: of a list or an int, one of them with either sign; else a part or less."""
    if not np.any(choice) and not np.ndim(choice):
        return 0
    if np.ndim(choice) or isinstance(choice, (int, np.integer)):
        shift = np.random.choice(choice)
        shift *= np.random.choice([-1, 1])
    else:
        shift = np.random.uniform(-choice, choice)
    return shift * shape[axis] if np.max(choice) < 1 else shift


def _warn_overrides(what, other):
    warnings.warn(
        f"This ImageDataGenerator specifies `{what}which overrides setting of{other}`.",
        stacklevel=4,
    )


def _warn_unfitted(what):
    warnings.warn(
        f"This ImageDataGenerator specifies `{what}`, but it hasn't been fit on any training data. "
        "Fit it first by calling `.fit(numpy_data)`.",
        stacklevel=3,
    )

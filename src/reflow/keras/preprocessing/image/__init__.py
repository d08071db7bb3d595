"""``tf.keras.preprocessing.image``: pictures as arrays, and batches of randomly changed ones.

    conversion.py              files, Pillow images and arrays
    affine.py  channels.py     rotations, shifts, shears, zooms; brightness and colours
    image_data_generator.py    which changes, with what probability; statistics of a data set
    iterator.py                the order of the samples; numpy_array_iterator.py,
                               directory_iterator.py, dataframe_iterator.py where they come from

Everything here is NumPy, SciPy and Pillow; random numbers are those of ``np.random``, drawn in
Keras's order, so that ``np.random.seed`` or ``seed=`` gives the pictures of TensorFlow 2.1.
"""

from __future__ import annotations

from reflow._namespace import lazy_names

__getattr__, __dir__ = lazy_names(__name__)

"""``tf.data``: input pipelines."""

from reflow._namespace import lazy_names
from reflow.data.dataset import Dataset
from reflow.data.options import Options
from reflow.data.records import TFRecordDataset
from reflow.data.structure import DatasetSpec
from reflow.data.text_files import FixedLengthRecordDataset, TextLineDataset

__all__ = [
    "Dataset",
    "DatasetSpec",
    "FixedLengthRecordDataset",
    "Options",
    "TFRecordDataset",
    "TextLineDataset",
]

__getattr__, __dir__ = lazy_names(__name__)

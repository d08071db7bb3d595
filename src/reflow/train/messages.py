"""``tf.train.Example`` and the messages it is made of."""

from __future__ import annotations

from reflow.io._protos import message

__all__ = [
    "BytesList", "Example", "Feature", "FeatureList", "FeatureLists", "Features", "FloatList",
    "Int64List", "SequenceExample",
]  # fmt: skip

BytesList = message("BytesList")
FloatList = message("FloatList")
Int64List = message("Int64List")
Feature = message("Feature")
Features = message("Features")
FeatureList = message("FeatureList")
FeatureLists = message("FeatureLists")
Example = message("Example")
SequenceExample = message("SequenceExample")

"""Write the models of ``keras_models.py`` with Keras 3, into ``keras3/``.

    PYTHON tests/golden/files/make_keras3.py

where that Python has a current TensorFlow or another backend of Keras 3.
"""

import json
import os
import shutil
import sys
import types

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.dirname(os.path.dirname(HERE)))

import keras  # noqa: E402

from golden.files import keras_models  # noqa: E402


def main():
    folder = os.path.join(HERE, "keras3")
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(folder)
    expected = {"keras": keras.__version__}
    # Its Embedding has no input_length: the input's shape says it.
    layers = types.SimpleNamespace(**{n: getattr(keras.layers, n) for n in dir(keras.layers)})
    layers.Embedding = lambda *args, input_length=None, **kwargs: keras.layers.Embedding(
        *args, **kwargs
    )
    api = types.SimpleNamespace(
        keras=types.SimpleNamespace(
            Input=keras.Input,
            Model=keras.Model,
            Sequential=lambda items, name: keras.Sequential(
                [keras.Input((5,) if name == "recurrent_model" else (4,)), *items],
                name=name,
            ),
            layers=layers,
            optimizers=keras.optimizers,
        )
    )
    layers.Dense = lambda *args, input_shape=None, **kwargs: keras.layers.Dense(*args, **kwargs)
    for name in sorted(keras_models.MODELS):
        keras.utils.set_random_seed(1)
        model, x, y = keras_models.trained(api, name)
        model.save(os.path.join(folder, name + ".keras"))
        model.save(os.path.join(folder, name + ".h5"))
        expected[name] = keras_models.facts(model, x, y)
    with open(os.path.join(folder, "expected.json"), "w") as file:
        json.dump(expected, file, sort_keys=True)
        file.write("\n")


if __name__ == "__main__":
    main()

"""Full disks, no permission, files of other kinds: clear errors, and nothing is lost."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import reflow as tf

h5py = pytest.importorskip("h5py")
L = tf.keras.layers

# The disk is full where the file would be longer than the process may write.
PROGRAM = r"""
import os, resource
import numpy as np
import tensorflow as tf

PATHS = {"checkpoint": "d/w", "weights": "d/w.h5", "hdf5": "d/m.h5", "savedmodel": "d/m",
         "keras": "d/m.zip"}


def make(value):
    layers = [tf.keras.layers.Dense(300, input_shape=(300,)), tf.keras.layers.Dense(300)]
    model = tf.keras.Sequential(layers)
    model.set_weights([np.full(w.shape, value, "float32") for w in model.get_weights()])
    return model


def save(model, form):
    if form in ("checkpoint", "weights"):
        model.save_weights(PATHS[form])
    else:
        model.save(PATHS[form], save_format="keras_v3" if form == "keras" else None)


def load(form):
    if form in ("checkpoint", "weights"):
        model = make(0)
        model.load_weights(PATHS[form])
    else:
        model = tf.keras.models.load_model(PATHS[form], compile=False)
    return {float(value) for w in model.get_weights() for value in w.flat}


def files():
    return sorted(os.path.join(at, name) for at, _, names in os.walk("d") for name in names)


def refused(action, form, says):
    try:
        action()
    except (OSError, tf.errors.OpError) as error:
        assert PATHS[form] in str(error), (form, error)
        assert says in str(error), (form, error)
    else:
        raise AssertionError(form)


os.makedirs("d", exist_ok=True)
old, new = make(1), make(2)
for form in PATHS:
    save(old, form)
before = files()
for size in (0, 4096, 400000):
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))
    for form in PATHS:
        refused(lambda: save(new, form), form, "File too large")
        assert files() == before
    resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    assert all(load(form) == {1.0} for form in PATHS)

user = os.geteuid()
for folder in ("d", "d/m", "d/m/variables"):
    os.chmod(folder, 0o555)
if user == 0:  # whom nobody forbids anything
    os.seteuid(65534)
for form in PATHS:
    refused(lambda: save(new, form), form, "ermission denied")
os.seteuid(user)
for path in files():
    os.chmod(path, 0)
if user == 0:
    os.seteuid(65534)
for form in PATHS:
    refused(lambda: load(form), form, "ermission denied")
os.seteuid(user)
for folder in ("d", "d/m", "d/m/variables"):
    os.chmod(folder, 0o755)
print("whole")
"""


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="a POSIX system's permissions")
def test_full_disks_and_permissions(tmp_path):
    (tmp_path / "program.py").write_text(PROGRAM)
    for folder in (tmp_path, tmp_path.parent, tmp_path.parent.parent):
        folder.chmod(folder.stat().st_mode | 0o055)  # for a user without permissions
    source = str(Path(tf.__file__).parents[1])
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "reflow", "program.py"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": source, "REFLOW_CACHE_DIR": ""},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout == "whole\n", done.stderr


def test_a_disk_that_is_full(tmp_path, monkeypatch):
    import errno

    def full(file):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    checkpoint = tf.train.Checkpoint(x=tf.Variable(1.0))
    checkpoint.write(tmp_path / "c")
    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(tf.errors.ResourceExhaustedError, match=r"c; No space left on device"):
        checkpoint.write(tmp_path / "c")
    assert len(list(tmp_path.iterdir())) == 2


def model(units, *more):
    first = L.Dense(units, input_shape=(4,), name="one")
    return tf.keras.Sequential([first, L.Dense(2, name="two"), *more])


def test_what_does_not_fit(tmp_path):
    saved = model(3)
    checkpoint, weights, whole = (str(tmp_path / name) for name in ("c", "w.h5", "m.h5"))
    saved.save_weights(checkpoint)
    saved.save_weights(weights)
    saved.save(whole)
    text = str(tmp_path / "text")
    Path(text).write_text("hello")

    def refused(path, kind, says, of=None, **options):
        target = model(5) if of is None else of
        before = target.get_weights()
        with pytest.raises(kind, match=says):
            target.load_weights(path, **options)
        for a, b in zip(before, target.get_weights(), strict=True):
            np.testing.assert_array_equal(a, b)

    says = r"\(4, 5\) and \(4, 3\) are incompatible: one/kernel:0 has .*layer_with_weights-0/kernel"
    refused(checkpoint, ValueError, says)
    says = r'"one"\), weight one/kernel:0 has shape \(4, 5\), but the saved weight has .*\(4, 3\)'
    refused(weights, ValueError, says)
    refused(weights, ValueError, says, by_name=True)
    deeper = model(3, L.Dense(2, name="three"))
    refused(weights, ValueError, "containing 2 layers into a model with 3", of=deeper)
    refused(text, OSError, r"text: .*signature not found.*no checkpoint of this prefix")
    refused(str(tmp_path / "no.h5"), OSError, "no.h5")
    refused(str(tmp_path / "no"), tf.errors.NotFoundError, "matching files for .*no")
    with pytest.raises(tf.errors.DataLossError, match=r"m.h5: Data loss: not an sstable"):
        tf.train.Checkpoint(m=saved).restore(whole)
    with pytest.raises(ValueError, match=r"No model found in config file.*w.h5: it has weights"):
        tf.keras.models.load_model(weights)
    with pytest.raises(OSError, match=r"text/{saved_model.pbtxt|saved_model.pb}"):
        tf.keras.models.load_model(text)


def test_a_load_that_fails_late_changes_nothing(tmp_path):
    """The last tensor is damaged, of the checkpoint and of compressed HDF5."""
    target = model(3)
    before = target.get_weights()
    path = str(tmp_path / "c")
    model(3).save_weights(path)
    data = Path(path + ".data-00000-of-00001")
    with tf.train.load_checkpoint(path)._bundle as bundle:
        keys = [key for key in bundle.keys() if "ATTRIBUTES" in key]  # noqa: SIM118
        place = max(bundle._entry(key.encode()).offset for key in keys)
    content = bytearray(data.read_bytes())
    content[place] ^= 1
    data.write_bytes(content)
    with pytest.raises(tf.errors.DataLossError, match="Checksum does not match"):
        target.load_weights(path)
    path = str(tmp_path / "w.h5")
    target.save_weights(path)
    with h5py.File(path, "r+") as file:
        values = file["two/two/bias:0"][()] + 1
        del file["two/two/bias:0"]
        chunked = file["two/two"].create_dataset(
            "bias:0", data=values, chunks=(2,), fletcher32=True
        )
        place = chunked.id.get_chunk_info(0).byte_offset
        file["one/one/bias:0"][()] = 7
    content = bytearray(Path(path).read_bytes())
    content[place] ^= 1
    Path(path).write_bytes(content)
    with pytest.raises(OSError, match=r"w\.h5: /two/two/bias:0"):
        target.load_weights(path)
    for a, b in zip(before, target.get_weights(), strict=True):
        np.testing.assert_array_equal(a, b)

"""Recipes that were kept on disk compute in another process what they computed in the first."""

import json
import os
import subprocess
import sys
from pathlib import Path

import reflow

OPS = """
import json
import reflow as tf
x = tf.constant([[2.5, -1.5, 0.5], [3.5, -0.25, 1e-3]])
i = tf.constant([[1, 2], [0, 1]])
results = [
    tf.round(x), tf.floor(x), tf.sign(x), tf.clip_by_value(x, -1.0, 1.0), tf.cast(x, tf.int32),
    tf.gather(x, [2, 0], axis=1), tf.gather_nd(x, i), tf.scatter_nd(i, [1.0, 2.0], [2, 3]),
    tf.reduce_sum(x, 1), tf.argmax(x, 1), tf.cumsum(x, 1), tf.sort(x), tf.one_hot([0, 2], 3),
    tf.pad(x, [[1, 0], [0, 1]]), tf.concat([x, x], 0), tf.transpose(x), tf.where(x > 0, x, -x),
    tf.matmul(x, x, transpose_b=True), tf.nn.softmax(x), tf.pow(x, 2.0), tf.math.cumprod(x),
    tf.reverse(x, [1]), tf.tile(x, [1, 2]), x[:, ::2], tf.bitwise.left_shift(3, 2), x // 2.0,
]
print(json.dumps([r.numpy().tolist() for r in results]))
import sys
print("jax" in sys.modules, file=sys.stderr)
"""


def run(folder):
    paths = [str(Path(reflow.__file__).parents[1]), os.environ.get("PYTHONPATH", "")]
    env = dict(
        os.environ, REFLOW_CACHE_DIR=str(folder), PYTHONPATH=os.pathsep.join(filter(None, paths))
    )
    done = subprocess.run(
        [sys.executable, "-c", OPS], env=env, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(done.stdout), done.stderr.strip().splitlines()[-1]


def test_a_second_process_computes_the_same_from_what_the_first_kept(tmp_path):
    first, used_jax = run(tmp_path)
    assert used_jax == "True"
    second, used_jax = run(tmp_path)
    assert used_jax == "False"
    assert second == first

"""Devices: names, the block that chooses one, and CPUs split into several."""

from __future__ import annotations

import subprocess
import sys
import textwrap

import pytest

import reflow as tf

HERE = "/job:localhost/replica:0/task:0/device:CPU:0"


@pytest.mark.parametrize(
    ("name", "full"),
    [
        ("", ""),
        ("cpu", "/device:CPU:*"),
        ("/gpu:1", "/device:GPU:1"),
        ("/device:GPU:*", "/device:GPU:*"),
        ("//cpu:0/", "/device:CPU:0"),
        ("/job:a/task:1/device:XLA_CPU:0", "/job:a/task:1/device:XLA_CPU:0"),
    ],
)
def test_names_are_taken_apart(name, full):
    assert tf.DeviceSpec.from_string(name).to_string() == full


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("/foo:0", "Unknown attribute: 'foo' in '/foo:0'"),
        ("/cpu:0/gpu:0", "Cannot specify multiple device types: /cpu:0/gpu:0"),
        ("/cpu:a", "invalid literal for int"),
    ],
)
def test_names_that_are_none(name, says):
    with pytest.raises(ValueError, match=says):
        tf.device(name)


def test_merging_names():
    a, b = tf.DeviceSpec.from_string("/job:a/task:1"), tf.DeviceSpec.from_string("/task:2/gpu:1")
    assert a.make_merged_spec(b).to_string() == "/job:a/task:2/device:GPU:1"
    assert a.replace(task=None).to_string() == "/job:a"
    with pytest.raises(AttributeError):
        a.job = "b"


def test_blocks_nest_and_none_leaves_them():
    with tf.device("/job:localhost"), tf.device("/CPU:0"):
        assert tf.constant([1.0]).device == HERE
        with tf.device(None):
            assert (tf.constant([1.0]) + 1.0).device == HERE


def test_a_device_that_does_not_exist():
    missing = "/job:localhost/replica:0/task:0/device:GPU:0 unknown device"
    with pytest.raises(RuntimeError, match=missing), tf.device("/GPU:0"):
        tf.constant([1.0])
    with pytest.raises(RuntimeError, match="GPU:0 unknown device"):
        tf.constant([1.0]).gpu()


def run(program: str) -> str:
    """What a program prints, run in a process of its own: devices are made once."""
    code = "import sys, reflow as tf\n" + textwrap.dedent(program)
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=120
    )
    assert result.returncode == 0, result.stderr
    return result.stdout


def test_listing_devices_does_not_import_jax():
    program = """
    print(tf.config.list_physical_devices("GPU"), tf.test.is_gpu_available())
    print(tf.constant([1.0]).device, "jax" in sys.modules)
    """
    assert run(program) == f"[] False\n{HERE} False\n"


def test_a_split_cpu():
    program = """
    cpu = tf.config.list_physical_devices("CPU")[0]
    one = tf.config.LogicalDeviceConfiguration()
    tf.config.set_logical_device_configuration(cpu, [one, one])
    print([d.name for d in tf.config.list_logical_devices("CPU")])
    with tf.device("/CPU:1"):
        x = tf.linalg.inv(tf.eye(3) * 2.0)
    y = tf.linalg.inv(tf.eye(3))
    print(x.device[-5:], x.numpy()[0, 0], (x + y).numpy()[0, 0])
    try:
        tf.config.set_logical_device_configuration(cpu, [one, one, one])
    except RuntimeError as error:
        print(error)
    """
    assert run(program).splitlines() == [
        "['/device:CPU:0', '/device:CPU:1']",
        "CPU:1 0.5 1.5",
        "Virtual devices cannot be modified after being initialized",
    ]

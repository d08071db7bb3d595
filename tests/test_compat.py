"""The ``tensorflow`` alias, the NumPy of 2020, and what is said about missing names."""

from __future__ import annotations

import importlib
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

import reflow
from reflow import _missing_names, compat

pytestmark = pytest.mark.smoke


@pytest.fixture
def alias() -> Iterator[None]:
    """Installs the alias for one test."""
    reflow.install()
    yield
    compat.uninstall()


@pytest.mark.usefixtures("alias")
class TestAlias:
    def test_modules_are_the_same_objects(self) -> None:
        import tensorflow as tf
        import tensorflow.version as by_import
        from tensorflow import version as by_name

        assert tf is reflow
        assert by_import is by_name is reflow.version
        assert sys.modules["tensorflow.version"] is reflow.version

    def test_a_module_keeps_its_own_identity(self) -> None:
        importlib.import_module("tensorflow.version")
        assert reflow.version.__name__ == "reflow.version"
        assert reflow.version.__spec__.name == "reflow.version"

    def test_installing_twice_changes_nothing(self) -> None:
        before = list(sys.meta_path)
        reflow.install()
        assert sys.meta_path == before

    def test_editors_spelling(self) -> None:
        assert importlib.import_module("tensorflow_core.version") is reflow.version

    def test_compat_v2_is_tf(self) -> None:
        assert importlib.import_module("tensorflow.compat.v2") is reflow
        assert importlib.import_module("tensorflow.compat.v2.version") is reflow.version
        assert importlib.import_module("tensorflow").compat.v2 is reflow

    @pytest.mark.parametrize(
        ("name", "message"),
        [
            ("tensorflow.foo", "No module named 'tensorflow.foo'"),
            (
                "tensorflow.tpu",
                "No module named 'tensorflow.tpu': tf.tpu exists in TensorFlow 2.1, but Reflow "
                "does not have it yet",
            ),
            ("tensorflow.contrib", "it belongs to TensorFlow 1"),
            ("tensorflow.Variable", "it is no module: write `from tensorflow import Variable`"),
            ("tensorflow.math.Mean", "No module named 'tensorflow.math.Mean'"),
            ("tensorflow.core", "No module named 'tensorflow.core'"),
            ("tensorflow.python.tools", "Reflow knows no public equal of this module"),
        ],
    )
    def test_missing_modules(self, name: str, message: str) -> None:
        with pytest.raises(ModuleNotFoundError) as caught:
            importlib.import_module(name)
        assert message in str(caught.value)
        assert caught.value.name == name

    def test_from_import_of_a_missing_name_explains(self) -> None:
        with pytest.raises(ImportError, match="belongs to TensorFlow 1"):
            from tensorflow import Session  # noqa: F401
        with pytest.raises(ImportError, match=r"tf\.raw_ops exists in TensorFlow 2\.1"):
            from tensorflow import raw_ops  # noqa: F401

    def test_numpy_of_2020(self) -> None:
        assert str([np.float64(0.5), np.int64(1)]) == "[0.5, 1]"
        assert getattr(np, "int") is int  # noqa: B009


def test_uninstalling_restores_numpy_and_imports() -> None:
    options = np.get_printoptions()
    reflow.install()
    importlib.import_module("tensorflow.version")
    compat.uninstall()
    assert np.get_printoptions() == options
    assert not hasattr(np, "float")
    assert not [name for name in sys.modules if name.startswith("tensorflow.")]


def test_a_real_tensorflow_that_is_already_imported_is_not_hidden(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "tensorflow", ModuleType("tensorflow"))
    with pytest.raises(RuntimeError, match=r"already imported; call reflow\.install"):
        reflow.install()


def test_the_alias_wins_over_an_installed_tensorflow(tmp_path: Path) -> None:
    (tmp_path / "tensorflow").mkdir()
    (tmp_path / "tensorflow" / "__init__.py").write_text("raise RuntimeError('the other one')\n")
    program = "import reflow; reflow.install(); import tensorflow as tf; print(tf is reflow)"
    paths = f"{tmp_path}:{Path(reflow.__file__).parents[1]}"
    done = subprocess.run(
        [sys.executable, "-c", program],
        env={"PYTHONPATH": paths},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == "True\n"


class TestPrivateModules:
    """``tensorflow.python`` maps to public equals; the table names only what TF 2.1 has."""

    def test_every_row_names_public_namespaces(self) -> None:
        from reflow.compat.python_names import EQUALS

        targets = {namespace for row in EQUALS.values() for namespace in row}
        public = {"tf" + target.removeprefix("reflow") for target in targets}
        assert [
            name for name in public if not _missing_names.exists_in_tf(name) and name != "tf"
        ] == []

    @pytest.mark.usefixtures("alias")
    def test_names_are_found_in_the_public_namespace(self) -> None:
        from tensorflow.python import version
        from tensorflow.python.framework import ops

        assert version is reflow.version
        assert ops is reflow


class TestMissingNames:
    @pytest.mark.parametrize(
        ("name", "message"),
        [
            (
                "raw_ops",
                "tf.raw_ops exists in TensorFlow 2.1, but Reflow does not have it yet; dir(tf) "
                "lists what it has there",
            ),
            (
                "reduce_smu",
                "module 'tensorflow' has no attribute 'reduce_smu'; did you mean 'reduce_sum'?",
            ),
            ("qqqqqq", "module 'tensorflow' has no attribute 'qqqqqq'"),
            (
                "placeholder",
                "module 'tensorflow' has no attribute 'placeholder'; it belongs to TensorFlow 1, "
                "use the argument of a function instead",
            ),
            ("_private", "module 'tensorflow' has no attribute '_private'"),
        ],
    )
    def test_top_level(self, name: str, message: str) -> None:
        with pytest.raises(AttributeError) as caught:
            getattr(reflow, name)
        assert str(caught.value) == message

    def test_namespace(self) -> None:
        with pytest.raises(AttributeError, match=r"'tensorflow\.version' has no .* 'VERSION'\?"):
            _ = reflow.version.VERSOIN

    def test_hasattr_is_false(self) -> None:
        assert not hasattr(reflow, "raw_ops")


def test_text_helpers() -> None:
    assert compat.as_bytes("é") == b"\xc3\xa9"
    assert compat.as_bytes(b"a") == b"a"
    assert compat.as_text(b"\xc3\xa9") == compat.as_str("é") == "é"
    assert compat.as_str_any(3) == "3"
    assert compat.as_str_any(b"a") == "a"
    assert compat.path_to_str(Path("a")) == "a"
    with pytest.raises(TypeError, match="Expected binary or unicode string, got 3"):
        compat.as_text(3)


def test_differences_have_reasons() -> None:
    assert all(d.symbol and d.what and d.reason for d in compat.DIFFERENCES)
    symbols = [(d.symbol, d.what) for d in compat.DIFFERENCES]
    assert len(symbols) == len(set(symbols))


class TestV1:
    """The parts of ``tf.compat.v1`` that TF 2 programs use."""

    @pytest.mark.usefixtures("alias")
    def test_growing_memory_of_gpus_is_accepted(self) -> None:
        import tensorflow.compat.v1 as tf1

        config = tf1.ConfigProto(log_device_placement=True)
        config.gpu_options.allow_growth = True
        config.gpu_options.per_process_gpu_memory_fraction = 0.3
        assert config.log_device_placement
        assert not tf1.ConfigProto().gpu_options.allow_growth
        with tf1.Session(config=tf1.ConfigProto()) as session:
            message = r"The Session graph is empty\.  Add operations to the graph"
            with pytest.raises(RuntimeError, match=message):
                session.run(1)

    def test_unknown_settings_are_refused(self) -> None:
        v1 = reflow.compat.v1
        with pytest.raises(ValueError, match='Protocol message ConfigProto has no "foo" field'):
            v1.ConfigProto(foo=1)
        with pytest.raises(AttributeError, match="no field 'foo' in GPUOptions"):
            v1.GPUOptions().foo = 1

    def test_names_that_are_the_same_object(self) -> None:
        assert reflow.compat.v1.add is reflow.add
        assert reflow.compat.v1.GradientTape is reflow.GradientTape

    @pytest.mark.parametrize(
        ("name", "hint"),
        [
            ("argmax", "TensorFlow 1's form of tf.argmax; use that one instead"),
            ("placeholder", "use the argument of a function instead"),
            ("keras", "Reflow has no tf.compat.v1.keras; use tf.keras instead"),
            ("qqq", "Reflow has no tf.compat.v1.qqq"),
        ],
    )
    def test_what_is_not_there(self, name: str, hint: str) -> None:
        with pytest.raises(AttributeError, match=hint):
            getattr(reflow.compat.v1, name)

    def test_logging(self, capsys: pytest.CaptureFixture[str]) -> None:
        logging = reflow.compat.v1.logging
        before = logging.get_verbosity()
        logging.set_verbosity(logging.ERROR)
        assert logging.get_verbosity() == reflow.get_logger().level == 40
        logging.warning("unheard")
        logging.error("heard %d", 1)
        for i in range(4):
            logging.log_first_n(logging.ERROR, "first %d", 2, i)
            logging.log_every_n(logging.ERROR, "every %d", 3, i)
        logging.set_verbosity(before)
        lines = ["heard 1", "first 0", "every 0", "first 1", "every 3"]
        assert capsys.readouterr().err.splitlines() == [f"ERROR:tensorflow:{x}" for x in lines]

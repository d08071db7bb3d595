"""What happens in training, for TensorBoard."""

from __future__ import annotations

import os
import time

import numpy as np

import reflow as tf
from reflow.io._atomic import write_file
from reflow.io._protos import message
from reflow.io._tensor_proto import to_proto
from reflow.keras.callbacks.callback import Callback
from reflow.summary import _plain
from reflow.summary._event_file import EventFile

__all__ = ["TensorBoard"]


class TensorBoard(Callback):
    """Writes event files: losses and metrics, histograms and pictures of the weights.

    ``tensorboard --logdir=logs`` shows them. Training goes to the folder ``train``, validation to
    ``validation``.

    Args:
      log_dir: the folder; give each run one of its own.
      histogram_freq: histograms of the weights every so many epochs; 0 for none.
      write_graph: whether the model's layers are shown as a graph.
      write_images: whether the weights are shown as pictures too, along with the histograms.
      update_freq: ``"epoch"``; ``"batch"`` for every batch's losses and metrics too, or a number of
        batches, counted anew in each epoch, of which the first is written.
      profile_batch: accepted; nothing is profiled (``reflow run --profile`` does that).
      embeddings_freq: the model's weights are saved every so many epochs, for the projector.
      embeddings_metadata: a file with labels of the rows of embedding layers; or a dict of such
        files by the layers' names.
      **kwargs: ``write_grads`` and ``batch_size`` of TF 1, without effect.

    Raises:
      ValueError: if there is another argument, or labels for a layer that is not there.
    """

    def __init__(
        self,
        log_dir="logs",
        histogram_freq=0,
        write_graph=True,
        write_images=False,
        update_freq="epoch",
        profile_batch=2,
        embeddings_freq=0,
        embeddings_metadata=None,
        **kwargs,
    ):
        super().__init__()
        unknown = set(kwargs) - {"write_grads", "batch_size"}
        if unknown:
            raise ValueError(f"Unrecognized arguments in `TensorBoard` Callback: {unknown}")
        self.log_dir = os.fspath(log_dir)
        self.histogram_freq = histogram_freq
        self.write_graph = write_graph
        self.write_images = write_images
        self.update_freq = 1 if update_freq == "batch" else update_freq
        self.embeddings_freq = embeddings_freq
        self.embeddings_metadata = embeddings_metadata
        if self.update_freq != "epoch" and not isinstance(self.update_freq, int):
            raise TypeError(
                f"TensorBoard: update_freq is 'batch', 'epoch' or a number, got {update_freq!r}"
            )
        self._files: dict[str, EventFile] = {}
        self._batches_seen = 0
        self._training = False

    def _wants_batches(self, mode):
        return mode == "train" and self.update_freq != "epoch"

    def set_model(self, model):
        """Gives the callback the model, and begins new files."""
        self.model = model
        self._close()
        self._batches_seen = 0
        if self.write_graph:
            self._write_model()
        if self.embeddings_freq:
            self._write_projector_config()

    def on_batch_end(self, batch, logs=None):
        """Writes a batch's losses and metrics."""
        if self.update_freq != "epoch":
            if batch % self.update_freq == 0:
                skipped = ("batch", "size", "num_steps")
                values = {k: v for k, v in (logs or {}).items() if k not in skipped}
                self._write_scalars("train", "batch_", values, self._batches_seen)
            self._batches_seen += 1

    def on_epoch_end(self, epoch, logs=None):
        """Writes an epoch's losses and metrics, and the weights."""
        logs = logs or {}
        trained = {k: v for k, v in logs.items() if not k.startswith("val_")}
        validated = {k[4:]: v for k, v in logs.items() if k.startswith("val_")}
        self._write_scalars("train", "epoch_", trained, epoch)
        self._write_scalars("validation", "epoch_", validated, epoch)
        if self.histogram_freq and epoch % self.histogram_freq == 0:
            self._write_weights(epoch)
        if self.embeddings_freq and epoch % self.embeddings_freq == 0:
            folder = os.path.join(self.log_dir, "train")
            self.model.save_weights(os.path.join(folder, f"keras_embedding.ckpt-{epoch}"))
        for file in self._files.values():
            file.flush()

    def on_train_begin(self, logs=None):
        """Notes that evaluations to come are validations."""
        self._training = True

    def on_train_end(self, logs=None):
        """Closes the files."""
        self._training = False
        self._close()

    def on_test_end(self, logs=None):
        """Closes the files after an evaluation of its own."""
        if not self._training:
            self._close()

    # ---- writing

    def _write(self, run, step, fill):
        """Writes an event that ``fill`` puts values into; each run's file is made when needed."""
        if run not in self._files:
            folder = os.path.join(self.log_dir, run)
            self._files[run] = EventFile(folder, 10, 120_000, ".v2")
        event = message("Event")(wall_time=time.time(), step=step)
        fill(event.summary)
        self._files[run].add(lambda: event)

    def _write_scalars(self, run, prefix, values, step):
        for name, value in values.items():
            number = np.asarray(value)
            self._write(run, step, lambda s, n=name, v=number: _plain.scalar(s, prefix + n, v))

    def _write_weights(self, epoch):
        for layer in self.model.layers:
            for weight in layer.weights:
                tag, values = weight.name.replace(":", "_"), weight.numpy()
                self._write("train", epoch, lambda s, t=tag, v=values: _plain.histogram(s, t, v))
                pictures = _pictures(values) if self.write_images else None
                if pictures is not None:
                    self._write("train", epoch, lambda s, t=tag, v=pictures: _plain.image(s, t, v))

    def _write_model(self):
        """The layers, as the graph plugin shows them."""
        if not (self.model._is_graph_network or isinstance(self.model, tf.keras.Sequential)):
            return
        description = np.array(self.model.to_json().encode(), object)

        def fill(summary):
            entry = summary.value.add(tag="keras")
            entry.tensor.CopyFrom(to_proto(description, packed=True))
            entry.metadata.plugin_data.plugin_name = "graph_keras_model"
            entry.metadata.plugin_data.content = b"1"

        self._write("train", 0, fill)

    def _write_projector_config(self):
        given = self.embeddings_metadata
        labels = dict(given) if isinstance(given, dict) else {}
        text = ""
        for layer in self.model.layers:
            if isinstance(layer, tf.keras.layers.Embedding):
                name = layer.embeddings.name if layer.built else f"{layer.name}/embeddings:0"
                text += f'embeddings {{\n  tensor_name: "{name}"\n'
                file = given if isinstance(given, str) else labels.pop(layer.name, None)
                if file is not None:
                    text += f'  metadata_path: "{file}"\n'
                text += "}\n"
        if labels:
            raise ValueError(
                "Unrecognized `Embedding` layer names passed to `keras.callbacks.TensorBoard` "
                f"`embeddings_metadata` argument: {labels.keys()}"
            )
        os.makedirs(self.log_dir, exist_ok=True)
        write_file(os.path.join(self.log_dir, "projector_config.pbtxt"), text.encode())

    def _close(self):
        for file in self._files.values():
            file.close()
        self._files = {}


def _pictures(values):
    """A weight as pictures of shape ``(count, height, width, 1)``, wide rather than high."""
    values = np.squeeze(values)
    if values.ndim == 1:
        return values.reshape(1, -1, 1, 1)
    if values.ndim == 2:
        values = values.T if values.shape[0] > values.shape[1] else values
        return values[np.newaxis, :, :, np.newaxis]
    if values.ndim == 3:
        if tf.keras.backend.image_data_format() == "channels_last":
            values = values.transpose(2, 0, 1)
        return values[..., np.newaxis]
    return None

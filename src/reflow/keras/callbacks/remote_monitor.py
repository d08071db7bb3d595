"""The logs of the epochs, sent to a server."""

from __future__ import annotations

import json
import urllib.error
import urllib.parse
import urllib.request

import numpy as np

from reflow.core.logging import warn
from reflow.keras.callbacks.callback import Callback

__all__ = ["RemoteMonitor"]


class RemoteMonitor(Callback):
    """Sends each epoch's logs to a server, as JSON, by HTTP POST to ``root + path``.

    Args:
      root: the server's address.
      path: the path there.
      field: in a form, the name of the field that has the JSON.
      headers: of the request.
      send_as_json: whether the request is the JSON itself instead of a form.
    """

    def __init__(
        self,
        root="http://localhost:9000",
        path="/publish/epoch/end/",
        field="data",
        headers=None,
        send_as_json=False,
    ):
        super().__init__()
        self.root = root
        self.path = path
        self.field = field
        self.headers = headers
        self.send_as_json = send_as_json

    def on_epoch_end(self, epoch, logs=None):
        """Sends an epoch's logs; a server that can't be reached is a warning."""
        values = {"epoch": epoch}
        for name, value in (logs or {}).items():
            is_numpy = isinstance(value, (np.ndarray, np.generic))
            values[name] = value.item() if is_numpy else value
        text = json.dumps(values)
        headers = dict(self.headers or {})
        if self.send_as_json:
            body = text.encode()
            headers.setdefault("Content-Type", "application/json")
        else:
            body = urllib.parse.urlencode({self.field: text}).encode()
        request = urllib.request.Request(self.root + self.path, body, headers)
        try:
            with urllib.request.urlopen(request, timeout=10):
                pass
        except (urllib.error.URLError, OSError):
            warn(f"Could not reach RemoteMonitor root server at {self.root}")

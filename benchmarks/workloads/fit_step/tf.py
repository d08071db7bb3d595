"""A step of `fit`: the time of an epoch, over its batches. The command line names the network."""

import json
import sys
import time

import numpy as np
from models import MODELS, keras

QUICK = "quick" in sys.argv
WARM_UP, EPOCHS = (1, 2) if QUICK else (2, 10)

build, data, batch, steps = MODELS[sys.argv[1]]
steps = 2 if QUICK else steps


class Clock(keras.callbacks.Callback):
    """Notes when each epoch ends: it asks for no batch, so it costs nothing in between."""

    def __init__(self):
        super().__init__()
        self.times = []

    def on_epoch_end(self, epoch, logs=None):
        self.times.append(time.perf_counter())


clock = Clock()
x, y = data(batch * steps)
build().fit(x, y, batch_size=batch, epochs=WARM_UP + EPOCHS, callbacks=[clock], verbose=0)
print(json.dumps({"step_ms": list(1e3 * np.diff(clock.times)[WARM_UP - 1 :] / steps)}))

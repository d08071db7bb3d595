"""Loss and accuracy, then the outputs, of the notes' MNIST network on 10,000 pictures.

In batches of 32, as Keras does.
"""

import json
import sys
import time

import torch
from torch import nn

QUICK = "quick" in sys.argv
WARM_UP, CALLS = (1, 2) if QUICK else (2, 10)

torch.manual_seed(0)
n = 64 if QUICK else 10000
x_all, y_all = torch.rand(n, 28, 28), torch.randint(0, 10, (n,))
model = nn.Sequential(nn.Flatten(), nn.Linear(784, 128), nn.ReLU(), nn.Linear(128, 10)).eval()


@torch.inference_mode()
def evaluate():
    """The mean loss and the share of right answers."""
    loss, correct = torch.zeros(()), torch.zeros((), dtype=torch.int64)
    for x, y in zip(x_all.split(32), y_all.split(32), strict=True):
        outputs = model(x)
        loss += nn.functional.cross_entropy(outputs, y, reduction="sum")
        correct += (outputs.argmax(1) == y).sum()
    return loss.item() / n, correct.item() / n


@torch.inference_mode()
def predict():
    """The probabilities as a NumPy array."""
    return torch.cat([model(x).softmax(1) for x in x_all.split(32)]).numpy()


def times(call):
    """Milliseconds of each call."""
    samples = []
    for number in range(WARM_UP + CALLS):
        start = time.perf_counter()
        call()
        if number >= WARM_UP:
            samples.append(1e3 * (time.perf_counter() - start))
    return samples


print(json.dumps({"evaluate_ms": times(evaluate), "predict_ms": times(predict)}))

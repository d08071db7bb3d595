"""What one op call and one gradient call cost in Python. PyTorch runs the ops at once."""

import json
import sys
import time

import numpy as np
import torch

WARM_UP, BLOCKS = (2, 3) if "quick" in sys.argv else (100, 1000)
OPS = 96

rng = np.random.RandomState(0)
a = torch.tensor(rng.rand(4, 4).astype(np.float32))
c = torch.tensor(rng.rand(4, 4).astype(np.float32))
x = torch.tensor(rng.rand(32, 4).astype(np.float32))
y_ = torch.nn.functional.one_hot(torch.tensor(rng.randint(0, 3, 32)), 3).float()
w = torch.tensor(rng.rand(4, 3).astype(np.float32), requires_grad=True)
b = torch.zeros(3, requires_grad=True)


def adds():
    """A chain of sums."""
    result = a
    for _ in range(OPS):
        result = result + c
    return result


def mix():
    """A chain of eight different ops."""
    result = a
    for _ in range(OPS // 8):
        product = result @ c
        shifted = product - torch.mean(product, dim=1, keepdim=True)
        result = torch.softmax(torch.relu(shifted) * 0.5, dim=1)
        result = torch.sqrt(torch.square(result))
    return result


def timed(function):
    """Seconds of each call."""
    for _ in range(WARM_UP):
        function()
    samples = []
    for _ in range(BLOCKS):
        start = time.perf_counter()
        function()
        samples.append(time.perf_counter() - start)
    return samples


def gradient_samples():
    """Seconds of each gradient of a softmax regression."""
    samples = []
    for _ in range(WARM_UP + BLOCKS):
        y = torch.softmax(x @ w + b, dim=1)
        loss = torch.mean(torch.square(y_ - y))
        start = time.perf_counter()
        torch.autograd.grad(loss, [w, b])
        samples.append(time.perf_counter() - start)
    return samples[WARM_UP:]


print(
    json.dumps(
        {
            "add_us": [1e6 * t / OPS for t in timed(adds)],
            "op_us": [1e6 * t / OPS for t in timed(mix)],
            "gradient_us": [1e6 * t for t in gradient_samples()],
        }
    )
)

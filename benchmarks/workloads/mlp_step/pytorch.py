"""A step of an MLP 784-128-10, batch 32, with Adam written out in Python as in the notes."""

import json
import sys
import time

import numpy as np
import torch

WARM_UP, BLOCKS, STEPS = (1, 2, 2) if "quick" in sys.argv else (4, 20, 25)

rng = np.random.RandomState(0)
batches = [
    (
        torch.tensor(rng.rand(32, 784).astype(np.float32)),
        torch.tensor(rng.randint(0, 10, 32).astype(np.int64)),
    )
    for _ in range(STEPS)
]
variables = [
    torch.tensor((rng.randn(784, 128) / 28).astype(np.float32), requires_grad=True),
    torch.zeros(128, requires_grad=True),
    torch.tensor((rng.randn(128, 10) / 11).astype(np.float32), requires_grad=True),
    torch.zeros(10, requires_grad=True),
]
w1, b1, w2, b2 = variables
m = [torch.zeros_like(v) for v in variables]
v = [torch.zeros_like(v) for v in variables]
lr, beta1, beta2, epsilon = 0.001, 0.9, 0.999, 1e-7
global_step = 0


def step(x, labels):
    """Forward, backward and Adam; returns the loss, unread."""
    global global_step
    global_step += 1
    hidden = torch.relu(x @ w1 + b1)
    logits = hidden @ w2 + b2
    loss = torch.nn.functional.cross_entropy(logits, labels)
    grads = torch.autograd.grad(loss, variables)
    with torch.no_grad():
        for i in range(4):
            m[i] = beta1 * m[i] + (1 - beta1) * grads[i]
            v[i] = beta2 * v[i] + (1 - beta2) * torch.square(grads[i])
            m_correction = m[i] / (1 - beta1**global_step)
            v_correction = v[i] / (1 - beta2**global_step)
            variables[i].sub_(lr * m_correction / (torch.sqrt(v_correction) + epsilon))
    return loss


def block():
    """Some steps, then read the last loss and a weight."""
    for x, labels in batches:
        loss = step(x, labels)
    return float(loss), b2[0].item()


for _ in range(WARM_UP):
    block()
samples = []
for _ in range(BLOCKS):
    start = time.perf_counter()
    block()
    samples.append(1e3 * (time.perf_counter() - start) / STEPS)
print(json.dumps({"step_ms": samples}))

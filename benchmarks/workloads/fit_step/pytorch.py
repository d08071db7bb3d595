"""A step of training: the time of an epoch, over its batches. The command line names the network.

Eager PyTorch with its fused Adam; the rows are shuffled, the loss and the accuracy kept, as `fit`
does. Pictures and convolutions have their channels last, PyTorch's fastest way on CPUs.
"""

import json
import sys
import time

import torch
from pytorch_models import MODELS

QUICK = "quick" in sys.argv
WARM_UP, EPOCHS = (1, 2) if QUICK else (2, 10)

build, data, loss_function, batch, steps = MODELS[sys.argv[1]]
steps = 2 if QUICK else steps

torch.manual_seed(0)
x_all, y_all = data(batch * steps)
model = build()
if x_all.dim() == 4:
    x_all = x_all.contiguous(memory_format=torch.channels_last)
    model = model.to(memory_format=torch.channels_last)
optimizer = torch.optim.Adam(model.parameters(), fused=True)


def epoch():
    """One epoch; the mean loss and the share of right answers."""
    total_loss = torch.zeros(())
    correct = torch.zeros((), dtype=torch.int64)
    for rows in torch.randperm(len(x_all)).split(batch):
        x, y = x_all[rows], y_all[rows]
        if x.dim() == 4:
            x = x.contiguous(memory_format=torch.channels_last)
        optimizer.zero_grad()
        outputs = model(x)
        loss = loss_function(outputs, y)
        if hasattr(model, "penalty"):
            loss = loss + model.penalty()
        loss.backward()
        optimizer.step()
        total_loss += loss.detach()
        if loss_function is torch.nn.functional.cross_entropy:
            correct += (outputs.argmax(1) == y).sum()
        elif loss_function is torch.nn.functional.binary_cross_entropy_with_logits:
            correct += ((outputs > 0) == (y > 0.5)).sum()
    return total_loss.item() / steps, correct.item() / len(x_all)


for _ in range(WARM_UP):
    epoch()
samples = []
for _ in range(EPOCHS):
    start = time.perf_counter()
    epoch()
    samples.append(1e3 * (time.perf_counter() - start) / steps)
print(json.dumps({"step_ms": samples}))

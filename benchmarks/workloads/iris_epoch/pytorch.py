"""One epoch of the notes' Iris loop, training and test, once everything is warm."""

import json
import sys
import time

import numpy as np
import torch
from sklearn import datasets

WARM_UP, EPOCHS = (2, 3) if "quick" in sys.argv else (50, 200)

x_data = datasets.load_iris().data
y_data = datasets.load_iris().target
np.random.seed(116)
np.random.shuffle(x_data)
np.random.seed(116)
np.random.shuffle(y_data)
torch.manual_seed(116)
x_all = torch.tensor(x_data, dtype=torch.float32)
y_all = torch.tensor(y_data)
# Batches cut once: no data loader, which would only slow this down.
train_db = list(zip(x_all[:-30].split(32), y_all[:-30].split(32), strict=True))
test_db = list(zip(x_all[-30:].split(32), y_all[-30:].split(32), strict=True))
w1 = torch.empty(4, 3)
b1 = torch.empty(3)
for parameter in (w1, b1):
    torch.nn.init.trunc_normal_(parameter, std=0.1, a=-0.2, b=0.2)
    parameter.requires_grad_()
lr = 0.1


def epoch():
    """Train on four batches, then count the right answers on the test data."""
    loss_all = 0
    for x_train, y_train in train_db:
        y = torch.softmax(x_train @ w1 + b1, dim=1)
        y_ = torch.nn.functional.one_hot(y_train, 3).float()
        loss = torch.mean(torch.square(y_ - y))
        loss_all += loss.item()
        grads = torch.autograd.grad(loss, [w1, b1])
        with torch.no_grad():
            w1.sub_(lr * grads[0])
            b1.sub_(lr * grads[1])

    total_correct, total_number = 0, 0
    with torch.no_grad():
        for x_test, y_test in test_db:
            pred = torch.argmax(torch.softmax(x_test @ w1 + b1, dim=1), dim=1)
            total_correct += int(torch.sum((pred == y_test).int()))
            total_number += x_test.shape[0]
    return loss_all / 4, total_correct / total_number


for _ in range(WARM_UP):
    epoch()
samples = []
for _ in range(EPOCHS):
    start = time.perf_counter()
    epoch()
    samples.append(1e3 * (time.perf_counter() - start))
print(json.dumps({"epoch_ms": samples}))

"""The notes' Iris Sequential program in PyTorch: the same data, training and printed figures."""

import numpy as np
import torch
from sklearn import datasets
from torch import nn

x_data = datasets.load_iris().data
y_data = datasets.load_iris().target
np.random.seed(116)
np.random.shuffle(x_data)
np.random.seed(116)
np.random.shuffle(y_data)
torch.manual_seed(116)

x_all, y_all = torch.tensor(x_data, dtype=torch.float32), torch.tensor(y_data)
x_train, y_train = x_all[:120], y_all[:120]
x_val, y_val = x_all[120:], y_all[120:]

model = nn.Linear(4, 3)
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
for epoch in range(500):
    total_loss, correct = torch.zeros(()), torch.zeros((), dtype=torch.int64)
    for rows in torch.randperm(120).split(32):
        x, y = x_train[rows], y_train[rows]
        optimizer.zero_grad()
        outputs = model(x)
        loss = nn.functional.cross_entropy(outputs, y) + 0.01 * model.weight.square().sum()
        loss.backward()
        optimizer.step()
        total_loss += loss.detach() * len(x)
        correct += (outputs.argmax(1) == y).sum()
    text = f"Epoch {epoch + 1}/500 - loss: {total_loss / 120:.4f} - accuracy: {correct / 120:.4f}"
    if epoch % 20 == 19:
        with torch.inference_mode():
            outputs = model(x_val)
            loss = nn.functional.cross_entropy(outputs, y_val)
            share = (outputs.argmax(1) == y_val).float().mean()
        text += f" - val_loss: {loss:.4f} - val_accuracy: {share:.4f}"
    print(text)
print(model)

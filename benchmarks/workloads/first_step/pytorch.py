"""From the start to the first step of training: import, an MLP 784-128-10, one batch."""

import torch
from torch import nn

x, y = torch.rand(32, 28, 28), torch.randint(0, 10, (32,))
model = nn.Sequential(nn.Flatten(), nn.Linear(784, 128), nn.ReLU(), nn.Linear(128, 10))
optimizer = torch.optim.Adam(model.parameters(), fused=True)
outputs = model(x)
loss = nn.functional.cross_entropy(outputs, y)
loss.backward()
optimizer.step()
print("loss:", loss.item(), "accuracy:", (outputs.argmax(1) == y).float().mean().item())

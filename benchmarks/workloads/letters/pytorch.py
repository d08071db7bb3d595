"""The next letter from one letter, in PyTorch: 100 epochs with checkpoints, and curves."""

import torch
from matplotlib import pyplot as plt
from torch import nn

torch.manual_seed(7)
letters = "abcde"
x_train = torch.eye(5).reshape(5, 1, 5)
y_train = torch.tensor([1, 2, 3, 4, 0])


class Letters(nn.Module):
    """Three memory cells and a layer that names the letter."""

    def __init__(self):
        super().__init__()
        self.rnn = nn.RNN(5, 3, batch_first=True)
        self.dense = nn.Linear(3, 5)

    def forward(self, x):
        _, hidden = self.rnn(x)
        return self.dense(hidden[-1])


model = Letters()
optimizer = torch.optim.Adam(model.parameters(), lr=0.01, fused=True)
losses, accuracies = [], []
for epoch in range(100):
    rows = torch.randperm(5)
    optimizer.zero_grad()
    outputs = model(x_train[rows])
    loss = nn.functional.cross_entropy(outputs, y_train[rows])
    loss.backward()
    optimizer.step()
    accuracies.append((outputs.argmax(1) == y_train[rows]).float().mean().item())
    losses.append(loss.item())
    print(f"Epoch {epoch + 1}/100 - loss: {losses[-1]:.4f} - accuracy: {accuracies[-1]:.4f}")
    if losses[-1] == min(losses):
        torch.save(model.state_dict(), "letters.pt")
print(model)

with open("./weights.txt", "w") as file:
    file.writelines(
        f"{name}\n{tuple(parameter.shape)}\n{parameter.detach().numpy()}\n"
        for name, parameter in model.named_parameters()
    )

plt.plot(accuracies, label="Training Accuracy")
plt.plot(losses, label="Training Loss")
plt.legend()
plt.show()

with torch.inference_mode():
    for number, letter in enumerate(letters):
        print(letter + "->" + letters[int(model(x_train[number : number + 1]).argmax(1))])

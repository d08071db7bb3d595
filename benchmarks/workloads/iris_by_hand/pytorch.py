"""The notes' Iris program in PyTorch: the same data, loop, printed lines and plots."""

import numpy as np
import torch
from matplotlib import pyplot as plt
from sklearn import datasets

x_data = datasets.load_iris().data
y_data = datasets.load_iris().target
print(x_data.shape, y_data.shape)
np.random.seed(116)
np.random.shuffle(x_data)
np.random.seed(116)
np.random.shuffle(y_data)
torch.manual_seed(116)

x_all = torch.tensor(x_data, dtype=torch.float32)
y_all = torch.tensor(y_data)
train_db = list(zip(x_all[:-30].split(32), y_all[:-30].split(32), strict=True))
test_db = list(zip(x_all[-30:].split(32), y_all[-30:].split(32), strict=True))

w1 = torch.empty(4, 3)
b1 = torch.empty(3)
for parameter in (w1, b1):
    torch.nn.init.trunc_normal_(parameter, std=0.1, a=-0.2, b=0.2)
    parameter.requires_grad_()

lr = 0.1
train_loss_results = []
test_acc = []
loss_all = 0

for epoch in range(500):
    for x_train, y_train in train_db:
        y = torch.softmax(x_train @ w1 + b1, dim=1)
        y_ = torch.nn.functional.one_hot(y_train, 3).float()
        loss = torch.mean(torch.square(y_ - y))
        loss_all += loss.item()
        grads = torch.autograd.grad(loss, [w1, b1])
        with torch.no_grad():
            w1.sub_(lr * grads[0])
            b1.sub_(lr * grads[1])
    if epoch % 50 == 0:
        print(f"Epoch {epoch}, loss: {loss_all / 4}")
    train_loss_results.append(loss_all / 4)
    loss_all = 0

    total_correct, total_number = 0, 0
    with torch.no_grad():
        for x_test, y_test in test_db:
            pred = torch.argmax(torch.softmax(x_test @ w1 + b1, dim=1), dim=1)
            total_correct += int(torch.sum((pred == y_test).int()))
            total_number += x_test.shape[0]
    acc = total_correct / total_number
    test_acc.append(acc)
    if epoch % 50 == 0:
        print("Test_acc:", acc)
        print("--------------------------")

plt.title("Loss Function Curve")
plt.xlabel("Epoch")
plt.ylabel("Loss")
plt.plot(train_loss_results, label="$Loss$")
plt.legend()
plt.show()

plt.title("Acc Curve")
plt.xlabel("Epoch")
plt.ylabel("Acc")
plt.plot(test_acc, label="$Accuracy$")
plt.legend()
plt.show()

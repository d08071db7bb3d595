"""The networks of `models.py` in PyTorch."""

import torch
from torch import nn
from torch.nn import functional


class Mlp(nn.Sequential):
    """The notes' network for MNIST; the loss holds the softmax."""

    def __init__(self):
        super().__init__(nn.Flatten(), nn.Linear(784, 128), nn.ReLU(), nn.Linear(128, 10))


class Stock(nn.Module):
    """Two recurrent layers for 60 prices."""

    def __init__(self, layer):
        super().__init__()
        self.first = layer(1, 80, batch_first=True)
        self.second = layer(80, 100, batch_first=True)
        self.dropout = nn.Dropout(0.2)
        self.dense = nn.Linear(100, 1)

    def forward(self, x):
        x, _ = self.first(x)
        x, _ = self.second(self.dropout(x))
        return self.dense(self.dropout(x[:, -1]))


class Text(nn.Module):
    """A classifier of texts of up to 200 words; packed sequences leave out the padding."""

    def __init__(self):
        super().__init__()
        self.embedding = nn.Embedding(10000, 64)
        self.lstm = nn.LSTM(64, 64, batch_first=True, bidirectional=True)
        self.dense = nn.Linear(128, 1)

    def forward(self, x):
        lengths = (x != 0).sum(1)
        packed = nn.utils.rnn.pack_padded_sequence(
            self.embedding(x), lengths, batch_first=True, enforce_sorted=False
        )
        _, (hidden, _) = self.lstm(packed)
        return self.dense(torch.cat([hidden[0], hidden[1]], 1)).squeeze(1)


def pictures(*shape):
    """Makes random pictures of a shape, with labels of ten classes."""
    return lambda n: (torch.rand(n, *shape), torch.randint(0, 10, (n,)))


def prices(n):
    """Sixty random prices each, and the next one."""
    return torch.rand(n, 60, 1), torch.rand(n, 1)


def texts(n):
    """50 to 200 random words each, zeros behind them, and whether somebody liked it."""
    x = torch.randint(1, 10000, (n, 200))
    x[torch.arange(200) >= torch.randint(50, 201, (n, 1))] = 0
    return x, torch.randint(0, 2, (n,)).float()


# name -> the model, its data, the loss, the batch size, the batches of an epoch
MODELS = {
    "mlp": (Mlp, pictures(28, 28), functional.cross_entropy, 32, 312),
    "lstm": (lambda: Stock(nn.LSTM), prices, functional.mse_loss, 64, 32),
    "gru": (lambda: Stock(nn.GRU), prices, functional.mse_loss, 64, 32),
    "simple_rnn": (lambda: Stock(nn.RNN), prices, functional.mse_loss, 64, 32),
    "text": (Text, texts, functional.binary_cross_entropy_with_logits, 32, 20),
}

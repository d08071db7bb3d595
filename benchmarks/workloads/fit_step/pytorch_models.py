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


def lenet5():
    """LeNet5 with its sigmoids."""
    return nn.Sequential(
        nn.Conv2d(3, 6, 5),
        nn.Sigmoid(),
        nn.MaxPool2d(2),
        nn.Conv2d(6, 16, 5),
        nn.Sigmoid(),
        nn.MaxPool2d(2),
        nn.Flatten(),
        nn.Linear(400, 120),
        nn.Sigmoid(),
        nn.Linear(120, 84),
        nn.Sigmoid(),
        nn.Linear(84, 10),
    )


def conv_bn_relu(channels, filters, kernel, stride=1, padding=None):
    """Convolution, batch normalization with Keras's settings, ReLU."""
    return nn.Sequential(
        nn.Conv2d(channels, filters, kernel, stride, kernel // 2 if padding is None else padding),
        nn.BatchNorm2d(filters, eps=1e-3, momentum=0.01),
        nn.ReLU(),
    )


def baseline():
    """One convolution."""
    return nn.Sequential(
        conv_bn_relu(3, 6, 5),
        nn.MaxPool2d(2),
        nn.Dropout(0.2),
        nn.Flatten(),
        nn.Linear(16 * 16 * 6, 128),
        nn.ReLU(),
        nn.Dropout(0.2),
        nn.Linear(128, 10),
    )


def alexnet8():
    """Five convolutions and three dense layers."""
    return nn.Sequential(
        conv_bn_relu(3, 96, 3, padding=0),
        nn.MaxPool2d(3, 2),
        conv_bn_relu(96, 256, 3, padding=0),
        nn.MaxPool2d(3, 2),
        nn.Conv2d(256, 384, 3, padding=1),
        nn.ReLU(),
        nn.Conv2d(384, 384, 3, padding=1),
        nn.ReLU(),
        nn.Conv2d(384, 256, 3, padding=1),
        nn.ReLU(),
        nn.MaxPool2d(3, 2),
        nn.Flatten(),
        nn.Linear(1024, 2048),
        nn.ReLU(),
        nn.Dropout(0.5),
        nn.Linear(2048, 2048),
        nn.ReLU(),
        nn.Dropout(0.5),
        nn.Linear(2048, 10),
    )


class Inception(nn.Module):
    """Four ways from the input to the output."""

    def __init__(self, channels, filters, stride=1):
        super().__init__()
        self.one = conv_bn_relu(channels, filters, 1, stride)
        self.three = nn.Sequential(
            conv_bn_relu(channels, filters, 1, stride), conv_bn_relu(filters, filters, 3)
        )
        self.five = nn.Sequential(
            conv_bn_relu(channels, filters, 1, stride), conv_bn_relu(filters, filters, 5)
        )
        self.pool = nn.Sequential(nn.MaxPool2d(3, 1, 1), conv_bn_relu(channels, filters, 1, stride))

    def forward(self, x):
        return torch.cat([self.one(x), self.three(x), self.five(x), self.pool(x)], 1)


def inception10():
    """Ten layers, four blocks."""
    return nn.Sequential(
        conv_bn_relu(3, 16, 3),
        Inception(16, 16, 2),
        Inception(64, 16),
        Inception(64, 32, 2),
        Inception(128, 32),
        nn.AdaptiveAvgPool2d(1),
        nn.Flatten(),
        nn.Linear(128, 10),
    )


class Residual(nn.Module):
    """Two convolutions beside a short cut."""

    def __init__(self, channels, filters, stride=1):
        super().__init__()
        self.first = nn.Conv2d(channels, filters, 3, stride, 1, bias=False)
        self.norm1 = nn.BatchNorm2d(filters, eps=1e-3, momentum=0.01)
        self.second = nn.Conv2d(filters, filters, 3, 1, 1, bias=False)
        self.norm2 = nn.BatchNorm2d(filters, eps=1e-3, momentum=0.01)
        self.short_cut = nn.Identity()
        if channels != filters:
            self.short_cut = nn.Sequential(
                nn.Conv2d(channels, filters, 1, stride, bias=False),
                nn.BatchNorm2d(filters, eps=1e-3, momentum=0.01),
            )

    def forward(self, x):
        y = torch.relu(self.norm1(self.first(x)))
        return torch.relu(self.norm2(self.second(y)) + self.short_cut(x))


class ResNet18(nn.Module):
    """Eight residual blocks; the loss adds the dense layer's L2 term, as Keras does."""

    def __init__(self):
        super().__init__()
        self.blocks = nn.Sequential(
            nn.Conv2d(3, 64, 3, padding=1, bias=False),
            nn.BatchNorm2d(64, eps=1e-3, momentum=0.01),
            nn.ReLU(),
            Residual(64, 64),
            Residual(64, 64),
            Residual(64, 128, 2),
            Residual(128, 128),
            Residual(128, 256, 2),
            Residual(256, 256),
            Residual(256, 512, 2),
            Residual(512, 512),
            nn.AdaptiveAvgPool2d(1),
            nn.Flatten(),
        )
        self.dense = nn.Linear(512, 10)

    def forward(self, x):
        return self.dense(self.blocks(x))

    def penalty(self):
        """What is added to the loss."""
        return 0.01 * self.dense.weight.square().sum()


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
    "lenet5": (lenet5, pictures(3, 32, 32), functional.cross_entropy, 32, 100),
    "baseline": (baseline, pictures(3, 32, 32), functional.cross_entropy, 32, 100),
    "alexnet8": (alexnet8, pictures(3, 32, 32), functional.cross_entropy, 32, 4),
    "inception10": (inception10, pictures(3, 32, 32), functional.cross_entropy, 32, 10),
    "resnet18": (ResNet18, pictures(3, 32, 32), functional.cross_entropy, 32, 3),
}

"""What the Iris program costs without a framework: the imports, the data and the two plots."""

import numpy as np
from matplotlib import pyplot as plt
from sklearn import datasets

x_data = datasets.load_iris().data
y_data = datasets.load_iris().target
np.random.seed(116)
np.random.shuffle(x_data)
np.random.seed(116)
np.random.shuffle(y_data)

for title in ("Loss Function Curve", "Acc Curve"):
    plt.title(title)
    plt.plot(np.linspace(1, 0, 500), label=title)
    plt.legend()
    plt.show()

"""tf.keras: the noise of layers that take their seeds from NumPy's generator, however a model runs.

A row trains a small model; its losses equal TF's only if every layer takes the same seeds in the
same order, however often TF traces the model.
"""

from golden.table import Table, uniform

table = Table(
    "keras_noise_seeds", seed=7, rtol=2e-5, why="a dozen steps, and sums in another order"
)
case = table.case

START = """
L = tf.keras.layers
F, T = L.Flatten, lambda: L.Dense(3, "softmax")
N, G, A, D = lambda: L.GaussianNoise(0.5), lambda: L.GaussianDropout(0.3), lambda: L.AlphaDropout(0.3), lambda: L.Dropout(0.3)
x, y = x.numpy(), np.arange({samples}) % 3
"""
COMPILE = """
model.compile("sgd", "sparse_categorical_crossentropy")
"""
FIT = """
result = [float(loss) for loss in model.fit(x, y, epochs=2, verbose=0).history["loss"]]
"""
# What is left of the generator tells how many seeds were taken.
LEFT = "result.append(int(np.random.randint(1000)))\n"

LAYERS = {
    "noise": "N()",
    "gaussian_dropout": "G()",
    "alpha_dropout": "A()",
    "alpha_seeded": "L.AlphaDropout(0.3, seed=4)",
    "several": "N(), L.Dense(4), G(), A()",
    "mixed": "D(), N(), L.Dense(4), D(), A(), D()",
    "none": "L.GaussianDropout(0.0), D(), L.AlphaDropout(0.0)",
    "nested": "tf.keras.Sequential([N(), L.Dense(4)]), D(), N()",
    "distributed": "L.Reshape((4, 4)), L.TimeDistributed(N()), F()",
}
for name, layers in LAYERS.items():
    for samples in (64, 50):
        start = START.format(samples=samples)
        inputs = {"x": uniform(0, 1, samples, 4, 4)}
        late = "model = tf.keras.Sequential([F(), %s, T()])" % layers
        early = "model = tf.keras.Sequential([L.Flatten(input_shape=(4, 4)), %s, T()])" % layers
        for how, made in {"late": late, "early": early}.items():
            case("%s_%s_%d" % (name, how, samples), start + made + COMPILE + FIT + LEFT, **inputs)

HOW = {
    "fit_twice": FIT + "result += [float(v) for v in model.fit(x, y, verbose=0).history['loss']]\n",
    "fit_validation": """
history = model.fit(x, y, epochs=2, verbose=0, validation_split=0.25).history
result = [float(v) for v in history["loss"] + history["val_loss"]]
""",
    "evaluate": "result = [float(model.evaluate(x, y, verbose=0))]\n",
    "evaluate_fit": "model.evaluate(x, y, verbose=0)\n" + FIT,
    "predict_fit": "model.predict(x)\n" + FIT,
    "train_on_batch": "result = [float(model.train_on_batch(x, y)) for _ in range(3)]\n",
    "batch_fit": "model.train_on_batch(x, y)\n" + FIT,
    "test_on_batch": "result = [float(model.test_on_batch(x, y)) for _ in range(2)]\n",
    "dataset": """
data = tf.data.Dataset.from_tensor_slices((x, y)).batch(16)
result = [float(v) for v in model.fit(data, epochs=2, verbose=0).history["loss"]]
""",
    "eager_calls": """
result = [float(tf.reduce_sum(model(x, training=t)[:, 0])) for t in (True, False, True)]
""",
    "loop": """
result = []
optimizer = tf.keras.optimizers.SGD(0.1)
for step in range(4):
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean(tf.keras.losses.sparse_categorical_crossentropy(y, model(x, training=True)))
    optimizer.apply_gradients(zip(tape.gradient(loss, model.trainable_weights), model.trainable_weights))
    result.append(float(loss))
""",
    "loop_function": """
result = []
optimizer = tf.keras.optimizers.SGD(0.1)

@tf.function
def step(x, y):
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean(tf.keras.losses.sparse_categorical_crossentropy(y, model(x, training=True)))
    optimizer.apply_gradients(zip(tape.gradient(loss, model.trainable_weights), model.trainable_weights))
    return loss

for _ in range(3):
    result.append(float(step(x, y)))
""",
}
MODELS = {
    "late": "model = tf.keras.Sequential([F(), N(), L.Dense(4), D(), A(), T()])",
    "early": "model = tf.keras.Sequential([L.Flatten(input_shape=(4, 4)), N(), L.Dense(4), D(), A(), T()])",
    "functional": "a = L.Input((4, 4))\nmodel = tf.keras.Model(a, T()(A()(D()(L.Dense(4)(N()(F()(a)))))))",
    "subclass": """
class Net(tf.keras.Model):
    def __init__(self):
        super(Net, self).__init__()
        self.all = [F(), N(), L.Dense(4), D(), A(), T()]

    def call(self, x, training=None):
        for layer in self.all:
            x = layer(x)
        return x

model = Net()
""",
}
for name, model in MODELS.items():
    for how, code in HOW.items():
        inputs = {"x": uniform(0, 1, 64, 4, 4)}
        case(name + "_" + how, START.format(samples=64) + model + COMPILE + code + LEFT, **inputs)

"""tf.keras.experimental: the cell with peepholes and the models ready made."""

from golden.table import Table, f32

table = Table("keras_experimental", seed=7, rtol=1e-5, why="sums in another order")
case, error = table.case, table.error

START = """
E, L = tf.keras.experimental, tf.keras.layers
ONES = dict(kernel_initializer="ones")
SHAPES = lambda m: [w.shape.as_list() for w in m.weights]
wide = lambda: E.LinearModel(**ONES)
deep = lambda: tf.keras.Sequential([L.Dense(2, activation="relu", **ONES), L.Dense(1, **ONES)])
"""
for name, code in {
    "peephole": "r = L.RNN(E.PeepholeLSTMCell(3))\nr(x)\nfor i, w in enumerate(r.weights):\n    w.assign(np.random.RandomState(i).randn(*w.shape))\n[r(x), [w.name.split('/')[-1] for w in r.weights], SHAPES(r)]",
    "peephole_config": "c = E.PeepholeLSTMCell(3, name='p').get_config()\n[c, E.PeepholeLSTMCell.from_config(c).units]",
    "peephole_sequences": "L.RNN(E.PeepholeLSTMCell(2, kernel_initializer='ones', recurrent_initializer='ones', activation='relu'), return_sequences=True)(x)",
    "linear": "m = E.LinearModel()\nm.compile('sgd', 'mse')\nh = m.fit(x.numpy()[:, 0], x.numpy()[:, 1, :1], verbose=0, epochs=2)\n[h.history['loss'], SHAPES(m)]",
    "linear_options": "m = E.LinearModel(2, 'relu', False, 'ones')\n[m(x[:, 0]), SHAPES(m)]",
    "linear_several": "m = wide()\n[m([x[:, 0], x[:, 1, :3]]), SHAPES(m)]",
    "linear_config": "m = E.LinearModel(3, 'relu', name='lin')\n[m.get_config(), E.LinearModel.from_config(m.get_config()).units]",
    "linear_regularized": "m = E.LinearModel(kernel_regularizer='l2', kernel_initializer='ones')\nm(x[:, 0])\nm.losses",
    "wide_deep": "m = E.WideDeepModel(wide(), deep(), activation='sigmoid')\n[m([x[:, 0], x[:, 1]]), m(x[:, 0]), SHAPES(m)]",
    "wide_deep_fit": "m = E.WideDeepModel(wide(), deep())\nm.compile('sgd', 'mse')\nm.fit([x.numpy()[:, 0], x.numpy()[:, 1]], x.numpy()[:, 0, :1], verbose=0, epochs=3).history['loss']",
    "terminate": "E.terminate_keras_multiprocessing_pools()",
}.items():
    case(name, START + code, x=f32(6, 4, 5))
error(
    "linear_inputs",
    START + "m = wide()\nm(x[:, 0])\nm([x[:, 0], x[:, 1]])",
    x=f32(6, 4, 5),
    says=("Expected 1 inputs, but got 2 inputs",),
)

"""tf.keras.wrappers.scikit_learn: Keras models as estimators; both sides run their scikit-learn."""

from golden.table import Table, f32

table = Table("keras_scikit_learn", seed=7, rtol=1e-4, why="a few epochs of training")
case, error = table.case, table.error

START = """
W = tf.keras.wrappers.scikit_learn
L = tf.keras.layers
x = x.numpy()
labels = (x[:, 0] > 0).astype(int) + (x[:, 1] > 0)
names = np.array(["a", "b", "c"])[labels]
target = x.sum(1)

def classifier(units=4, optimizer="sgd"):
    model = tf.keras.Sequential([L.Dense(units, "relu", input_shape=(3,)), L.Dense(3, "softmax")])
    model.compile(optimizer, "sparse_categorical_crossentropy", metrics=["accuracy"])
    return model

def onehot():
    model = tf.keras.Sequential([L.Dense(3, "softmax", input_shape=(3,))])
    model.compile("sgd", "categorical_crossentropy", metrics=["accuracy"])
    return model

def binary():
    model = tf.keras.Sequential([L.Dense(1, "sigmoid", input_shape=(3,))])
    model.compile("sgd", "binary_crossentropy", metrics=["accuracy"])
    return model

def regressor(units=4):
    model = tf.keras.Sequential([L.Dense(units, "relu", input_shape=(3,)), L.Dense(1)])
    model.compile("sgd", "mse")
    return model

c = W.KerasClassifier(classifier, epochs=3, batch_size=10, verbose=0)
r = W.KerasRegressor(build_fn=regressor, epochs=3, verbose=0)
"""
for name, code in {
    "classifier": "h = c.fit(x, labels)\n[h.history['loss'], c.predict(x), c.predict_proba(x), float(c.score(x, labels)), c.classes_, c.n_classes_]",
    "classifier_names": "c.fit(x, names)\n[list(c.predict(x)), float(c.score(x, names))]",
    "classifier_column": "c.fit(x, labels[:, None])\nc.predict(x)",
    "classifier_onehot": "o = W.KerasClassifier(onehot, verbose=0)\no.fit(x, labels)\n[o.predict(x), float(o.score(x, labels)), o.model.loss]",
    "classifier_onehot_rows": "o = W.KerasClassifier(onehot, verbose=0)\no.fit(x, np.eye(3)[labels])\n[o.predict(x), o.classes_]",
    "classifier_binary": "o = W.KerasClassifier(binary, verbose=0)\no.fit(x, labels > 0)\n[o.predict(x), o.predict_proba(x), float(o.score(x, labels > 0))]",
    "regressor": "r.fit(x, target)\n[r.predict(x), float(r.score(x, target))]",
    "regressor_options": "r.fit(x, target, epochs=5)\n[len(r.model.history.epoch), r.predict(x[:1]).shape, r.predict(x, batch_size=7)]",
    "params": "[sorted(c.get_params()), c.get_params()['build_fn'] is classifier, sorted(c.set_params(units=7).get_params()), c.filter_sk_params(classifier), c.filter_sk_params(c.fit), c.filter_sk_params(tf.keras.Sequential.fit, {'epochs': 9})]",
    "object": "class Make:\n    def __call__(self, units=3):\n        return classifier(units)\nc = W.KerasClassifier(Make(), units=2, verbose=0)\nc.fit(x, labels)\nc.predict(x)",
    "subclass": "class Mine(W.KerasClassifier):\n    def __call__(self, units=3):\n        return classifier(units)\nc = Mine(units=2, verbose=0)\nc.fit(x, labels)\nc.predict(x)",
    "cross_val_score": "from sklearn.model_selection import cross_val_score\n[cross_val_score(c, x, labels, cv=3), cross_val_score(r, x, target, cv=3)]",
    "k_fold": "from sklearn.model_selection import KFold, cross_val_score\ncross_val_score(r, x, target, cv=KFold(4, shuffle=True, random_state=1))",
    "cross_val_predict": "from sklearn.model_selection import cross_val_predict\ncross_val_predict(r, x, target, cv=3)",
    "grid_search": "from sklearn.model_selection import GridSearchCV\ng = GridSearchCV(c, dict(units=[2, 5], epochs=[1, 4], optimizer=['sgd', 'adam']), cv=2)\ng.fit(x, labels)\n[g.cv_results_['mean_test_score'], g.best_params_, float(g.best_score_)]",
    "randomized_search": "from sklearn.model_selection import RandomizedSearchCV\ng = RandomizedSearchCV(r, dict(units=[2, 5, 8]), n_iter=2, cv=2, random_state=3)\ng.fit(x, target)\n[g.cv_results_['mean_test_score'], g.best_params_]",
    "pipeline": "from sklearn.pipeline import Pipeline\nfrom sklearn.preprocessing import StandardScaler\nfrom sklearn.model_selection import cross_val_score\np = Pipeline([('scale', StandardScaler()), ('mlp', r)])\ncross_val_score(p, x, target, cv=3)",
    "pipeline_fit": "from sklearn.pipeline import make_pipeline\nfrom sklearn.preprocessing import StandardScaler\np = make_pipeline(StandardScaler(), c)\np.fit(x, labels)\n[p.predict(x), float(p.score(x, labels))]",
    "clone": "from sklearn.base import clone\nq = clone(c)\n[q is not c, sorted(q.get_params()), q.build_fn is classifier]",
}.items():
    case(name, START + code, x=f32(30, 3))
for name, (code, *says) in {
    "parameter": ("W.KerasClassifier(classifier, zz=3)", "zz is not a legal parameter"),
    "set_parameter": ("c.set_params(zz=3)", "zz is not a legal parameter"),
    "shape": ("c.fit(x, np.zeros((30, 1, 1)))", "Invalid shape for y: (30, 1, 1)"),
    "accuracy": ("c = W.KerasClassifier(regressor, verbose=0)\nc.fit(x, labels)\nc.score(x, labels)", "The model is not configured to compute accuracy."),
}.items():  # fmt: skip
    error("bad_" + name, START + code, x=f32(30, 3), says=tuple(says))

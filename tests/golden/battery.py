"""The battery that every layer of the golden tables faces.

``BATTERY.format(make=..., inputs=..., calls=..., symbolic=..., config=...)`` is a row's code.
"""

BATTERY = """
L = tf.keras.layers
inputs = {inputs}
shapes = tf.nest.map_structure(lambda t: t.shape, inputs)
layer = L.{make}
layer.build(shapes)
layer.built = True

def numbers(v, k):
    made = np.cos(np.arange(v.size) * 0.7 + k).reshape(v.shape)
    return (np.abs(made) + 0.5 if "variance" in layer.weights[k].name else made).astype(v.dtype)

layer.set_weights([numbers(v, k) for k, v in enumerate(layer.get_weights())])
result = [[(w.name, w.shape.as_list(), w.dtype.name, w.trainable) for w in layer.weights]]
floats = [t for t in tf.nest.flatten(inputs) if t.dtype.is_floating]
for kwargs in {calls}:
    with tf.GradientTape() as tape:
        tape.watch(floats)
        y = layer(inputs, **kwargs)
        factors = np.cos(np.arange(int(np.prod(y.shape.as_list())))).reshape(y.shape.as_list())
        loss = tf.reduce_sum(y * tf.constant(factors, y.dtype))
        for penalty in layer.losses:
            loss += tf.cast(penalty, y.dtype)
    sources = floats + layer.trainable_weights
    result.append([y, tape.gradient(loss, sources) if sources else None, layer.losses])
    result.append([getattr(y, "_keras_mask", None), layer.get_weights()])
result.append(layer.compute_output_shape(shapes))
config = {config}.get_config()
again = type(layer).from_config({config}.get_config())
result.append([config, again.get_config() == config])
result.append([layer.supports_masking, repr(layer.input_spec), layer.stateful, layer.name])
if {symbolic}:
    batch = lambda t: tf.keras.Input(t.shape[1:], dtype=t.dtype)
    y = again(tf.nest.map_structure(batch, inputs))
    result.append([y.shape.as_list(), y.dtype.name])
    result.append([(w.name.split("/")[-1], w.shape.as_list()) for w in again.weights])
result
"""

PLAIN = "[{}]"
BOTH = "[{}, {'training': True}, {'training': False}]"

import tensorflow as tf

tf.random.set_seed(5)
(x_train, y_train), (x_test, y_test) = tf.keras.datasets.fashion_mnist.load_data()
x_train, x_test = x_train / 255.0, x_test / 255.0
y_train, y_test = tf.keras.utils.to_categorical(y_train), tf.keras.utils.to_categorical(y_test)

inputs = tf.keras.Input(shape=(28, 28), name='image')
x = tf.keras.layers.Flatten()(inputs)
a = tf.keras.layers.Dense(32, activation='relu', name='a')(x)
b = tf.keras.layers.Dense(32, activation='tanh', kernel_regularizer='l2', name='b')(x)
x = tf.keras.layers.concatenate([a, b])
outputs = tf.keras.layers.Dense(10, activation='softmax', name='kind')(x)
model = tf.keras.Model(inputs, outputs)
model.compile(optimizer=tf.keras.optimizers.SGD(0.1, momentum=0.9, nesterov=True),
              loss='categorical_crossentropy', metrics=['acc', 'ce'])
model.fit(x_train, y_train, batch_size=64, epochs=12, validation_data=(x_test, y_test), verbose=2,
          callbacks=[
              tf.keras.callbacks.ReduceLROnPlateau(patience=1, factor=0.3, verbose=1),
              tf.keras.callbacks.EarlyStopping(patience=3, verbose=1, restore_best_weights=True),
          ])
model.summary()
print(['%.3f' % value for value in model.evaluate(x_test, y_test, verbose=0)])

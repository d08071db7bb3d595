import tensorflow as tf
tf.random.set_seed(22)
# --- LeNet as a Sequential, in the style of the notes ---
import tensorflow as tf
from tensorflow.keras.layers import AveragePooling2D, Conv2D, Dense, Flatten

mnist = tf.keras.datasets.mnist
(x_train, y_train), (x_test, y_test) = mnist.load_data()
x_train, x_test = x_train[:4000, ..., None] / 255.0, x_test[:1000, ..., None] / 255.0
y_train, y_test = y_train[:4000], y_test[:1000]

model = tf.keras.models.Sequential([
    Conv2D(6, 5, padding='same', activation='tanh', input_shape=(28, 28, 1)),
    AveragePooling2D(),
    Conv2D(16, (5, 5), activation='tanh'),
    AveragePooling2D(pool_size=2, strides=2),
    Flatten(),
    Dense(120, activation='tanh'),
    Dense(84, activation='tanh'),
    Dense(10, activation='softmax'),
])
model.summary()

model.compile(optimizer=tf.keras.optimizers.SGD(lr=0.05, momentum=0.9),
              loss='sparse_categorical_crossentropy',
              metrics=['accuracy'])

model.fit(x_train, y_train, batch_size=64, epochs=3, validation_data=(x_test, y_test))
print(model.evaluate(x_test, y_test, verbose=0))
print(model.predict(x_test[:2]).shape)

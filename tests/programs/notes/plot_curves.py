# Curves of accuracy and loss with matplotlib; no TensorFlow in it.
acc = [0.6, 0.8, 0.9]
val_acc = [0.5, 0.7, 0.8]
loss = [1.0, 0.5, 0.3]
val_loss = [1.1, 0.7, 0.6]

# --- the code of the notes ---
from matplotlib import pyplot as plt

plt.subplot(1, 2, 1)
plt.plot(acc, label='Training Accuracy')
plt.plot(val_acc, label='Validation Accuracy')
plt.title('Training and Validation Accuracy')
plt.legend()

plt.subplot(1, 2, 2)
plt.plot(loss, label='Training Loss')
plt.plot(val_loss, label='Validation Loss')
plt.title('Training and Validation Loss')
plt.legend()

plt.show()

# --- added: show the result ---
print([axes.get_title() for axes in plt.gcf().axes])

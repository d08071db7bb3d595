# Reading pictures that a text file lists; no TensorFlow in it.
import os
import tempfile

import numpy as np
from PIL import Image

pictures = tempfile.TemporaryDirectory()
folder = pictures.name
with open(os.path.join(folder, "labels.txt"), "w") as labels:
    for digit in range(3):
        pixels = (np.arange(28 * 28).reshape(28, 28) * (digit + 1) % 256).astype(np.uint8)
        Image.fromarray(pixels).save(os.path.join(folder, "%d.png" % digit))
        labels.write("%d.png %d\n" % (digit, digit))

# --- the code of the notes ---
def generateds(path, txt):
    f = open(txt, 'r')
    contents = f.readlines()
    f.close()
    x, y_ = [], []
    for content in contents:
        value = content.split()
        img_path = path + value[0]
        img = Image.open(img_path)
        img = np.array(img.convert('L'))
        img = img / 255.
        x.append(img)
        y_.append(value[1])
    print('loading : ' + "data")

    x = np.array(x)
    y_ = np.array(y_)
    y_ = y_.astype(np.int64)
    return x, y_

# --- added: show the result ---
x, y_ = generateds(os.path.join(folder, ""), os.path.join(folder, "labels.txt"))
print(x.shape, x.dtype, x.sum(axis=(1, 2)))
print(y_, y_.dtype)

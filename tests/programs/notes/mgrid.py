# np.mgrid, ravel and np.c_ (the notes write `import numpyas np`).
# --- the code of the notes ---
import numpy as np
x, y = np.mgrid[1:3:1, 2:4:0.5]
grid = np.c_[x.ravel(), y.ravel()]
print("x:",x)
print("y:",y)
print('grid:\n', grid)

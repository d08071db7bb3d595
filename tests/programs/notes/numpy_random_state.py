# np.random.RandomState: the legacy generator that programs of that time use.
# --- the code of the notes ---
import numpy as np
rdm=np.random.RandomState(seed=1)
a=rdm.rand()
b=rdm.rand(2, 3)
print("a:", a)
print("b:", b)

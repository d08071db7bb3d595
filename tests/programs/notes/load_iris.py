# The Iris data (the notes write `from sklearn.datasetsimport load_iris`, then use `datasets`).
# --- the code of the notes ---
from sklearn import datasets
x_data= datasets.load_iris().data
y_data= datasets.load_iris().target

# --- added: show the result ---
print(x_data.shape, x_data.dtype, y_data.shape, y_data.dtype)
print(x_data[:3])
print(y_data)

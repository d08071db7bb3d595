# The version.
# --- the code of the notes ---
import tensorflow as tf
print(tf.__version__)

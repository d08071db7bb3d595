"""Records the networks of tf.keras.applications; run it with a Python that has TensorFlow 2.1.0.

    python make_applications.py [--all]

Only new rows are evaluated, all with ``--all``; rows that are gone are dropped.
"""

import os
import sys

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.environ["CUDA_VISIBLE_DEVICES"] = ""
sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

import warnings

import tensorflow as tf

from golden import applications


def main(arguments):
    if tf.__version__ != "2.1.0":
        raise SystemExit("golden values come from TensorFlow 2.1.0, this is " + tf.__version__)
    tf.config.threading.set_intra_op_parallelism_threads(1)
    tf.get_logger().setLevel("ERROR")
    warnings.simplefilter("ignore")  # of shapes that are unusual on purpose
    fresh = "--all" in arguments or not os.path.exists(applications.FILE)
    known = {"networks": {}, "values": {}} if fresh else applications.load()
    wanted = {
        "networks": {row[0] for row in applications.rows()},
        "values": set(applications.VALUES),
    }
    for kind, labels in wanted.items():
        known[kind] = {label: row for label, row in known[kind].items() if label in labels}
    for code in applications.VALUES:
        if code not in known["values"]:
            tf.keras.backend.clear_session()
            known["values"][code] = applications.outcome(tf, code).tolist()
            saved(known, "values of " + code)
    for label, code, data_format in applications.rows():
        if label not in known["networks"]:
            known["networks"][label] = described(code, data_format)
            saved(known, label)
    applications.save(known)


def saved(records, label):
    """Keeps what is there already, since all of it takes many minutes."""
    applications.save(records)
    print(label, flush=True)


def described(code, data_format):
    tf.keras.backend.clear_session()
    tf.keras.backend.set_image_data_format(data_format)
    try:
        return applications.description(applications.build(tf, code))
    finally:
        tf.keras.backend.set_image_data_format("channels_last")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

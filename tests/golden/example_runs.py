"""Short seeded runs of the example programs, which TensorFlow 2.1.0 has made too.

Name -> (the program in `examples/`, its arguments). `{data}` is the folder of the test data.
"""

EXAMPLE_RUNS = {
    "next_letter": ("sequences/next_letter.py", "--epochs 5"),
    "next_letter_embedding": (
        "sequences/next_letter.py",
        "--given 4 --encoding embedding --letters 26 --layer LSTM --epochs 5",
    ),
    "next_letter_four": (
        "sequences/next_letter.py",
        "--given 4 --layer GRU --units 3 --epochs 5 --predict abcdea",
    ),
    "stock_prices_lstm": (
        "sequences/stock_prices.py",
        "--data {data}/stock.csv --rows 400 --test-days 150 --epochs 2 --layer LSTM",
    ),
    "stock_prices_gru": (
        "sequences/stock_prices.py",
        "--data {data}/stock.csv --rows 400 --test-days 150 --epochs 2 --layer GRU",
    ),
    "stock_prices_simple_rnn": (
        "sequences/stock_prices.py",
        "--data {data}/stock.csv --rows 400 --test-days 150 --epochs 2 --layer SimpleRNN",
    ),
    "text": ("sequences/text_classification.py", "--sentences 400 --epochs 3"),
    "text_both_ways": (
        "sequences/text_classification.py",
        "--sentences 400 --epochs 2 --layer GRU --bidirectional",
    ),
    "digits_from_files": ("digits_from_files.py", "--data {data}/mnist_image_label --epochs 2"),
    "augmentation": ("augmentation.py", "--epochs 2 --pictures 320"),
    "baseline": ("networks/train.py", "baseline --epochs 2 --pictures 320"),
    "baseline_graph": (
        "networks/train.py",
        "baseline --style functional --data fashion --epochs 2 --pictures 320",
    ),
    "lenet5": ("networks/train.py", "lenet5 --epochs 2 --pictures 320"),
    "lenet5_graph": (
        "networks/train.py",
        "lenet5 --relu --style functional --data mnist --epochs 2 --pictures 320",
    ),
    "inception10": ("networks/train.py", "inception10 --epochs 1 --pictures 32"),
    "inception10_graph": (
        "networks/train.py",
        "inception10 --style functional --epochs 1 --pictures 32",
    ),
    "alexnet8": ("networks/train.py", "alexnet8 --epochs 1 --pictures 16 --batch-size 8"),
    "vgg16": ("networks/train.py", "vgg16 --epochs 1 --pictures 16 --batch-size 8"),
    "resnet18": ("networks/train.py", "resnet18 --epochs 1 --pictures 16 --batch-size 8"),
}

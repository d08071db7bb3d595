"""What the golden rows cannot say of texts and sequences."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

import reflow as tf

text = tf.keras.preprocessing.text
sequence = tf.keras.preprocessing.sequence


@pytest.mark.parametrize("json", ["{}", '{"config": null}', '{"config": {"num_words": 3}}'])
def test_json_of_something_else_is_refused(json):
    with pytest.raises(ValueError, match="describes no Tokenizer"):
        text.tokenizer_from_json(json)


def test_the_old_name_of_num_words_warns():
    with pytest.warns(UserWarning, match="renamed `num_words`"):
        assert text.Tokenizer(nb_words=3).num_words == 3


@given(st.lists(st.lists(st.sampled_from(["a", "b", "cc", "dd d"]), min_size=1)))
def test_texts_come_back_from_their_numbers(documents):
    tokenizer = text.Tokenizer(lower=False, filters="")
    tokenizer.fit_on_texts(documents)
    again = text.tokenizer_from_json(tokenizer.to_json())
    numbers = again.texts_to_sequences(documents)
    assert again.sequences_to_texts(numbers) == [" ".join(words) for words in documents]


@given(
    st.lists(st.lists(st.integers(-9, 9))),
    st.integers(1, 5),
    st.sampled_from(["pre", "post"]),
    st.sampled_from(["pre", "post"]),
)
def test_padding_keeps_what_fits(lists, length, padding, truncating):
    rows = sequence.pad_sequences(lists, length, padding=padding, truncating=truncating, value=99)
    assert rows.shape == (len(lists), length)
    for row, numbers in zip(rows.tolist(), lists, strict=True):
        kept = numbers[-length:] if truncating == "pre" else numbers[:length]
        fill = [99] * (length - len(kept))
        assert row == (fill + kept if padding == "pre" else kept + fill)

"""Loops, branches and calls on tensors, as tutorials of AutoGraph show them."""
import tensorflow as tf


@tf.function
def collatz_steps(n):
    steps = 0
    while n > 1:
        if n % 2 == 0:
            n = n // 2
        else:
            n = 3 * n + 1
        steps += 1
    return steps


@tf.function
def fizzbuzz(n):
    for i in tf.range(1, n + 1):
        if i % 15 == 0:
            tf.print("FizzBuzz")
        elif i % 3 == 0:
            tf.print("Fizz")
        elif i % 5 == 0:
            tf.print("Buzz")
        else:
            tf.print(i)


def sign(x):
    if x > 0:
        return 1
    elif x < 0:
        return -1
    else:
        return 0


@tf.function
def count_signs(values):
    print("tracing", values.shape)
    positive = negative = zero = 0
    for v in values:
        s = sign(v)
        if s == 1:
            positive += 1
        elif s == -1:
            negative += 1
        else:
            zero += 1
    return positive, negative, zero


@tf.function
def primes(limit):
    found = tf.TensorArray(tf.int32, size=0, dynamic_size=True)
    count = 0
    for n in tf.range(2, limit):
        is_prime = True
        d = 2
        while d * d <= n:
            if n % d == 0:
                is_prime = False
                break
            d += 1
        if is_prime:
            found = found.write(count, n)
            count += 1
    return found.stack()


@tf.function
def clipped_power(x, n):
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = x
        for _ in tf.range(n - 1):
            if y < 100.0:
                y = y * x
    return y, tape.gradient(y, x)


for n in [1, 6, 27]:
    print(n, collatz_steps(tf.constant(n)).numpy())
fizzbuzz(tf.constant(15))
print([t.numpy() for t in count_signs(tf.constant([3.0, -1.0, 0.0, 2.0, 5.0]))])
print([t.numpy() for t in count_signs(tf.constant([-3.0, -1.0, 0.0, 2.0, 5.0]))])
print(primes(tf.constant(40)).numpy())
print([t.numpy() for t in clipped_power(tf.constant(3.0), tf.constant(4))])
print([t.numpy() for t in clipped_power(tf.constant(3.0), tf.constant(9))])

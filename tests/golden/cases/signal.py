"""tf.signal: Fourier and cosine transforms, frames, windows, mel spectra."""

from golden.table import Table, c64, empty, f32, f64, i64, raw

TRANSFORM = {"rtol": 2e-5, "atol": 2e-5, "why": "transforms add in another order"}
COSINE = {"rtol": 2e-6, "atol": 2e-7, "why": "a float32 cosine"}

table = Table("signal")
case, error = table.case, table.error

# ----------------------------------------------------------------------------------- transforms
for name, shape in [("fft", (2, 5)), ("fft2d", (2, 3, 4)), ("fft3d", (2, 3, 4))]:
    case(name, "tf.signal.%s(x)" % name, x=c64(*shape), **TRANSFORM)
    case("i" + name, "tf.signal.i%s(x)" % name, x=c64(*shape), **TRANSFORM)
case("fft_gradient", "tf.signal.fft(x)", x=c64(4), grad="x", **TRANSFORM)
case("ifft_gradient", "tf.signal.ifft(x)", x=c64(2, 4), grad="x", **TRANSFORM)
case("fft2d_gradient", "tf.signal.fft2d(x)", x=c64(3, 4), grad="x", **TRANSFORM)
case("fft_complex128", "tf.signal.fft(tf.cast(x, tf.complex128))", x=f64(6))
case("fft_empty", "tf.signal.fft(tf.cast(x, tf.complex64))", x=empty(2, 0))
case("rfft", "tf.signal.rfft(x)", x=f32(2, 5), grad="x", **TRANSFORM)
case("rfft_even", "tf.signal.rfft(x)", x=f32(6), grad="x", **TRANSFORM)
case("rfft_cut", "tf.signal.rfft(x, [4])", x=f32(2, 5), **TRANSFORM)
case("rfft_padded", "tf.signal.rfft(x, fft_length=[8])", x=f32(2, 5), grad="x", **TRANSFORM)
case("rfft_f64", "tf.signal.rfft(x)", x=f64(2, 4))
case("rfft_list", "tf.signal.rfft([1, 2, 3])", **TRANSFORM)
case("rfft2d", "tf.signal.rfft2d(x)", x=f32(2, 3, 4), **TRANSFORM)
case("rfft2d_sizes", "tf.signal.rfft2d(x, [4, 8])", x=f32(2, 3, 4), **TRANSFORM)
case("rfft3d", "tf.signal.rfft3d(x)", x=f32(2, 3, 4), **TRANSFORM)
case("irfft", "tf.signal.irfft(x)", x=c64(2, 3), grad="x", **TRANSFORM)
case("irfft_odd", "tf.signal.irfft(x, [5])", x=c64(2, 3), grad="x", **TRANSFORM)
case("irfft_longer", "tf.signal.irfft(x, [8])", x=c64(2, 3), **TRANSFORM)
case("irfft2d", "tf.signal.irfft2d(x, [4, 9])", x=c64(2, 3, 4), **TRANSFORM)
case("irfft3d", "tf.signal.irfft3d(x)", x=c64(2, 3, 4), **TRANSFORM)
case("fftshift", "tf.signal.fftshift(x)", x=f32(3, 4), grad="x")
case("fftshift_axis", "tf.signal.fftshift(x, axes=1)", x=f32(3, 4))
case("fftshift_odd", "tf.signal.fftshift([1, 2, 3, 4, 5])")
case("ifftshift_odd", "tf.signal.ifftshift([1, 2, 3, 4, 5])")
for kind in (2, 3):
    case("dct_%d" % kind, "tf.signal.dct(x, %d)" % kind, x=f32(2, 5), grad="x", **TRANSFORM)
    case(
        "dct_%d_ortho" % kind,
        "tf.signal.dct(x, %d, norm='ortho')" % kind,
        x=f32(2, 5),
        grad="x",
        **TRANSFORM,
    )
    case("idct_%d" % kind, "tf.signal.idct(x, %d)" % kind, x=f32(2, 5), **TRANSFORM)
case("dct_1", "tf.signal.dct(x, 1)", x=f32(2, 5), grad="x", **TRANSFORM)
case("dct_shorter", "tf.signal.dct(x, n=3)", x=f32(2, 5), **TRANSFORM)
case("dct_longer", "tf.signal.dct(x, n=7)", x=f32(2, 5), **TRANSFORM)
case("dct_f64", "tf.signal.dct(x)", x=f64(5))
error("fft_of_reals", "tf.signal.fft(tf.constant([1.0]))", says=("float", "complex64"))
error("fft2d_vector", "tf.signal.fft2d(x)", x=c64(3), says=("rank of at least 2", "[3]"))
error("rfft_scalar", "tf.signal.rfft(1.0)", says=("rank at least 1",))
error("rfft2d_length", "tf.signal.rfft2d(x, [4])", x=f32(2, 3, 4), says=("shape [2]",))
error("dct_axis", "tf.signal.dct(x, axis=0)", x=f32(2, 5), says=("axis must be -1",))
error("dct_type", "tf.signal.dct(x, type=4)", x=f32(2, 5), says=("Types I, II and III",))
error("dct_norm", "tf.signal.dct(x, norm='x')", x=f32(2, 5), says=("Unknown normalization",))
error("dct_n", "tf.signal.dct(x, n=0)", x=f32(2, 5), says=("positive integer",))
error("dct_1_ortho", "tf.signal.dct(x, 1, norm='ortho')", x=f32(2, 5), says=("Type-I",))

# --------------------------------------------------------------------------------------- frames
case("frame", "tf.signal.frame(x, 3, 2)", x=f32(2, 9), grad="x")
case("frame_gap", "tf.signal.frame(x, 2, 4)", x=i64(9))
case("frame_padded", "tf.signal.frame(x, 4, 3, pad_end=True, pad_value=7)", x=i64(9))
case("frame_axis", "tf.signal.frame(x, 3, 2, axis=0)", x=f32(9, 2), grad="x")
case("frame_too_long", "tf.signal.frame(x, 5, 2)", x=i64(3))
case("frame_too_long_padded", "tf.signal.frame(x, 5, 2, pad_end=True)", x=i64(3))
case("overlap", "tf.signal.overlap_and_add(x, 2)", x=f32(2, 3, 4), grad="x")
case("overlap_uneven", "tf.signal.overlap_and_add(x, 3)", x=f32(2, 3, 4))
case("overlap_gap", "tf.signal.overlap_and_add(x, 5)", x=f32(2, 3, 4))
case("overlap_ints", "tf.signal.overlap_and_add([[1, 2], [3, 4]], 1)")
error("frame_step_zero", "tf.signal.frame(x, 2, 0)", x=i64(3), says=("division by zero",))
error("frame_scalar", "tf.signal.frame(1, 3, 2)", says=("rank at least 1",))
error("overlap_vector", "tf.signal.overlap_and_add(x, 2)", x=f32(3), says=("rank at least 2",))
error(
    "overlap_float", "tf.signal.overlap_and_add(x, 1.0)", x=f32(2, 3), says=("must be an integer",)
)

# -------------------------------------------------------------------------------------- windows
for window in ("hann", "hamming"):
    for length in (1, 5, 6):
        for periodic in (True, False):
            case(
                "%s_%d_%s" % (window, length, "periodic" if periodic else "symmetric"),
                "tf.signal.%s_window(%d, %s)" % (window, length, periodic),
                **COSINE,
            )
case("hann_f64", "tf.signal.hann_window(6, dtype=tf.float64)")
case("hann_empty", "tf.signal.hann_window(0)")
error("hann_int", "tf.signal.hann_window(4, dtype=tf.int32)", says=("floating point type",))
error("hann_vector", "tf.signal.hann_window([4])", says=("rank 0",))
error("hann_float_length", "tf.signal.hann_window(4.0)", says=("4.0", "int32"))

# --------------------------------------------------------------------------------- spectrograms
case("stft", "tf.signal.stft(x, 8, 4)", x=f32(2, 20), grad="x", **TRANSFORM)
case("stft_size", "tf.signal.stft(x, 7, 4, fft_length=16)", x=f32(20), **TRANSFORM)
case("stft_no_window", "tf.signal.stft(x, 8, 4, window_fn=None)", x=f32(20), **TRANSFORM)
case("stft_padded", "tf.signal.stft(x, 8, 4, pad_end=True)", x=f32(21), **TRANSFORM)
case("istft", "tf.signal.inverse_stft(x, 8, 4)", x=c64(2, 4, 5), **TRANSFORM)
case("istft_short", "tf.signal.inverse_stft(x, 6, 3)", x=c64(4, 5), **TRANSFORM)
case(
    "istft_window",
    "tf.signal.inverse_stft(x, 8, 4, window_fn=tf.signal.inverse_stft_window_fn(4))",
    x=c64(4, 5),
    **TRANSFORM,
)
case(
    "round_trip",
    "tf.signal.inverse_stft(tf.signal.stft(x, 8, 4), 8, 4, "
    "window_fn=tf.signal.inverse_stft_window_fn(4))[4:-4]",
    x=f32(24),
    **TRANSFORM,
)
case(
    "inverse_window",
    "tf.signal.inverse_stft_window_fn(3, tf.signal.hamming_window)(8, dtype=tf.float32)",
    **COSINE,
)
case("mel", "tf.signal.linear_to_mel_weight_matrix(4, 9)", rtol=1e-4, atol=1e-5, why="float32 logs")
case("mel_f64", "tf.signal.linear_to_mel_weight_matrix(4, 9, dtype=tf.float64)")
case("mfcc", "tf.signal.mfccs_from_log_mel_spectrograms(x)", x=f32(2, 8), grad="x", **TRANSFORM)
error(
    "mel_bins", "tf.signal.linear_to_mel_weight_matrix(0)", says=("num_mel_bins must be positive",)
)
error(
    "mel_edges",
    "tf.signal.linear_to_mel_weight_matrix(4, 9, 8000, 300.0, 200.0)",
    says=("lower_edge_hertz 300.0 >= upper_edge_hertz 200.0",),
)
error(
    "mel_nyquist",
    "tf.signal.linear_to_mel_weight_matrix(4, 9, 8000, 300.0, 4800.0)",
    says=("Nyquist", "4800.0"),
)
error("mfcc_empty", "tf.signal.mfccs_from_log_mel_spectrograms(x)", x=raw(empty(2, 0)))

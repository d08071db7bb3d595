"""tf.linalg: products, factorizations, solvers, diagonals.

Where a sign or an order is not determined (eigenvectors, singular vectors), the rows look at what
is: products that give the input back, absolute values, sorted values.
"""

from golden.table import Table, bools, c64, empty, f32, f64, i32, i64, raw, spd, uniform, val

FACTORS = "factorizations round in another order"

table = Table("linalg")
case, error = table.case, table.error


def loose(dtype="float32", factor=1):
    return {"rtol": (2e-5 if dtype == "float32" else 1e-10) * factor, "why": FACTORS}


# ------------------------------------------------------------------------------------- products
case("matmul", "tf.matmul(x, y)", x=f32(2, 3), y=f32(3, 4), grad="x,y")
case("matmul_f64", "tf.linalg.matmul(x, y)", x=f64(2, 3), y=f64(3, 2), grad="x,y")
case(
    "matmul_transpose_a", "tf.matmul(x, y, transpose_a=True)", x=f32(3, 2), y=f32(3, 4), grad="x,y"
)
case(
    "matmul_transpose_b", "tf.matmul(x, y, transpose_b=True)", x=f32(2, 3), y=f32(4, 3), grad="x,y"
)
case(
    "matmul_transpose_both",
    "tf.matmul(x, y, transpose_a=True, transpose_b=True)",
    x=f32(3, 2),
    y=f32(4, 3),
    grad="x,y",
)
case("matmul_adjoint", "tf.matmul(x, y, adjoint_a=True)", x=c64(3, 2), y=c64(3, 2), **loose())
case("matmul_complex", "tf.matmul(x, y)", x=c64(2, 2), y=c64(2, 2), **loose())
case("matmul_ints", "(tf.matmul(x, x), tf.matmul(y, y))", x=i32(2, 2), y=i64(2, 2))
case("matmul_batch", "tf.matmul(x, y)", x=f32(2, 3, 2), y=f32(2, 2, 3), grad="x,y")
case("matmul_broadcast", "tf.matmul(x, y)", x=f32(2, 1, 3, 2), y=f32(4, 2, 3), grad="x,y")
case("matmul_batch_by_matrix", "tf.matmul(x, y)", x=f32(2, 3, 2), y=f32(2, 3), grad="x,y")
case("matmul_empty", "(tf.matmul(x, y), tf.matmul(tf.transpose(x), x))", x=empty(0, 3), y=f32(3, 2))
case("matmul_inner_empty", "tf.matmul(x, y)", x=empty(2, 0), y=empty(0, 2))
case("matmul_lists", "tf.matmul([[1.0, 2.0]], [[3.0], [4.0]])")
case("matmul_numpy", "tf.matmul(x, y)", x=raw(f64(2, 2)), y=raw(f64(2, 2)))
case("matmul_nan", "tf.matmul(x, y)", x=val([["nan", 0.0], [1.0, 2.0]]), y=f32(2, 2))
case(
    "matmul_larger",
    "tf.matmul(x, y)",
    x=f32(20, 30),
    y=f32(30, 8),
    rtol=1e-5,
    why="sums of 30 products",
)
case("matmul_bool", "attempt(tf.matmul, x, x)", x=bools(2, 2))
case("matvec", "tf.linalg.matvec(x, y)", x=f32(2, 3), y=f32(3), grad="x,y")
case("matvec_transpose", "tf.linalg.matvec(x, y, transpose_a=True)", x=f32(3, 2), y=f32(3))
case("matvec_batch", "tf.linalg.matvec(x, y)", x=f32(2, 2, 3), y=f32(2, 3), grad="x,y")
case("tensordot", "tf.tensordot(x, y, 1)", x=f32(2, 3), y=f32(3, 4), grad="x,y")
case(
    "tensordot_axes",
    "tf.tensordot(x, y, axes=[[0, 2], [1, 0]])",
    x=f32(2, 3, 4),
    y=f32(4, 2),
    grad="x,y",
)
case("tensordot_zero", "tf.tensordot(x, y, axes=0)", x=f32(2), y=f32(3), grad="x,y")
case("tensordot_vectors", "tf.linalg.tensordot(x, y, 1)", x=f32(3), y=f32(3))
EINSUMS = {
    "product": ("ij,jk->ik", (2, 3), (3, 2)),
    "implicit": ("ij,jk", (2, 3), (3, 2)),
    "dot": ("i,i->", (3,), (3,)),
    "outer": ("i,j->ij", (2,), (3,)),
    "batch": ("bij,bjk->bik", (2, 2, 3), (2, 3, 2)),
    "ellipsis": ("...ij,...jk->...ik", (2, 2, 3), (2, 3, 2)),
    "elementwise": ("ij,ij->ij", (2, 3), (2, 3)),
    "sum_one": ("ij,j->i", (2, 3), (3,)),
}
for name, (equation, left, right) in EINSUMS.items():
    case(
        "einsum_" + name,
        'tf.einsum("%s", x, y)' % equation,
        x=f32(*left),
        y=f32(*right),
        grad="x,y",
    )
case("einsum_transpose", 'tf.einsum("ij->ji", x)', x=f32(2, 3), grad="x")
case("einsum_sum", 'tf.einsum("ij->", x)', x=f32(2, 3), grad="x")
case("einsum_rows", 'tf.linalg.einsum("ij->i", x)', x=f32(2, 3))
case("einsum_trace", 'attempt(tf.einsum, "ii->", x)', x=f32(3, 3))
case(
    "einsum_three",
    'tf.einsum("ij,jk,kl->il", x, y, z)',
    x=f32(2, 3),
    y=f32(3, 2),
    z=f32(2, 2),
    grad="x,y,z",
    **loose(),
)
case("cross", "tf.linalg.cross(x, y)", x=f32(2, 3), y=f32(2, 3), grad="x,y")
case("trace", "tf.linalg.trace(x)", x=f32(2, 3, 3), grad="x")
case("adjoint", "tf.linalg.adjoint(x)", x=c64(2, 3))
case("matrix_transpose", "tf.linalg.matrix_transpose(x)", x=f32(2, 3, 4), grad="x")
case("norm_2", "tf.linalg.norm(x, ord=2, axis=[0, 1])", x=f32(3, 2), **loose())

# ------------------------------------------------------------------------------------ diagonals
case("diag", "tf.linalg.diag(x)", x=f32(3), grad="x")
case("diag_batch", "tf.linalg.diag(x)", x=f32(2, 3), grad="x")
# TensorFlow 2.1.0 takes k, num_rows, num_cols and padding_value, and ignores them all.
IGNORED = {"differs": "TensorFlow 2.1.0 silently ignores k and its kin, Reflow does as documented"}
case("diag_k", "(tf.linalg.diag(x, k=1), tf.linalg.diag(x, k=-1))", x=f32(2), **IGNORED)
case("diag_padding", "tf.linalg.diag(x, padding_value=9.0)", x=f32(2), **IGNORED)
case("diag_band", "tf.linalg.diag(x, k=(-1, 0), num_rows=3, num_cols=3)", x=f32(2, 3), **IGNORED)
case("diag_part", "tf.linalg.diag_part(x)", x=f32(3, 3), grad="x")
case("diag_part_wide", "tf.linalg.diag_part(x)", x=f32(2, 3), grad="x")
case("diag_part_k", "tf.linalg.diag_part(x, k=1)", x=f32(2, 3), **IGNORED)
case("diag_part_band", "tf.linalg.diag_part(x, k=(-1, 1))", x=f32(3, 3), **IGNORED)
case("set_diag", "tf.linalg.set_diag(x, y)", x=f32(3, 3), y=f32(3), grad="x,y")
case("tensor_diag", "(tf.linalg.tensor_diag(x), tf.linalg.tensor_diag(y))", x=f32(2), y=f32(2, 2))
case(
    "tensor_diag_part",
    "(tf.linalg.tensor_diag_part(x), tf.linalg.tensor_diag_part(y))",
    x=f32(2, 2),
    y=f32(2, 2, 2, 2),
)
case(
    "band_part",
    "(tf.linalg.band_part(x, 0, -1), tf.linalg.band_part(x, -1, 0), tf.linalg.band_part(x, 1, 1))",
    x=f32(3, 4),
    grad="x",
)
case("eye", "tf.linalg.eye(2, 3)")

# ----------------------------------------------------------------------- factors and solutions
for dtype, make in [("float32", f32), ("float64", f64)]:
    tag = "_f64" if dtype == "float64" else ""
    square = uniform(-1, 1, 3, 3, dtype=dtype)
    case("det" + tag, "tf.linalg.det(x)", x=square, grad="x", **loose(dtype))
    case("slogdet" + tag, "tf.linalg.slogdet(x)", x=square, **loose(dtype))
    case("logdet" + tag, "tf.linalg.logdet(x)", x=spd(3, 3, dtype=dtype), grad="x", **loose(dtype))
    case("inv" + tag, "tf.linalg.inv(x)", x=spd(3, 3, dtype=dtype), grad="x", **loose(dtype))
    case(
        "solve" + tag,
        "tf.linalg.solve(x, y)",
        x=spd(3, 3, dtype=dtype),
        y=make(3, 2),
        grad="x,y",
        **loose(dtype),
    )
    case(
        "cholesky" + tag,
        "tf.linalg.cholesky(x)",
        x=spd(3, 3, dtype=dtype),
        grad="x",
        **loose(dtype),
    )
    case(
        "cholesky_solve" + tag,
        "tf.linalg.cholesky_solve(tf.linalg.cholesky(x), y)",
        x=spd(3, 3, dtype=dtype),
        y=make(3, 1),
        **loose(dtype),
    )
    case(
        "triangular" + tag,
        "tf.linalg.triangular_solve(x, y)",
        x=spd(3, 3, dtype=dtype),
        y=make(3, 2),
        grad="x,y",
        **loose(dtype),
    )
    case("lstsq" + tag, "tf.linalg.lstsq(x, y)", x=make(5, 2), y=make(5, 1), **loose(dtype, 10))
    case("qr" + tag, "tf.linalg.qr(x)", x=make(4, 3), **loose(dtype))
    case(
        "qr_gradient" + tag,
        "q, r = tf.linalg.qr(x)\nresult = (q, r)",
        x=make(3, 3),
        grad="x",
        **loose(dtype, 10),
    )
    case(
        "svd_values" + tag,
        "tf.linalg.svd(x, compute_uv=False)",
        x=make(3, 4),
        grad="x",
        **loose(dtype),
    )
    case(
        "svd_product" + tag,
        "s, u, v = tf.linalg.svd(x)\nresult = (s, tf.matmul(u * s, v, adjoint_b=True), tf.abs(u), tf.abs(v))",
        x=make(4, 3),
        **loose(dtype, 10),
    )
    case(
        "eigh_values" + tag,
        "tf.linalg.eigvalsh(x)",
        x=spd(3, 3, dtype=dtype),
        grad="x",
        **loose(dtype),
    )
    case(
        "eigh_vectors" + tag,
        "e, v = tf.linalg.eigh(x)\nresult = (e, tf.abs(v), tf.matmul(v * e, v, transpose_b=True))",
        x=spd(3, 3, dtype=dtype),
        **loose(dtype, 10),
    )
    case("lu" + tag, "tf.linalg.lu(x)", x=square, **loose(dtype))
    case("lu_i64" + tag, "tf.linalg.lu(x, output_idx_type=tf.int64)[1]", x=square)
    case(
        "lu_reconstruct" + tag,
        "tf.linalg.lu_reconstruct(*tf.linalg.lu(x))",
        x=square,
        **loose(dtype),
    )
    case(
        "lu_solve" + tag,
        "tf.linalg.lu_solve(*tf.linalg.lu(x), rhs=y)",
        x=spd(3, 3, dtype=dtype),
        y=make(3, 1),
        **loose(dtype),
    )
    case(
        "lu_inverse" + tag,
        "tf.linalg.lu_matrix_inverse(*tf.linalg.lu(x))",
        x=spd(3, 3, dtype=dtype),
        **loose(dtype),
    )
    case("pinv" + tag, "tf.linalg.pinv(x)", x=make(4, 2), **loose(dtype, 10))
    case("expm" + tag, "tf.linalg.expm(x)", x=square, **loose(dtype))
    case("sqrtm" + tag, "tf.linalg.sqrtm(x)", x=spd(3, 3, dtype=dtype), **loose(dtype, 10))
    case("rank" + tag, "tf.linalg.matrix_rank(x)", x=make(4, 3))
case("det_batch", "tf.linalg.det(x)", x=f32(2, 3, 3), grad="x", **loose("float32", 4))
case("det_one", "tf.linalg.det([[3.0]])")
case("det_empty", "tf.linalg.det(x)", x=empty(0, 0))
case(
    "det_singular", "tf.linalg.det([[1.0, 2.0], [2.0, 4.0]])", atol=1e-6, why="zero up to rounding"
)
case("inv_batch", "tf.linalg.inv(x)", x=spd(2, 3, 3), grad="x", **loose("float32", 4))
case("inv_adjoint", "tf.linalg.inv(x, adjoint=True)", x=uniform(1, 2, 2, 2), **loose("float32", 10))
case("solve_adjoint", "tf.linalg.solve(x, y, adjoint=True)", x=spd(3, 3), y=f32(3, 1), **loose())
case(
    "solve_batch",
    "tf.linalg.solve(x, y)",
    x=spd(2, 3, 3),
    y=f32(2, 3, 1),
    grad="x,y",
    **loose("float32", 4),
)
case("cholesky_batch", "tf.linalg.cholesky(x)", x=spd(2, 3, 3), **loose())
case(
    "triangular_upper",
    "tf.linalg.triangular_solve(x, y, lower=False)",
    x=spd(3, 3),
    y=f32(3, 1),
    grad="x,y",
    **loose(),
)
case(
    "triangular_adjoint",
    "tf.linalg.triangular_solve(x, y, adjoint=True)",
    x=spd(3, 3),
    y=f32(3, 1),
    **loose(),
)
case(
    "lstsq_regularized",
    "tf.linalg.lstsq(x, y, l2_regularizer=0.5)",
    x=f32(5, 2),
    y=f32(5, 1),
    **loose(),
)
case(
    "lstsq_slow",
    "tf.linalg.lstsq(x, y, fast=False)",
    x=f64(5, 2),
    y=f64(5, 1),
    **loose("float64", 10),
)
case("lstsq_wide", "tf.linalg.lstsq(x, y)", x=f64(2, 4), y=f64(2, 1), **loose("float64", 10))
case("qr_full", "tf.linalg.qr(x, full_matrices=True)", x=f32(3, 2), **loose())
case("qr_batch", "tf.linalg.qr(x)", x=f32(2, 3, 2), **loose())
case("qr_wide", "tf.linalg.qr(x)", x=f64(2, 3), **loose("float64"))
case(
    "svd_full_shapes",
    "s, u, v = tf.linalg.svd(x, full_matrices=True)\nresult = (s, u.shape, v.shape)",
    x=f32(4, 2),
    **loose(),
)
case(
    "svd_gradient",
    "s, u, v = tf.linalg.svd(x)\nresult = tf.matmul(u * tf.sqrt(s), v, transpose_b=True)",
    x=f64(3, 3),
    grad="x",
    **loose("float64", 100),
)
case(
    "eigh_gradient",
    "e, v = tf.linalg.eigh(x)\nresult = tf.matmul(v * tf.exp(-e), v, transpose_b=True)",
    x=spd(3, 3, dtype="float64"),
    grad="x",
    **loose("float64", 100),
)
case("eigh_lower_only", "tf.linalg.eigvalsh(x)", x=val([[1.0, 99.0], [2.0, 3.0]]), **loose())
case(
    "eig_values", "tf.sort(tf.math.real(tf.linalg.eigvals(x)))", x=spd(3, 3), **loose("float32", 4)
)
case("eig_dtype", "tf.linalg.eigvals(x).dtype", x=f64(2, 2))
case(
    "eig_product",
    "e, v = tf.eig(x)\nresult = tf.linalg.diag_part(tf.matmul(v * e, tf.linalg.inv(v))) * 1.0",
    x=spd(3, 3, dtype="float64"),
    **loose("float64", 100),
)
case("logm", "tf.linalg.logm(tf.cast(x, tf.complex64))", x=spd(2, 2), **loose("float32", 10))
case("matrix_square_root", "tf.matrix_square_root([[4.0, 0.0], [0.0, 9.0]])", **loose())
case("rank_deficient", "tf.linalg.matrix_rank([[1.0, 2.0], [2.0, 4.0]])")
case(
    "tridiagonal_solve",
    "tf.linalg.tridiagonal_solve(d, y)",
    d=val([[1.0, 2.0, 0.0], [5.0, 6.0, 7.0], [0.0, 1.0, 2.0]]),
    y=f32(3),
    **loose(),
)
case(
    "tridiagonal_matmul",
    "tf.linalg.tridiagonal_matmul(d, y)",
    d=val([[1.0, 2.0, 0.0], [5.0, 6.0, 7.0], [0.0, 1.0, 2.0]]),
    y=f32(3, 2),
    **loose(),
)

error(
    "matmul_inner",
    "tf.matmul(x, y)",
    x=f32(2, 3),
    y=f32(2, 3),
    says=("Matrix size-incompatible: In[0]: [2,3], In[1]: [2,3]", "[Op:MatMul]"),
)
error(
    "matmul_vectors",
    "tf.matmul(x, y)",
    x=f32(3),
    y=f32(3),
    says=("In[0] is not a matrix", "[Op:MatMul]"),
)
error(
    "matmul_both_flags",
    "tf.matmul(x, x, transpose_a=True, adjoint_a=True)",
    x=f32(2, 2),
    says=("Only one of transpose_a and adjoint_a can be True.",),
)
error(
    "matmul_batch_sizes",
    "tf.matmul(x, y)",
    x=f32(2, 3, 2),
    y=f32(3, 2, 3),
    says=("[Op:BatchMatMulV2]",),
)
error(
    "inv_singular",
    "tf.linalg.inv([[1.0, 2.0], [2.0, 4.0]])",
    says=("Input is not invertible.", "[Op:MatrixInverse]"),
)
error(
    "solve_singular",
    "tf.linalg.solve([[1.0, 2.0], [2.0, 4.0]], [[1.0], [2.0]])",
    says=("Input matrix is not invertible.", "[Op:MatrixSolve]"),
)
error("solve_rows", "tf.linalg.solve(x, y)", x=spd(3, 3), y=f32(2, 1), says=("[Op:MatrixSolve]",))
error(
    "cholesky_negative",
    "tf.linalg.cholesky([[1.0, 2.0], [2.0, 1.0]])",
    says=("Cholesky decomposition was not successful", "[Op:Cholesky]"),
)
error("det_not_square", "tf.linalg.det(x)", x=f32(2, 3), says=("[Op:MatrixDeterminant]",))
error(
    "einsum_letters",
    'tf.einsum("ij,jk->il", x, y)',
    x=f32(2, 2),
    y=f32(2, 2),
    says=("Output subscripts contain the label l not present in the input subscripts.",),
)
error(
    "einsum_sizes",
    'tf.einsum("ij,jk->ik", x, y)',
    x=f32(2, 3),
    y=f32(2, 3),
    says=(
        "Expected dimension 3 at axis 0 of the input shaped [2,3] but got dimension 2",
        "[Op:Einsum]",
    ),
)
error(
    "diag_part_vector",
    "tf.linalg.diag_part(x)",
    x=f32(3),
    says=("input must be at least 2-dim, received shape: [3]",),
)
error("cross_size", "tf.linalg.cross(x, x)", x=f32(2), says=("[Op:Cross]",))
error(
    "tensordot_axes_count",
    "tf.tensordot(x, y, [[0, 1], [0]])",
    x=f32(2, 3),
    y=f32(2, 3),
    says=("Different number of contraction axes 'a' and 'b', 2 != 1.",),
)

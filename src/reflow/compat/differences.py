"""The known differences from TensorFlow 2.1.0, each with its reason."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Difference:
    """One way in which a program can tell Reflow from TensorFlow 2.1.0.

    Attributes:
      symbol: the public name it is about, such as ``tf.Variable``.
      what: what is different, as a user sees it.
      reason: why it is so.
    """

    symbol: str
    what: str
    reason: str


DIFFERENCES: tuple[Difference, ...] = (
    Difference(
        "tf.compat.v1",
        "graph mode (placeholder, get_variable, Session.run) and TensorFlow 1's forms of functions "
        "are not there; the names that are the same in TF 2, logging and ConfigProto are",
        "Reflow is TF 2's programming model; such programs are a different language",
    ),
    Difference(
        "np.float32 scalars",
        "float32 scalars made by NumPy itself stay float32 when added to a Python number; "
        "those that numpy() of a tensor returns become float64, as in 2020",
        "NumPy 2 changed its promotion rule and has no switch for the old one",
    ),
    Difference(
        "np.bool",
        "is NumPy's own bool_ under `reflow run`, in 2020 it was Python's bool",
        "NumPy 2 uses the name itself; np.float, np.int, np.object and np.str are restored",
    ),
    Difference(
        "multiprocessing",
        "a process started with the 'spawn' method does not know the tensorflow alias",
        "the alias lives in the process that installed it; call reflow.install() there too",
    ),
    Difference(
        "tf.function",
        "each shape is traced and compiled, also where input_signature or "
        "experimental_relax_shapes would let TF trace once for several",
        "XLA compiles for fixed shapes",
    ),
    Difference(
        "tf.function",
        "a function that loops over a dataset or takes one as an argument, or writes a TensorArray "
        "of dynamic size in a loop over tensors runs as plain Python, with a warning: its Python "
        "side effects (print) happen in every call and iteration; random numbers are those of "
        "eager code",
        "data are made outside of compiled code, and XLA compiles for fixed shapes; recorded eager "
        "code runs compiled all the same",
    ),
    Difference(
        "tf.function (AutoGraph)",
        "`else` after a loop works, and an inner function sees what a branch assigns to variables "
        "around it",
        "Python's meaning; TF 2.1 drops the `else`, and hides the assignment",
    ),
    Difference(
        "tf.function (AutoGraph)",
        "an `if` on a tensor that depends on shapes only (tf.shape) runs one branch while tracing",
        "shapes are known when a function is compiled",
    ),
    Difference(
        "tf.function (AutoGraph)",
        "errors keep their own words, without the heading `in converted code:`, and their own "
        "class; the traceback shows the program's lines",
        "converted code keeps the places of the original",
    ),
    Difference(
        "tf.autograph.to_code",
        "shows Reflow's own converted code",
        "the conversion is another",
    ),
    Difference(
        "tf.function",
        "a function whose shapes depend on values (boolean_mask, unique, tf.range of a "
        "tensor, py_function) runs as plain Python, with a warning",
        "XLA compiles for fixed shapes",
    ),
    Difference(
        "tf.function",
        "errors of ops inside are those of eager code (InvalidArgumentError), not graph "
        "construction's ValueError",
        "there is no graph to construct",
    ),
    Difference(
        "tf.function",
        "a trace made for a call inside another function serves eager calls too",
        "one trace per kind of arguments is enough",
    ),
    Difference(
        "values that wait",
        "an error that depends on values computed on the device (an index out of range, say) "
        "may be raised where the result is first looked at; it then names the line of the "
        "call",
        "ops run when somebody looks",
    ),
    Difference(
        "last digits",
        "floating-point results agree with TF's to rounding, not to the last bit",
        "the order of sums and the elementary functions are XLA's and NumPy's",
    ),
    Difference(
        "tf.linalg.diag, diag_part, set_diag",
        "honour k, num_rows and padding_value",
        "TF 2.1.0 silently ignores them",
    ),
    Difference(
        "tf.linalg.eigh, svd, qr",
        "signs and phases of vectors may differ",
        "they are not determined; they are LAPACK's here",
    ),
    Difference(
        "tf.math.atan2",
        "the gradient of a broadcast argument is summed to its shape",
        "TF 2.1 forgets to",
    ),
    Difference(
        "tf.truncatemod, tf.math.segment_prod",
        "have gradients",
        "TF 2.1 has none",
    ),
    Difference(
        "tf.maximum, tf.minimum, tf.clip_by_value",
        "the gradient at NaN goes to the first argument",
        "nothing is lost, and it costs a comparison less",
    ),
    Difference(
        "tf.nn.conv2d, conv3d, pooling",
        "channels first (NCHW), groups, and dilation with its gradients work on the CPU too",
        "TF 2.1 has them on GPUs only; a program written for one should run",
    ),
    Difference(
        "tf.nn.conv2d",
        "without a global seed the last digits may be those of Winograd's formula (REFLOW_EXACT)",
        "it needs less than half of the multiplications",
    ),
    Difference(
        "tf.nn.conv2d, tf.keras.layers.Conv2D",
        "with up to 8 channels, NaN and infinity may reach a neighbouring place's result too",
        "windows of neighbours are multiplied as one that has zeros beside the kernel, which is "
        "several times faster",
    ),
    Difference(
        "tf.keras.layers.DepthwiseConv2D, ZeroPadding3D",
        "compute_output_shape takes the dilation, and both sides of the padding, into account",
        "TF 2.1.0 gives another shape there than its own call",
    ),
    Difference(
        "tf.nn.depthwise_conv2d_backprop_input, _filter",
        "honour dilations",
        "TF 2.1.0 silently ignores them on the CPU",
    ),
    Difference(
        "tf.nn.max_pool",
        "the gradient of a window with NaN goes to the element that is the maximum",
        "TF 2.1 sends it to the NaN, which the maximum ignores",
    ),
    Difference(
        "tf.math.top_k",
        "sorted=False returns sorted values too",
        "any order is allowed",
    ),
    Difference(
        "tf.debugging.enable_check_numerics",
        "raises NotImplementedError",
        "use tf.debugging.check_numerics where a NaN is suspected",
    ),
    Difference(
        "tf.data.Dataset.map",
        "the shape of what py_function or numpy_function returns is found out, TF calls it unknown",
        "the function is run once to see",
    ),
    Difference(
        "tf.data.Dataset.map",
        "random ops in a compiled map function are seeded by an approximate count of the "
        "graph's ops",
        "TF's counts are those of its own graphs",
    ),
    Difference(
        "tf.data.experimental.shuffle_and_repeat",
        "the order is that of shuffle().repeat()",
        "TF draws from one stream across repetitions; the function is deprecated",
    ),
    Difference(
        "tf.data.Dataset.cache(filename)",
        "the file is an .npz of Reflow's own; strings are refused",
        "TF's cache files are private to it",
    ),
    Difference(
        "tf.losses (in compiled functions)",
        "cross entropy of a saturated softmax or sigmoid uses the probabilities",
        "TF looks through the op that made them; comes with Keras training",
    ),
    Difference(
        "tf.keras.optimizers",
        "new slots may be made on a later trace of a function",
        "refusing it helps nobody",
    ),
    Difference(
        "tf.random.gamma",
        "gradients with respect to alpha differ in the last digits",
        "another series is used",
    ),
    Difference(
        "tf.random.experimental.Generator.binomial, candidate samplers",
        "are not there",
        "rarely used; they raise an error that says so",
    ),
    Difference(
        "tf.initializers.Orthogonal",
        "agrees to 2e-6, not to the last bit",
        "its QR decomposition is LAPACK's",
    ),
    Difference(
        "tf.debugging.set_log_device_placement",
        "only warns",
        "programs run whole, not op by op on devices",
    ),
    Difference(
        "tf.config GPU memory limits",
        "are noted with a warning and not enforced",
        "JAX manages the device's memory",
    ),
    Difference(
        "tf.image.decode_jpeg",
        "by default differs by up to 3 of 255 levels; dct_method='INTEGER_ACCURATE' gives "
        "TF's pixels, fancy_upscaling and try_recover_truncated have no effect",
        "Pillow always uses the exact cosine transform, TF by default the fast one",
    ),
    Difference(
        "tf.image.encode_jpeg",
        "the bytes differ; decoded, up to 3 levels, and up to 13 at quality 100. A density in 'cm' "
        "is written in inches",
        "Pillow's encoder has its own transform and options",
    ),
    Difference(
        "tf.image decoding, tf.io.read_file, non_max_suppression",
        "a function that uses them runs as plain Python, with a warning from tf.function",
        "shapes depend on values, and XLA compiles for fixed shapes",
    ),
    Difference(
        "random ops in Dataset.map functions that run as plain Python",
        "draw other numbers than TF's; they are reproducible after set_seed, in any number of "
        "threads, and leave the program's own sequence of op seeds alone as in TF",
        "TF seeds them by the number of ops in a graph that is not there",
    ),
    Difference(
        "tf.keras.preprocessing.image fill modes, spline orders",
        "are those of SciPy 1.4 whatever SciPy is installed",
        "TF 2.1.0 came with that version; later ones treat edges otherwise",
    ),
    Difference(
        "tf.image.extract_glimpse, generate_bounding_box_proposals, sample_distorted_bounding_box",
        "are not there",
        "rarely used; they raise an error that says so",
    ),
    Difference(
        "tf.train.Checkpoint",
        "lists whose items were replaced, deleted or moved are saved as they are; TF refuses them",
        "children are looked for when a checkpoint is written, not when they are set",
    ),
    Difference(
        "tf.train.Checkpoint",
        "assert_consumed() asks only for objects that have values",
        "what has none, such as an empty list, has nothing to restore",
    ),
    Difference(
        "tf.train.Checkpoint",
        "of a dataset's iterator the number of elements taken is saved; an iterator's state that "
        "TensorFlow wrote cannot be restored",
        "TF's state is a serialized graph of its own kernels",
    ),
    Difference(
        "damaged checkpoints",
        "raise DataLossError, also where TF raises the plain OpError or IndexError",
        "one error for one cause",
    ),
    Difference(
        "tf.data.TFRecordDataset",
        "a file that ends within the first 12 bytes of a record raises DataLossError",
        "TF takes it for the file's end, and data is lost silently",
    ),
    Difference(
        "tf.summary (in compiled functions)",
        "the function runs as plain Python, with a warning",
        "summaries are written by Python",
    ),
    Difference(
        "tf.summary.trace_on, trace_export",
        "warn, and write nothing",
        "there are no TensorFlow graphs to write",
    ),
    Difference(
        "tf.io.parse_example, decode_raw and other ops on strings",
        "run on the host: a tf.function that calls them runs as plain Python, with a warning",
        "XLA has no strings",
    ),
    Difference(
        "tf.SparseTensor",
        "is taken by tf.sparse, tf.cast, tf.data and products with dense tensors, not by tf.shape, "
        "tf.abs and the like",
        "rarely used; others raise an error",
    ),
    Difference(
        "tf.keras.Input, InputLayer, tf.keras.backend.placeholder",
        "sparse, ragged and given tensors are refused; placeholder needs a shape or rank",
        "models are described by dense shapes",
    ),
    Difference(
        "Model.get_config, to_json",
        "a model with ops of tf between its layers has none; put them into a Lambda or a layer",
        "TF writes the op's graph definition into the config",
    ),
    Difference(
        "tf.keras.metrics.AUC, Precision, Recall",
        "AUC(multi_label=True) can be reset, counts work in float64, and with class_id there may "
        "be one weight per sample",
        "TF 2.1 fails at these",
    ),
    Difference(
        "tf.keras.datasets",
        "a local file is used whatever its hash if its format is right, may hold fewer samples, "
        "and is never deleted; KERAS_HOME names the cache; archives and pickles that could write "
        "elsewhere or run code are refused",
        "courses bring smaller files; TF deletes a file of another hash before it has a new one",
    ),
    Difference(
        "tf.keras.utils.get_file",
        "a download with another hash than file_hash raises ValueError; a failed one raises "
        "OSError, leaves what was there, and says where to put the file; cache_dir is made",
        "TF keeps such a file, deletes the old one, and uses /tmp/.keras instead of a new folder",
    ),
    Difference(
        "tf.keras.utils.GeneratorEnqueuer",
        "one thread reads a generator however many workers are asked for",
        "its order is the same in each run; a generator runs in one thread at a time anyway",
    ),
    Difference(
        "use_multiprocessing",
        "forked workers compute tensors with NumPy, or raise RuntimeError where that cannot be",
        "XLA's threads do not survive a fork; TF may wait forever there",
    ),
    Difference(
        "tf.keras.utils.multi_gpu_model",
        "raises an error",
        "programs run on one device; TF removed it after 2.1",
    ),
    Difference(
        "tf.keras.applications.NASNetMobile, NASNetLarge",
        "with Keras's setting for the channels first they take and return pictures with the "
        "channels last, as their warning says, and the setting stays as it was",
        "TF makes a network whose input has the channels first and whose layers have them last",
    ),
    Difference(
        "tf.keras.applications.imagenet_utils.preprocess_input",
        "each mode scales tensors as it does arrays",
        "TF keeps the mean of the first mode for all later ones, and with mode='torch' divides a "
        "tensor with the channels first along the last axis, or raises an error",
    ),
    Difference(
        "tf.keras.applications",
        "weights that cannot be fetched or do not exist are an error before the network is made",
        "it would be thrown away",
    ),
    Difference(
        "tf.keras.layers.Lambda.from_config",
        "bytecode that this process has not made itself is run only with REFLOW_LAMBDA_CODE=1; "
        "custom_objects with the layer's name give the function instead",
        "bytecode from a file can do anything, and other Pythons' can't be read",
    ),
    Difference(
        "tf.keras.layers.TimeDistributed",
        "puts the steps of all layers into the batch",
        "TF loops over the steps for a program's own layers, and calls them once more",
    ),
    Difference(
        "tf.keras.layers.GaussianNoise, GaussianDropout, AlphaDropout, dropout of recurrent layers "
        "(in fit)",
        "are seeded by another number of NumPy's generator",
        "TF traces a training step several times and draws seeds each time",
    ),
    Difference(
        "tf.keras.layers.Bidirectional",
        "with time_major layers, reverses the backward outputs along the time",
        "TF reverses axis 1, which is then the batch",
    ),
    Difference(
        "tf.keras.layers.RNN (a cell of the program's own, in eager code)",
        "calls the cell twice, once to see its outputs and once to trace it, unless unroll=True or "
        "the cell draws random numbers or looks at values",
        "a step that is traced once runs as one loop; TF calls the cell at every time step",
    ),
    Difference(
        "tf.keras.models.load_model (SavedModel)",
        "layers are made from their configs, and a class without one must be given in "
        "custom_objects; a model with a call of its own is an object of that class",
        "TensorFlow runs the graphs of its ops that are in the folder; Reflow runs none",
    ),
    Difference(
        "tf.keras.models.save_model (SavedModel)",
        "the folder has no graphs and no signatures: TensorFlow reads its variables as a "
        "checkpoint, and the model from .h5 or .keras",
        "there are no TensorFlow graphs to write",
    ),
    Difference(
        "tf.keras.models.load_model",
        "also reads the .keras and .h5 files of Keras 3 where TF 2.1 has the layers; "
        'save_format="keras_v3" writes .keras files',
        "so that programs can move on, and back",
    ),
    Difference(
        "Model.load_weights, load_model",
        "after an error the model keeps its old weights; data in an HDF5 file must be in that "
        "file, and be numbers",
        "half-loaded models are of no use, and files may come from anywhere",
    ),
    Difference(
        "tf.saved_model",
        "saves and loads Keras models only; others raise an error",
        "a tf.Module's functions would be TensorFlow graphs; tf.train.Checkpoint saves variables",
    ),
    Difference(
        "tf.keras.callbacks.ModelCheckpoint",
        "load_weights_on_restart also takes up whole models in SavedModel folders",
        "TF 2.1 writes them and then fails to load them",
    ),
    Difference(
        "tf.data.experimental.make_csv_dataset",
        "with a seed, the rows of the second and later epochs come in another order than in TF; "
        "`sloppy` has no effect",
        "rows are shuffled, then repeated; TF does both in one step with one generator",
    ),
    Difference(
        "tf.keras.callbacks.TensorBoard",
        "shows the layers as a graph, not the ops; profile_batch does nothing",
        "there are no TensorFlow graphs; reflow run --profile shows where the time went",
    ),
    Difference(
        "tf.keras.callbacks.ModelCheckpoint",
        "load_weights_on_restart raises an error for a file that cannot be read; unknown "
        "arguments give a warning",
        "TF trains on from nothing, and ignores them",
    ),
    Difference(
        "tf.function",
        "random ops in loops draw in the order of the iterations",
        "TF runs several iterations at once where nothing hinders it, and which of them draws "
        "first is chance; with parallel_iterations=1 the numbers are the same",
    ),
    Difference(
        "tf.nn.ctc_loss",
        "dense labels that need more frames than there are: the loss is TF's, its gradient is not; "
        "a blank as a label, too",
        "such labels cannot be reached; TF keeps their loss finite, near 707, by a trick whose "
        "gradient has no meaning",
    ),
    Difference(
        "tf.nn.ctc_beam_search_decoder",
        "of equal scores, which is first; with a beam of a few prefixes, a labelling in a hundred",
        "prefixes that fall out of the beam and come back are counted anew",
    ),
    Difference(
        "tf.keras.Model.fit",
        "a dataset of exactly `steps_per_epoch` batches starts again each epoch; takes a list of "
        "lists; an empty generator raises ValueError",
        "TF stops after one epoch, reads the lists as several inputs, and raises StopIteration",
    ),
    Difference(
        "tf.strings",
        "regular expressions are Python's, with POSIX classes",
        "RE2's other peculiarities are rare",
    ),
    Difference(
        "tf.keras.mixed_precision.experimental.LossScaleOptimizer",
        "get_slot works",
        "TF refuses without a reason",
    ),
    Difference(
        "tf.keras.Model.summary",
        "the layer of an op that was given a `name` is called after the op",
        "names of ops mean nothing in eager code, and are not kept",
    ),
    Difference(
        "tf.keras.layers.DepthwiseConv2D, UpSampling3D",
        "compute_output_shape knows of dilations; inputs of another rank are refused",
        "TF forgets them, and fails later",
    ),
    Difference(
        "tf.nn.dropout",
        "in a compiled loop's body its numbers are other than TF's",
        "TF's graph of it holds one op more there, which moves its seed",
    ),
    Difference(
        "tf.keras.experimental.WideDeepModel",
        "takes one optimizer for both models; a list of two raises NotImplementedError",
        "a training step has one optimizer",
    ),
    Difference(
        "tf.lookup.StaticVocabularyTable",
        "needs a vocabulary and takes one bucket; others raise NotImplementedError",
        "TF spreads unknown keys over several by a hash of its own",
    ),
)


def table() -> str:
    """The differences as a Markdown table."""
    rows = ["| what | difference | reason |", "|---|---|---|"]
    rows += [f"| `{d.symbol}` | {d.what} | {d.reason} |" for d in DIFFERENCES]
    return "\n".join(rows) + "\n"

"""Configs as Keras 3 writes them, made those of Keras 2, and back."""

from __future__ import annotations

from typing import Any

import reflow as tf

# Arguments that Keras 2 does not have, with the values at which they change nothing.
_NEUTRAL: dict[str, tuple[Any, ...]] = {
    "autocast": (True,),
    "build_config": (),
    "ema_momentum": (0.99, None),
    "ema_overwrite_frequency": (None,),
    "global_clipnorm": (None,),
    "gradient_accumulation_steps": (None,),
    "groups": (1,),
    "input_axes": (None,),
    "is_legacy_optimizer": (False, True),
    "jit_compile": (False, True, "auto"),
    "lora_rank": (None,),
    "loss_scale_factor": (None,),
    "optional": (False,),
    "output_axes": (None,),
    "quantization_config": (None,),
    "renorm": (False,),
    "renorm_clipping": (None,),
    "renorm_momentum": (0.99,),
    "sparse_embeddings": (False,),
    "synchronized": (False,),
    "use_ema": (False,),
    "use_gpu": (True, False),
    "weight_decay": (None, 0, 0.0),
}
_NONE_IS_DEFAULT = ("clipnorm", "clipvalue", "backward_layer")
_RECURRENT = (
    "GRU", "GRUCell", "LSTM", "LSTMCell", "SimpleRNN", "SimpleRNNCell", "ConvLSTM2D",
)  # fmt: skip
_ABOUT = ("module", "registered_name", "shared_object_id", "build_config", "compile_config")


def in_keras2(value: Any) -> Any:
    """A config with Keras 3's ways of saying things replaced by Keras 2's.

    Args:
      value: a config, or a part of one. Keras 2's own come back as they are.

    Raises:
      ValueError: if it uses what Keras 2 does not have.
    """
    if isinstance(value, list):
        return [in_keras2(item) for item in value]
    if not isinstance(value, dict):
        return value
    if "class_name" not in value or not isinstance(value.get("config"), dict):
        return {key: in_keras2(item) for key, item in value.items()}
    name, config = value["class_name"], value["config"]
    if name == "DTypePolicy":
        return config.get("name")
    if name == "__keras_tensor__":
        return value
    if name in ("L1", "L2"):
        key = name.lower()
        return {"class_name": "L1L2", "config": {"l1": 0.0, "l2": 0.0, key: config.get(key, 0.01)}}
    if not _is_of_keras3(value):
        return {key: in_keras2(item) for key, item in value.items()}
    found = {key: item for key, item in value.items() if key not in _ABOUT}
    found["class_name"] = "Model" if name == "Functional" else name
    found["config"] = _arguments(name, config)
    if "inbound_nodes" in value:
        found["inbound_nodes"] = [_node(node, config) for node in value["inbound_nodes"]]
    return found


def _is_of_keras3(value: dict[str, Any]) -> bool:
    """Whether an object was described by Keras 3, whose HDF5 files leave some of the signs out."""
    config = value["config"]
    return (
        "module" in value
        or value["class_name"] == "Functional"
        or isinstance(config.get("dtype"), dict)
        or "batch_shape" in config
        or any(key in config for key in _NEUTRAL if key != "groups")
    )


def _arguments(name: str, config: dict[str, Any]) -> dict[str, Any]:
    found = {}
    for key, item in config.items():
        if key in _NEUTRAL:
            if item not in _NEUTRAL[key]:
                raise ValueError(
                    f"{name} {config.get('name', '')!r}: the argument {key}={item!r} came with "
                    "Keras 3 and is not in TF 2.1's Keras"
                )
        elif item is None and (key in _NONE_IS_DEFAULT or (key == "seed" and name in _RECURRENT)):
            pass
        elif key == "batch_shape" and name == "InputLayer":
            found["batch_input_shape"] = item
        elif key == "layers" and isinstance(item, list):
            found[key] = [in_keras2(_in_a_file(layer)) for layer in item]
        elif key == "dtype" and "reduction" in config:
            pass  # a loss's
        else:
            found[key] = in_keras2(item)
    if "layers" in found:  # a model's config
        found = {k: v for k, v in found.items() if k not in ("trainable", "dtype")}
    if name == "Bidirectional":
        found.pop("backward_layer", None)
    return found


def _in_a_file(layer: Any) -> Any:
    """A layer's entry, known to be Keras 3's whatever is in it."""
    return {"module": "keras.layers", **layer} if isinstance(layer, dict) else layer


def _node(node: Any, config: dict[str, Any]) -> Any:
    """A call of a layer: from arguments with tensors in them to a list of tensors."""
    if not isinstance(node, dict):
        return node
    args, kwargs = node.get("args", []), node.get("kwargs", {})
    more = {key: _argument(item) for key, item in kwargs.items() if item is not None}
    if len(args) != 1:
        raise ValueError(
            f"the config of layer {config.get('name')!r} calls it with {len(args)} positional "
            "arguments, which TF 2.1's configs cannot say"
        )
    tensors = args[0] if isinstance(args[0], list) else [args[0]]
    if not all(_is_tensor(tensor) for tensor in tensors):
        raise ValueError(f"the config of layer {config.get('name')!r} has a call without tensors")
    return [[*tensor["config"]["keras_history"], dict(more)] for tensor in tensors]


def _is_tensor(item: Any) -> bool:
    return isinstance(item, dict) and item.get("class_name") == "__keras_tensor__"


def _argument(item: Any) -> Any:
    return ["_KERAS_TENSOR", *item["config"]["keras_history"]] if _is_tensor(item) else item


# ---------------------------------------------------------------------------------- to Keras 3

_GONE = {
    "decay": (0.0, 0),
    "implementation": (1, 2),
    "input_length": None,
    "time_major": (False,),
    "ragged": (False,),
}


def in_keras3(value: Any) -> Any:
    """The inverse: a config that Keras 3 reads.

    Raises:
      ValueError: if it uses what Keras 3 does not have.
    """
    if isinstance(value, (list, tuple)):
        return [in_keras3(item) for item in value]
    if not isinstance(value, dict):
        return value
    if "class_name" not in value or not isinstance(value.get("config"), dict):
        return {key: in_keras3(item) for key, item in value.items()}
    name = value["class_name"]
    config = {}
    for key, item in value["config"].items():
        if key in _GONE and (key != "ragged" or name == "InputLayer"):
            neutral = _GONE[key]
            if neutral is not None and item not in neutral:
                raise ValueError(f"{name}: {key}={item!r} is not in Keras 3's files")
        elif key == "batch_input_shape":
            if name == "InputLayer":
                config["batch_shape"] = item
        elif key == "axis" and name == "BatchNormalization" and isinstance(item, (list, tuple)):
            config[key] = item[0] if len(item) == 1 else item
        elif key == "reduction" and item == "auto":
            config[key] = "sum_over_batch_size"
        else:
            config[key] = in_keras3(item)
    found = {key: item for key, item in value.items() if key not in ("class_name", "config")}
    if name == "Sequential":
        _put_input_first(value["config"], config)
        if "build_input_shape" in config:
            found["build_config"] = {"input_shape": config["build_input_shape"]}
    return {
        "module": _module(name),
        "class_name": "Functional" if name == "Model" else name,
        "config": config,
        "registered_name": "Functional" if name == "Model" else None,
        **found,
    }


def _put_input_first(given: dict[str, Any], config: dict[str, Any]) -> None:
    """Keras 3 knows a Sequential's input by a layer, not by the first layer's argument."""
    first = given["layers"][0]["config"] if given["layers"] else {}
    if given["layers"] and given["layers"][0]["class_name"] == "InputLayer":
        return
    shape = first.get("batch_input_shape")
    if shape is None and given.get("build_input_shape") is not None:
        shape = given["build_input_shape"]
    if shape is not None:
        name = f"{first['name']}_input"
        entry = {"batch_shape": shape, "dtype": first.get("dtype", "float32"), "name": name}
        config["layers"].insert(
            0,
            {
                "module": "keras.layers",
                "class_name": "InputLayer",
                "config": entry,
                "registered_name": None,
            },
        )


def _module(name: str) -> str:
    if name in ("Model", "Functional"):
        return "keras.src.models.functional"  # as Keras itself writes it
    if name == "Sequential":
        return "keras"
    from reflow.keras.layers.registry import LAYERS

    if name in LAYERS:
        return "keras.layers"
    for part in ("initializers", "regularizers", "constraints", "optimizers", "losses", "metrics"):
        if hasattr(getattr(tf.keras, part), name):
            return f"keras.{part}"
    return "keras.regularizers" if name == "L1L2" else "keras.optimizers.schedules"

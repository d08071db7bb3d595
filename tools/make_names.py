"""Makes the tables that ``import reflow`` finds its names with, from the modules' ``__all__``.

    python tools/make_names.py            writes both files
    python tools/make_names.py --check    fails when they are stale

``src/reflow/_names.py`` says where a name lives that is not defined in its own namespace's file:
``tf.reshape`` in a private module, ``tf.add`` in ``reflow.math``. TensorFlow exports many objects
under several names; ``tools/api/same_objects.json`` lists those groups (asked of TF 2.1.0), and
one definition serves the whole group. ``src/reflow/_api_names.txt`` lists TF 2.1's public names, so
that a missing name can be told from a typing slip.

Sources are read, not imported, so that a half-written module does no harm.
"""

from __future__ import annotations

import ast
import gzip
import json
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "src"
NAMES_FILE = SOURCE / "reflow" / "_names.py"
API_NAMES_FILE = SOURCE / "reflow" / "_api_names.txt"
API_FILE = ROOT / "tools" / "api" / "tf21.json.gz"
GROUPS_FILE = ROOT / "tools" / "api" / "same_objects.json"

# Public namespaces of TF 2.1 whose members the API list leaves out, in whole or in part.
UNLISTED = {
    "tf": ["compat", "estimator", "lite", "raw_ops", "summary"],
    "tf.compat": [
        "as_bytes", "as_str", "as_str_any", "as_text", "bytes_or_text_types", "complex_types",
        "dimension_at_index", "dimension_value", "forward_compatibility_horizon",
        "forward_compatible", "integral_types", "path_to_str", "real_types", "v1", "v2",
    ],
    "tf.compat.v1": ["ConfigProto", "GPUOptions", "InteractiveSession", "Session", "logging"],
    "tf.estimator": [],
    "tf.lite": [],
    "tf.raw_ops": [],
    "tf.summary": [
        "SummaryWriter", "audio", "create_file_writer", "create_noop_writer", "experimental",
        "flush", "histogram", "image", "record_if", "scalar", "text", "trace_export",
        "trace_off", "trace_on", "write",
    ],
    "tf.summary.experimental": ["get_step", "set_step", "summary_scope", "write_raw_pb"],
}  # fmt: skip

# Where a file of the core has no __all__, its classes may be TF's, and these functions are.
CORE_FUNCTIONS = {
    "custom_gradient": {"custom_gradient", "grad_pass_through", "recompute_grad"},
    "function": {"function"},
    "logging": {"get_logger"},
    "variable": {"variable_creator_scope"},
}

NAMES_TEMPLATE = '''"""Where the names live that are not defined in their own namespace's file.

Made by tools/make_names.py from the modules' ``__all__``; do not edit.
"""

from __future__ import annotations

NAMES: dict[str, dict[str, str]] = {
ROWS
}
'''


class Module:
    """The names a module exports, and which of them it defines itself."""

    def __init__(self, path: Path, namespaces: set[str]) -> None:
        parts = list(path.relative_to(SOURCE).with_suffix("").parts)
        if parts[-1] == "__init__":
            parts.pop()
        self.name = ".".join(parts)
        self.namespace = _namespace(parts, namespaces)
        self.is_namespace = self.namespace == "tf" + self.name.removeprefix("reflow")
        tree = ast.parse(path.read_text("utf-8"), str(path))
        self.exported = _exported(tree, path)
        self.is_core = parts[1:2] == ["core"]
        if not self.exported and self.is_core:
            self.exported = {node.name for node in tree.body if isinstance(node, ast.ClassDef)}
            self.exported |= CORE_FUNCTIONS.get(parts[-1], set())
        imported = {
            alias.asname or alias.name
            for node in tree.body
            if isinstance(node, ast.ImportFrom)
            for alias in node.names
        }
        self.defined = self.exported - imported

    def symbol(self, name: str) -> str:
        """The public name of ``name``: ``tf.math.add`` for ``add`` in ``math/arithmetic.py``."""
        return f"{self.namespace}.{name}"

    def public_symbol(self, name: str, api: dict[str, dict]) -> str | None:
        """The same if TF has it, else that of an outer namespace: ``tf.truncatediv``."""
        namespace = self.namespace
        while namespace:
            if f"{namespace}.{name}" in api:
                return f"{namespace}.{name}"
            namespace = "" if self.is_namespace else namespace.rpartition(".")[0]
        return None


def _namespace(parts: list[str], namespaces: set[str]) -> str:
    """The namespace of TF that the names of a file belong to: the innermost one around it."""
    found = "tf"
    for part in parts[1:]:
        if f"{found}.{part}" not in namespaces:
            break
        found = f"{found}.{part}"
    return found


def _exported(tree: ast.Module, path: Path) -> set[str]:
    names: set[str] = set()
    for node in tree.body:
        if isinstance(node, ast.Assign):
            targets = node.targets
        elif isinstance(node, ast.AugAssign | ast.AnnAssign) and node.value is not None:
            targets = [node.target]
        else:
            continue
        if any(isinstance(target, ast.Name) and target.id == "__all__" for target in targets):
            try:
                names.update(ast.literal_eval(node.value))
            except ValueError as error:
                message = f"{path}:{node.lineno}: __all__ must be a literal list of strings"
                raise SystemExit(message) from error
    return names


def read_api() -> dict[str, dict]:
    """TF 2.1's public symbols: ``{"tf.abs": {"kind": ..., "sig": ..., "uses": ...}, ...}``."""
    return json.loads(gzip.decompress(API_FILE.read_bytes()))


def make_table(modules: list[Module], api: dict[str, dict]) -> dict[str, dict[str, str]]:
    """Builds ``{"reflow": {"add": "reflow.math", ...}, "reflow.math": {...}, ...}``."""
    owners = _owners(modules, api)
    table: dict[str, dict[str, str]] = {}
    spaces = [module for module in modules if module.is_namespace]
    present = {module.symbol(name) for module in spaces for name in module.exported}
    for group in [*json.loads(GROUPS_FILE.read_text("utf-8")), *([symbol] for symbol in api)]:
        owner = next((owners[symbol] for symbol in group if symbol in owners), None)
        if owner is None:
            continue
        module, attribute = owner
        for symbol in group:
            if symbol in present:
                continue
            namespace, _, name = symbol.rpartition(".")
            row = module if name == attribute else f"{module}:{attribute}"
            table.setdefault("reflow" + namespace.removeprefix("tf"), {}).setdefault(name, row)
    return table


def _owners(modules: list[Module], api: dict[str, dict]) -> dict[str, tuple[str, str]]:
    """Where each public symbol is defined.

    A re-export counts only where nothing defines it. So does a name in the core, whose functions
    may share a name with a public op that is built on them.
    """
    owners: dict[str, tuple[str, str]] = {}
    for module in modules:
        if module.is_core:
            continue
        for name in sorted(module.defined):
            symbol = module.public_symbol(name, api)
            if symbol is None:
                continue
            if symbol in owners:
                first = owners[symbol][0]
                raise SystemExit(f"{symbol} is defined twice: in {first} and in {module.name}")
            owners[symbol] = (module.name, name)
    for module in modules:
        for name in sorted(module.exported if module.is_core else module.exported - module.defined):
            symbol = module.public_symbol(name, api)
            if symbol is not None:
                owners.setdefault(symbol, (module.name, name))
    return owners


def write_table(table: dict[str, dict[str, str]]) -> str:
    """The text of ``_names.py``."""
    lines = []
    for namespace in sorted(table):
        lines.append(f'    "{namespace}": {{')
        rows = table[namespace]
        lines += [f'        "{name}": "{rows[name]}",' for name in sorted(rows)]
        lines.append("    },")
    return NAMES_TEMPLATE.replace("ROWS", "\n".join(lines))


def api_names(api: dict[str, dict]) -> dict[str, set[str]]:
    """TF 2.1's public names by namespace, namespaces among them."""
    names: dict[str, set[str]] = {key: set(value) for key, value in UNLISTED.items()}
    for symbol in api:
        parts = symbol.split(".")
        for depth in range(1, len(parts)):
            names.setdefault(".".join(parts[:depth]), set()).add(parts[depth])
    return names


def write_api_names(names: dict[str, set[str]]) -> str:
    """The text of ``_api_names.txt``: one line per namespace, ``tf.bitwise: bitwise_and ...``."""
    lines = ["# TF 2.1's public names. Made by tools/make_names.py; do not edit."]
    lines += [f"{namespace}: {' '.join(sorted(names[namespace]))}" for namespace in sorted(names)]
    return "\n".join(lines) + "\n"


def outputs() -> dict[Path, str]:
    """The files this tool makes, with the text they should have."""
    api = read_api()
    names = api_names(api)
    modules = [Module(path, set(names)) for path in sorted((SOURCE / "reflow").rglob("*.py"))]
    for module in modules:
        if "tf" + module.name.removeprefix("reflow") in api:
            raise SystemExit(f"the file of {module.name} hides the symbol of that name: rename it")
    return {
        NAMES_FILE: write_table(make_table(modules, api)),
        API_NAMES_FILE: write_api_names(names),
    }


def main() -> int:
    """Runs the command."""
    wanted = outputs()
    if "--check" not in sys.argv[1:]:
        for path, text in wanted.items():
            path.write_text(text, "utf-8")
        return 0
    stale = [
        path
        for path, text in wanted.items()
        if not path.exists() or path.read_text("utf-8") != text
    ]
    for path in stale:
        hint = "run python tools/make_names.py"
        print(f"{path.relative_to(ROOT)} is stale: {hint}", file=sys.stderr)
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main())

"""What converted code calls: ``ag__``."""

from reflow.autograph.branches import if_exp, if_stmt
from reflow.autograph.conversion import converted
from reflow.autograph.logic import and_, assert_stmt, none_of, not_, or_
from reflow.autograph.loops import for_stmt, iterable, while_stmt
from reflow.autograph.state import is_missing, returned, value

__all__ = [
    "and_", "assert_stmt", "converted", "for_stmt", "if_exp", "if_stmt", "is_missing", "iterable",
    "none_of", "not_", "or_", "returned", "value", "while_stmt",
]  # fmt: skip

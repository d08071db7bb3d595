"""Gives tensors ``[]`` and iteration, and the core the few array ops that it needs itself."""

from __future__ import annotations

from reflow._arrays.broadcasting import broadcast_to
from reflow._arrays.creation import ones_like, zeros, zeros_like
from reflow._arrays.gathering import gather, gather_nd
from reflow._arrays.scattering import (
    scatter_rows,
    tensor_scatter_nd_add,
    tensor_scatter_nd_sub,
    tensor_scatter_nd_update,
)
from reflow._arrays.shape import reshape, transpose
from reflow._arrays.slice_assign import assign_slice
from reflow._arrays.slicing import getitem, iterate
from reflow._arrays.stacking import concat, pack
from reflow.core.tensor import install

install(
    __getitem__=getitem,
    broadcast_to=broadcast_to,
    concat=concat,
    assign_slice=assign_slice,
    gather=gather,
    gather_nd=gather_nd,
    ones_like=ones_like,
    pack=pack,
    reshape=reshape,
    scatter_rows=scatter_rows,
    tensor_scatter_nd_add=tensor_scatter_nd_add,
    tensor_scatter_nd_sub=tensor_scatter_nd_sub,
    tensor_scatter_nd_update=tensor_scatter_nd_update,
    transpose=transpose,
    unstack=iterate,
    zeros=zeros,
    zeros_like=zeros_like,
)

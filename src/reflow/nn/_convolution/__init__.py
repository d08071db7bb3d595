"""Convolution as a bilinear function of input and kernel, in several formulations.

Everything here works on JAX arrays, channels last: inputs ``(batch, *spatial, channels)``, kernels
``(*kernel, channels / groups, filters)``. ``convolve`` and its two adjoints stand in
``bilinear.py``; which formulation computes them for which shapes in ``choice.py``; the formulations
in a file each.
"""

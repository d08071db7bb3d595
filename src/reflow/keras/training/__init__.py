"""How models are trained: losses and metrics of ``compile``, data, steps and loops."""

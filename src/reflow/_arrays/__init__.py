"""TF's top-level array ops, by subject.

``creation`` makes tensors, ``casting`` changes their dtype, ``shape`` their shape, ``stacking`` joins
and repeats them, ``slicing``, ``gathering``, ``scattering`` and ``masking`` pick and place elements,
``sorting`` and ``uniques`` order and count them, ``blocks`` moves blocks between batch and space;
``general`` holds what is about programs rather than arrays, ``host_functions`` runs Python code as
an op, ``printing`` is ``tf.print``.
"""

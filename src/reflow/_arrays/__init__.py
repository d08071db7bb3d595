"""TF's top-level array ops, by subject.

- making: ``creation``, ``ranges``, ``indicators``
- changing the type: ``casting``; the shape: ``shape``, ``broadcasting``
- joining and splitting: ``stacking``; ``repeating``, ``padding``, ``reversing``, ``blocks``
- picking: ``slicing``, ``gathering``, ``masking``; placing: ``scattering``, ``partitioning``
- order and counts: ``sorting``, ``uniques``
- ``general`` is about programs rather than arrays, ``host_functions`` runs Python code as an op,
  ``printing`` is ``tf.print``, ``hooks`` gives tensors ``[]`` and iteration
"""

"""TF's top-level array ops, by subject.

- making: ``creation``, ``ranges``; changing type: ``casting``; changing shape: ``shape``
- joining and splitting: ``stacking``; ``repeating``, ``padding``, ``reversing``, ``blocks``
- picking: ``slicing``, ``gathering``, ``masking``; placing: ``scattering``
- order and counts: ``sorting``, ``uniques``
- ``general`` is about programs rather than arrays, ``host_functions`` runs Python code as an op,
  ``printing`` is ``tf.print``, ``hooks`` gives tensors ``[]`` and iteration
"""

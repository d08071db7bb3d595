"""The execution core: tensors, recording, programs, tapes, variables, random streams, functions.

Nothing outside this package knows how an op is executed; nothing inside it knows what an op means.
"""

"""Control flow: branches, loops, maps and folds over tensors, and tensor arrays."""

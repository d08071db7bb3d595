"""What layers and models are made of: symbolic tensors, nodes, names, the stack of calls."""

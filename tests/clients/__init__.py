"""Public clients, unmodified, against a real stack: the wire is theirs, so they judge it."""

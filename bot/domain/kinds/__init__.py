"""The question kinds, one module each: a new kind is a new file and a line in KINDS."""

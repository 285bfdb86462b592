"""Every query once: synchronous functions of a connection, run in one go on the reader's thread."""

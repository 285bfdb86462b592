"""Use cases: load, decide, commit once. The only owners of time and dice."""

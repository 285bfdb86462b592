"""What the inside asks of the outside, as protocols and the records that pass."""

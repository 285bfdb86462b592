"""What is decided: pure functions over frozen records, with no clock, dice, disk or network."""

"""Places that keep or carry mail: synchronous, one caller at a time, no threads."""

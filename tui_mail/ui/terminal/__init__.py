"""The way to the terminal: what may reach it, how few bytes it takes, how keys are read."""

"""The command line: puts the rooms together, owns their lifetime, turns what went wrong into exit codes."""

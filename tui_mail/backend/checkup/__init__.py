"""What stands between this machine and its mail, looked at step by step."""

"""Bytes to model and back: pure, typed, never raises on any mail."""

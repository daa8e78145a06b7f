"""Settings in and out of TOML, and where secrets come from."""

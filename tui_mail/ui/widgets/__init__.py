"""One file a widget; widgets know values, never the engine."""

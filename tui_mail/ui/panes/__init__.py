"""Parts of a screen that reach the engine themselves, so that any screen can host them."""

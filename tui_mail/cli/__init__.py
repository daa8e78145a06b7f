"""The composition root: arguments to settings to Mail to an app or a printed answer."""

"""What mail is: frozen values and pure functions; no I/O, no threads, no clock."""

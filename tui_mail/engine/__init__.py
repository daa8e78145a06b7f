"""Where threads live: index, durable file, sessions, outbox, and Mail, the one name the UI knows."""

"""A small IMAP and SMTP server with a seeded mailbox: what `tui-mail demo` opens and what the tests bend."""

"""The IMAP wire layer: lexer, names, sets, one connection, typed verbs."""

"""The demo server's IMAP side (RFC 3501 with the extensions that clients use), strict about what clients say."""

"""Mail in folders of this machine: how a Maildir is laid out, what its file names say, and our own list of uids."""

"""What `--help` prints, a page a command."""

from __future__ import annotations

MAIN = """\
tui-mail: the mail client for people who live in a terminal.

  tui-mail                 read, file, answer and write mail
  tui-mail demo            the same on a made-up mailbox; nothing of yours is touched
  tui-mail send …          send one letter from the shell (tui-mail send --help)

Options
  --config FILE            use this configuration; data and state live in its folder
  --version, -V            the version; with -v also where configuration, data and log are
  --help, -h               this page; each command has its own

The first time
  tui-mail demo            look around; ? lists the keys, q leaves
  Then write an account into config.toml (tui-mail --version -v says where it is):

      [accounts.work]
      name = "Ann Example"
      address = "ann@example.org"
      imap = { host = "imap.example.org", port = 993, security = "tls" }
      smtp = { host = "smtp.example.org", port = 465, security = "tls" }

  The password comes from password_command = ["pass", "show", "mail/work"], from the
  system's keyring, or is asked for in each run. It never stands in the file.

Environment
  TUI_MAIL_DATA            a folder for mail, state and log, instead of the usual ones
  VISUAL, EDITOR           the editor behind ^O while writing

Exit codes
  0 done   1 failed   2 usage or configuration   130 interrupted
"""

DEMO = """\
tui-mail demo: the program on a made-up mailbox.

  tui-mail demo

Starts a small mail server on this machine, with some 300 messages, and opens the
program on it. What you send arrives; some of the people there answer. Your own
configuration and mail are not touched, and nothing is left behind.

Options
  --help, -h               this page
"""

SEND = """\
tui-mail send: send one letter, and wait until the server took it and Sent has it.

  tui-mail send --to bob@example.net --subject "Minutes" --attach minutes.pdf < text
  tui-mail send --to bob@example.net --subject Hello --body "See you at six." --trace

The letter
  --to ADDRESS             may stand several times, or hold several with commas
  --cc ADDRESS             a copy
  --bcc ADDRESS            a copy that the others do not see
  --subject TEXT
  --body TEXT              the text; without it, standard input is the text (UTF-8)
  --attach FILE            may stand several times

How
  --from ACCOUNT           the name in [accounts.NAME]; without it, the first one
  --trace                  print the dialogue with the server as it happens, → ours and
                           ← the server's, secrets masked
  --config FILE            use this configuration
  --help, -h               this page

If the server refuses one recipient, nothing is sent. If the connection is lost after
the last byte, the program says that it does not know, and never sends again by itself.

Exit codes
  0 sent and filed   1 failed   2 usage or configuration   130 interrupted
"""

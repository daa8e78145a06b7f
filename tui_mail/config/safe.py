"""The system's keyring, imported when it is needed and never trusted to be there."""

from __future__ import annotations

from tui_mail.model.errors import StorageFailed

from .settings import Account


def service(account: Account) -> str:
    """The name under which the keyring files this account's password; its user is `account.login`."""
    return f"tui-mail:{account.imap.host or account.smtp.host}"


def get(account: Account) -> tuple[str | None, str]:
    """The password, or None with the reason in half a sentence."""
    try:
        import keyring  # 60 ms, and some backends talk to the desktop when imported

        found = keyring.get_password(service(account), account.login)
    except Exception as error:  # noqa: BLE001  # a keyring backend: each raises what it likes
        return None, _why(error)
    if not found:
        return None, f"the keyring holds none for {account.login}"
    return found, ""


def put(account: Account, text: str) -> None:
    """Keeps the password and reads it back; StorageFailed where it is not there afterwards."""
    try:
        import keyring  # as above

        place = keyring.get_keyring()
        name = f"{type(place).__module__}.{type(place).__qualname__}"
        if "plaintext" in name.lower():
            raise StorageFailed(
                f"The keyring here ({name}) would write the password to a file in clear, so it was not kept.",
                remedy="It works for this run; password_command is the other way.",
            )
        keyring.set_password(service(account), account.login, text)
        kept = keyring.get_password(service(account), account.login)
    except StorageFailed:
        raise
    except Exception as error:  # noqa: BLE001  # a keyring backend: each raises what it likes
        kept = None
        why = _why(error)
    else:
        why = f"{name} took it but does not give it back"
    if kept != text:
        raise StorageFailed(
            f"The password was not kept: {why}.",
            remedy="It works for this run; password_command is the other way.",
        )


def why_not() -> str:
    """Why no password can be kept here, in half a sentence; empty where one can."""
    try:
        import keyring  # as above

        place = keyring.get_keyring()
        name = f"{type(place).__module__}.{type(place).__qualname__}".lower()
        usable = float(place.priority) >= 1  # what keyring itself recommends; below it are files and refusals
    except Exception as error:  # noqa: BLE001  # a keyring backend: each raises what it likes
        return _why(error)
    if "plaintext" in name:
        return "the keyring here would write it to a file in clear"
    return "" if usable else "this system has no keyring"


def drop(account: Account) -> None:
    """Takes the password out, where there is one; StorageFailed where it would not go."""
    try:
        import keyring  # as above

        if keyring.get_password(service(account), account.login) is not None:
            keyring.delete_password(service(account), account.login)
    except Exception as error:  # noqa: BLE001  # a keyring backend: each raises what it likes
        if type(error).__name__ == "NoKeyringError":
            return  # then there is nothing in it
        raise StorageFailed(
            f"The password of {account.login} is still in the keyring: {_why(error)}.",
            remedy=f"Take it out with: keyring del {service(account)} {account.login}",
        ) from None  # its text may hold the password


def _why(error: Exception) -> str:
    """Half a sentence; never the exception's own text, which may hold the password."""
    match type(error).__name__:
        case "NoKeyringError":
            return "this system has no keyring"
        case "KeyringLocked":
            return "the keyring is locked"
        case "PasswordSetError":
            return "the keyring would not take it"
        case name:
            return f"the keyring cannot be used ({name})"

"""What is known about mail providers is right in itself, and shown in the README."""

from __future__ import annotations

import pytest

from tui_mail.config import providers
from tui_mail.config.check import check
from tui_mail.config.providers import PROVIDERS, Provider, at, find, guess, meant
from tui_mail.config.settings import Account, Server, Settings


@pytest.mark.parametrize(
    ("address", "imap", "smtp"),
    [
        ("ann@gmail.com", "imap.gmail.com", "smtp.gmail.com"),
        ("Ann@GMAIL.com.", "imap.gmail.com", "smtp.gmail.com"),
        ("ann@outlook.com", "outlook.office365.com", "smtp-mail.outlook.com"),
        ("ann@firm.onmicrosoft.com", "outlook.office365.com", "smtp.office365.com"),
        ("ann@icloud.com", "imap.mail.me.com", "smtp.mail.me.com"),
        ("ann@yahoo.co.uk", "imap.mail.yahoo.com", "smtp.mail.yahoo.com"),
        ("ann@aol.com", "imap.aol.com", "smtp.aol.com"),
        ("ann@fastmail.com", "imap.fastmail.com", "smtp.fastmail.com"),
        ("10001@qq.com", "imap.qq.com", "smtp.qq.com"),
        ("ann@foxmail.com", "imap.qq.com", "smtp.qq.com"),
        ("ann@163.com", "imap.163.com", "smtp.163.com"),
        ("ann@126.com", "imap.126.com", "smtp.126.com"),
        ("ann@yeah.net", "imap.yeah.net", "smtp.yeah.net"),
        ("ann@aliyun.com", "imap.aliyun.com", "smtp.aliyun.com"),
        ("ann@ya.ru", "imap.yandex.com", "smtp.yandex.com"),
        ("ann@mail.ru", "imap.mail.ru", "smtp.mail.ru"),
        ("ann@zoho.eu", "imap.zoho.eu", "smtp.zoho.eu"),
        ("ann@gmx.de", "imap.gmx.net", "mail.gmx.net"),
        ("ann@web.de", "imap.web.de", "smtp.web.de"),
        ("ann@mailbox.org", "imap.mailbox.org", "smtp.mailbox.org"),
        ("ann@posteo.de", "posteo.de", "posteo.de"),
        ("ann@proton.me", "127.0.0.1", "127.0.0.1"),
    ],
)
def test_an_address_of_a_known_provider_finds_its_servers(address: str, imap: str, smtp: str) -> None:
    found = find(address)
    assert found is not None
    assert (found.imap.host, found.smtp.host) == (imap, smtp)


@pytest.mark.parametrize(
    "address", ["", "ann", "gmail.com", "ann@", "ann@gmail.co", "ann@notgmail.com", "@onmicrosoft.com"]
)
def test_another_address_finds_none(address: str) -> None:
    assert find(address) is None


@pytest.mark.parametrize("provider", PROVIDERS, ids=lambda provider: provider.name)
def test_every_provider_makes_an_account_that_the_configuration_takes(provider: Provider) -> None:
    address = f"ann@{provider.domains[0].removeprefix('.')}"
    user = provider.login(address)
    account = Account("a", address, provider.imap, provider.smtp, user="" if user == address else user)
    check(Settings({"a": account}), "here")
    assert provider.link.startswith("https://") or not provider.link
    assert provider.hint.endswith(".") or not provider.hint
    if provider.wants != "password":
        assert provider.hint


def test_no_domain_belongs_to_two_providers() -> None:
    domains = [domain for provider in PROVIDERS for domain in provider.domains]
    assert len(domains) == len(set(domains))
    assert all(domain == domain.lower() for domain in domains)


def test_web_de_wants_what_stands_before_the_at_sign() -> None:
    found = find("ann.example@web.de")
    assert found is not None and found.login("ann.example@web.de") == "ann.example"


def test_where_no_password_helps_it_is_said_before_one_is_typed() -> None:
    found = find("ann@hotmail.com")
    assert found is not None and found.is_closed and "OAuth" in found.hint


def test_a_domain_that_is_kept_at_a_provider_is_told_by_its_server() -> None:
    found = at("IMAP.gmail.com ")
    assert found is not None and "app password" in found.hint
    assert at("imap.example.org") is None


def test_a_domain_of_its_own_is_guessed_encrypted_servers_first() -> None:
    proposed = guess("ann@Example.org")
    assert proposed.imap == (Server("imap.example.org", 993), Server("mail.example.org", 993))
    assert proposed.smtp[:2] == (Server("smtp.example.org", 465), Server("mail.example.org", 465))
    assert {server.security for server in (*proposed.imap, *proposed.smtp)} == {"tls", "starttls"}


@pytest.mark.parametrize("address", ["", "ann", "ann@", "ann@host", "ann@."])
def test_nothing_is_guessed_from_half_an_address(address: str) -> None:
    with pytest.raises(ValueError):
        guess(address)


@pytest.mark.parametrize(
    ("address", "domain"),
    [
        ("ann@gmial.com", "gmail.com"),
        ("ann@gmai.com", "gmail.com"),
        ("ann@hotmial.com", "hotmail.com"),
        ("ann@outlok.com", "outlook.com"),
        ("ann@gmail.com", ""),
        ("ann@example.org", ""),
        ("ann@mail.example.com", ""),
        ("ann", ""),
    ],
)
def test_a_mistyped_domain_is_asked_about_before_a_password_goes_there(address: str, domain: str) -> None:
    assert meant(address) == domain


def test_the_table_names_every_provider_once() -> None:
    lines = providers.table().splitlines()
    assert len(lines) == len(PROVIDERS) + 2
    assert all(line.count("|") == 5 for line in lines)

"""E-mail through the hospital's relay. The Message-ID is the delivery's id: a repeat is recognisable as one."""

from __future__ import annotations

import datetime as dt
import html
import json
import smtplib
from collections.abc import Sequence
from email.message import EmailMessage
from email.utils import parseaddr

from notifier.channels.port import Answer, Message
from notifier.channels.text import fit_chars
from shared.settings.channels import Smtp

SUBJECT_CHARACTERS = 60
WINDOW = dt.timedelta(hours=4)


class Mail:
    """The last choice. 4xx is tried again, 5xx is about the recipient, unless the relay refuses ourselves."""

    name, batch, window = "mail", 1, WINDOW

    def __init__(self, smtp: Smtp, base_url: str, timeout: float) -> None:
        self.smtp, self.base_url, self.timeout = smtp, base_url, timeout

    def render(self, message: Message, call_id: str) -> str:
        """Subject and text; the link needs a sign-in."""
        words = [fit_chars(message.title, SUBJECT_CHARACTERS), message.text, f"{self.base_url}/app/inbox?m={call_id}"]
        return json.dumps(words, ensure_ascii=False)

    def send(self, body: str, recipients: Sequence[str], call_id: str) -> Answer:
        """One letter to one person."""
        try:
            server = self._connected()
        except (smtplib.SMTPAuthenticationError, smtplib.SMTPNotSupportedError) as error:
            return Answer("config", errcode=getattr(error, "smtp_code", None))
        except smtplib.SMTPResponseException as error:
            return Answer("retry" if error.smtp_code < 500 else "config", errcode=error.smtp_code)
        except (OSError, smtplib.SMTPException):
            return Answer("retry")
        try:
            return self._posted(server, body, recipients[0], call_id)
        finally:
            server.close()

    def wait(self, recipient: str, now: dt.datetime) -> dt.datetime | None:
        """The relay's own limits are its answers."""
        return None

    def _connected(self) -> smtplib.SMTP:
        make = smtplib.SMTP_SSL if self.smtp.tls == "tls" else smtplib.SMTP
        server = make(self.smtp.host, self.smtp.port, timeout=self.timeout)
        if self.smtp.tls == "starttls":
            server.starttls()
        if self.smtp.user:
            server.login(self.smtp.user, self.smtp.password)
        return server

    def _posted(self, server: smtplib.SMTP, body: str, recipient: str, call_id: str) -> Answer:
        """Before the relay has the whole letter nothing was sent; when the connection ends after that, nobody knows."""
        letter = _letter(self.smtp.sender, recipient, body, call_id).as_bytes()
        try:
            server.ehlo_or_helo_if_needed()
            for code, _ in (server.mail(parseaddr(self.smtp.sender)[1]), server.rcpt(recipient)):
                if code >= 400:
                    return Answer("retry" if code < 500 else "recipient", errcode=code)
        except (OSError, smtplib.SMTPException):
            return Answer("retry")
        try:
            code, _ = server.data(letter)
        except smtplib.SMTPDataError as error:
            return Answer("retry" if error.smtp_code < 500 else "message", errcode=error.smtp_code)
        except (OSError, smtplib.SMTPException):
            return Answer("unknown")
        if code >= 400:
            return Answer("retry" if code < 500 else "message", errcode=code)
        return Answer("accepted", msgid=call_id)


def _letter(sender: str, recipient: str, body: str, call_id: str) -> EmailMessage:
    """Plain text and simple HTML, no attachment."""
    title, text, url = json.loads(body)
    letter = EmailMessage()
    letter["Subject"], letter["From"], letter["To"] = title, sender, recipient
    letter["Message-ID"] = f"<{call_id}@{parseaddr(sender)[1].rpartition('@')[2]}>"
    letter.set_content(f"{text}\n\n{url}\n")
    letter.add_alternative(f'<p>{html.escape(text)}</p><p><a href="{html.escape(url)}">查看</a></p>', subtype="html")
    return letter

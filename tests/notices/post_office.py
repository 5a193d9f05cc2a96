"""A mail server (aiosmtpd), a robot (http.server) and a certificate, all real and all on loopback."""

from __future__ import annotations

import datetime as dt
import json
import socket
import ssl
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword
from aiosmtpd.smtp import Session as Dialogue
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

HOST = "127.0.0.1"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


@dataclass(slots=True)
class MailServer:
    """What it was sent; `refused` are addresses with the answer they get instead of 250, `said` is the answer to every text.

    `encrypted` and `known` tell of each text whether it came so, and from somebody who had logged in.
    """

    port: int = field(default_factory=free_port)
    mails: list[tuple[str, EmailMessage]] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)
    said: str = "250 OK"
    encrypted: list[bool] = field(default_factory=list)
    known: list[bool] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"smtp://{HOST}:{self.port}"

    @property
    def receivers(self) -> list[str]:
        return [receiver for receiver, _ in self.mails]

    async def handle_RCPT(self, _server: SMTP, _dialogue: Dialogue, envelope: Envelope, address: str, _options: list[str]) -> str:  # noqa: N802  # aiosmtpd's name
        if address in self.refused:
            return self.refused[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: SMTP, session: Dialogue, envelope: Envelope) -> str:  # noqa: N802  # aiosmtpd's name
        if self.said.startswith("250"):
            self.encrypted.append(session.ssl is not None)
            self.known.append(bool(session.authenticated))
            text = message_from_bytes(envelope.content or b"", policy=policy.default)  # type: ignore[arg-type]  # bytes, as decode_data is off
            assert isinstance(text, EmailMessage)
            self.mails += [(receiver, text) for receiver in envelope.rcpt_tos]
        return self.said


@contextmanager
def serving(server: MailServer, **options: Any) -> Iterator[MailServer]:
    """The mail server answers within this block, and nobody outside it. It runs again on the same port when it is served again."""
    controller = Controller(server, hostname=HOST, port=server.port, **options)
    controller.start()
    try:
        yield server
    finally:
        controller.stop()


def knows(user: str, password: str) -> Any:
    """An authenticator for one person."""

    def check(server: SMTP, session: Dialogue, envelope: Envelope, mechanism: str, data: Any) -> AuthResult:
        return AuthResult(success=data == LoginPassword(user.encode(), password.encode()), handled=False)

    return check


@dataclass(slots=True)
class Called:
    path: str
    headers: Mapping[str, str]
    body: dict[str, Any]


@dataclass(slots=True)
class Robot:
    """A robot of a chat group: what it was called with, and what it answers (status, body, headers)."""

    calls: list[Called] = field(default_factory=list)
    status: int = 200
    answer: str = '{"errcode":0,"errmsg":"ok","code":0,"msg":"success"}'
    headers: Mapping[str, str] = field(default_factory=dict)
    echo: bool = False
    url: str = ""


@contextmanager
def called(robot: Robot, certificate: Certificate | None = None) -> Iterator[Robot]:
    """The robot stands on a free port within this block."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            text = self.rfile.read(int(self.headers["Content-Length"])).decode()
            robot.calls.append(Called(self.path, dict(self.headers), json.loads(text)))
            said = json.dumps({"errcode": 310000, "errmsg": f"bad {self.path} {text}"}) if robot.echo else robot.answer
            self.send_response(robot.status)
            for name, value in robot.headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(said.encode())

        def log_message(self, *_: Any) -> None:
            """Nothing: standard error belongs to the tests."""

    server = ThreadingHTTPServer((HOST, 0), Handler)
    if certificate:
        server.socket = certificate.context().wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    robot.url = f"http{'s' if certificate else ''}://{HOST}:{server.server_port}/robot/send?access_token=5e9f1c0d7a"
    try:
        yield robot
    finally:
        server.shutdown()
        server.server_close()


@dataclass(frozen=True, slots=True)
class Certificate:
    """A certificate for this machine, signed by itself."""

    file: Path

    def context(self) -> ssl.SSLContext:
        """For a server that shows it."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.file)
        return context


def make_certificate(folder: Path) -> Certificate:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = dt.datetime.now(dt.UTC)
    names = x509.SubjectAlternativeName([x509.DNSName("localhost"), x509.IPAddress(ip_address(HOST))])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(names, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    file = folder / "certificate.pem"
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    file.write_bytes(private + made.public_bytes(Encoding.PEM))
    return Certificate(file)

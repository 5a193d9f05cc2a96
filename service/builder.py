"""The process that builds manuals for a server: `python -m service.builder DESCRIPTOR`.

It takes orders from the socket of that number, one at a time, reads the database by itself and changes nothing, neither rows nor files: what
it made goes back over the socket. It stays warm: fonts, texts, parts, fragments and set pieces are kept for the next order. It ends when the
other end of the socket is closed. Who watches it (manuals/building.py) may kill it at any time.
"""

from __future__ import annotations

import gc
import shutil
import signal
import sys
import tempfile
import traceback
from functools import lru_cache
from multiprocessing.connection import Connection
from pathlib import Path

from sqlalchemy import Engine

import service.models  # noqa: F401  # every table, so that foreign keys find theirs
from service.book.pdf_shelf import Shelf
from service.db import open_database, reading
from service.errors import NotFound, ServiceError
from service.kit.memory import give_back_freed, give_back_now
from service.manuals.actions import prepare_manual
from service.manuals.building import FOLDER
from service.manuals.orders import Answer, Fault, Order, Stop, Stopped
from service.manuals.prepared import Prepared
from service.manuals.steps import Step, Tell
from service.manuals.workshop import workshop_for
from service.organisations.models import Organisation

ROOM = 192 * 2**20
"""Bytes of the shelf: parts, fragments and pieces of about 1,000 documents."""

IDLE = 1.0
"""Seconds without an order after which garbage is collected."""
MOST_UNTIDIED = 8
"""Orders after which it is collected even if the next one waits."""


class Given(Exception):
    """The order was given up."""


def serve(server: Connection) -> None:
    """Do orders until the server closes its end."""
    shelf = Shelf(ROOM)
    give_back_freed()
    gc.disable()
    untidied = 0
    while True:
        try:
            if untidied and (untidied == MOST_UNTIDIED or not server.poll(IDLE)):
                untidied = _tidied()
            order = server.recv()
            if isinstance(order, Order):
                server.send(_answer(order, server, shelf))
                untidied += 1
        except (EOFError, ConnectionError):
            return


def _tidied() -> int:
    """Between two orders: a round of the garbage collector over all that is kept stops an order for 100 ms, and there would be several."""
    gc.unfreeze()
    gc.collect()
    gc.freeze()
    give_back_now()
    return 0


def _answer(order: Order, server: Connection, shelf: Shelf) -> Answer:
    def tell(step: Step) -> None:
        while server.poll():
            if isinstance(server.recv(), Stop):
                raise Given
        server.send(step)

    try:
        return _prepared(order, shelf, tell)
    except Given:
        return Stopped()
    except ServiceError as fault:
        return Fault(fault)
    except ConnectionError:
        raise
    except Exception:  # told to whoever ordered it, and this process goes on
        return Fault(None, traceback.format_exc())


def _prepared(order: Order, shelf: Shelf, tell: Tell) -> Prepared:
    with reading(_engine(order.database)) as session:
        organisation = session.get(Organisation, order.organisation)
        if organisation is None:
            raise NotFound("企业不存在", code="organisation_not_found")
        workshop = workshop_for(session, organisation)
        return prepare_manual(
            session, organisation, workshop, on=order.on, formats=order.formats, binding=order.binding, tell=tell, shelf=shelf
        )


@lru_cache(maxsize=2)
def _engine(address: str) -> Engine:
    return open_database(address)


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C at a terminal reaches the server too, which closes the socket
    serve(Connection(int(sys.argv[1])))
    if Path(tempfile.gettempdir()).name.startswith(FOLDER):  # a server that was killed cannot clean up after us
        shutil.rmtree(tempfile.gettempdir(), ignore_errors=True)

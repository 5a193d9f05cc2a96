"""What one visitor of `bench.pages` does: log in as somebody of the demo, then open one page after the other. Read by locust, not by us."""

import random
import re

from locust import HttpUser, between, task

PASSWORD = "shouhou-yanshi-2026"
LOGINS = ("li", "zhao", "qian", "sun", "han", "yang", "zixun", "pingshen")
HC = "/organisations/HC"
PAGES = (
    HC,
    f"{HC}/documents",
    f"{HC}/documents?kind=procedure",
    f"{HC}/documents/HC/SH-CX-01",
    f"{HC}/documents/HC/SH-CX-05",
    f"{HC}/signing",
    f"{HC}/changes",
    f"{HC}/copies",
    f"{HC}/acknowledgements",
    f"{HC}/reviews",
    f"{HC}/external-documents",
    f"{HC}/record-forms",
    f"{HC}/lists",
    f"{HC}/manuals",
    f"{HC}/coverage",
    f"{HC}/profile",
    f"{HC}/chart",
    f"{HC}/search?q=投诉",
    "/organisations",
)


class Visitor(HttpUser):
    """About a page a second, each in his own rhythm."""

    wait_time = between(0.5, 1.5)

    def on_start(self) -> None:
        login = random.choice(LOGINS)
        self.client.post("/login", {"login": login, "password": PASSWORD, "next": HC}, name="log-in", allow_redirects=False)

    @task
    def look(self) -> None:
        page = random.choice(PAGES)
        self.client.get(page, name=re.sub(r"\?.*", "", page))

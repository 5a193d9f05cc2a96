"""Who may call which route: one row per method and path, written by hand and apart from the program's own table."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum

from service.organisations.roles import Role

A, C, W, V, P, R, E, K = (
    Role.ADMINISTRATOR,
    Role.DOCUMENT_CONTROLLER,
    Role.AUTHOR,
    Role.REVIEWER,
    Role.APPROVER,
    Role.READER,
    Role.AUDITOR,
    Role.CONSULTANT,
)


class Anybody(Enum):
    """Routes outside any organisation."""

    PUBLIC = "without logging in"
    PERSON = "whoever has logged in, but no API token"
    CALLER = "whoever has logged in, or a token"


PUBLIC, PERSON, CALLER = Anybody.PUBLIC, Anybody.PERSON, Anybody.CALLER
EVERY = frozenset(Role)
SEES_ALL = frozenset({C, W, V, P, E, K})
DRAFTS = frozenset({C, W, K})
REVIEWS = frozenset({C, V, P})
CONTROLS = frozenset({C})
APPROVES = frozenset({P})
STAFF = frozenset({C, W, V, P})
CONFIGURES = frozenset({C, K})
REQUESTS = frozenset({C, W, V, P, R, K})
MANAGES = frozenset({A})
BUILDS = frozenset({C, K})
READS_TRAIL = frozenset({A, C, P, E, K})
Who = frozenset[Role] | Anybody
ORGANISATION = "/api/v1/organisations/{code}"
DOCUMENT = f"{ORGANISATION}/documents/{{number:path}}"
CHANGE = f"{ORGANISATION}/change-requests/{{number}}"
COPY = f"{ORGANISATION}/copies/{{copy_id}}"

RIGHTS: Mapping[tuple[str, str], Who] = {
    # open to all
    ("GET", "/healthz"): PUBLIC,
    ("GET", "/readyz"): PUBLIC,
    ("GET", "/docs"): PUBLIC,
    ("GET", "/"): PUBLIC,
    # getting in
    **{(method, path): PUBLIC for path in ("/login", "/invitation", "/reset") for method in ("GET", "POST")},
    ("POST", "/reset/use"): PUBLIC,
    ("POST", "/logout"): PUBLIC,  # also for somebody whose log-in session is over
    **{("POST", f"/api/v1/{path}"): PUBLIC for path in ("session", "invitations/accept", "resets", "resets/use")},
    # one's own account
    ("GET", "/api/v1/session"): CALLER,
    ("DELETE", "/api/v1/session"): PERSON,
    ("GET", "/api/v1/sessions"): PERSON,
    ("DELETE", "/api/v1/sessions"): PERSON,
    ("DELETE", "/api/v1/sessions/{session_id}"): PERSON,
    ("POST", "/api/v1/password"): PERSON,
    ("GET", "/api/v1/second-factor"): PERSON,
    ("POST", "/api/v1/second-factor"): PERSON,
    ("POST", "/api/v1/second-factor/confirm"): PERSON,
    ("POST", "/api/v1/second-factor/disable"): PERSON,
    ("GET", "/api/v1/tokens"): PERSON,
    ("POST", "/api/v1/tokens"): PERSON,
    ("DELETE", "/api/v1/tokens/{token_id}"): PERSON,
    ("GET", "/account"): PERSON,
    ("POST", "/account/password"): PERSON,
    ("POST", "/account/second-factor/start"): PERSON,
    ("POST", "/account/second-factor/confirm"): PERSON,
    ("POST", "/account/second-factor/disable"): PERSON,
    ("POST", "/account/sessions/end-others"): PERSON,
    ("POST", "/account/sessions/{session_id}/end"): PERSON,
    ("POST", "/account/tokens"): PERSON,
    ("POST", "/account/tokens/{token_id}/revoke"): PERSON,
    # members, values, chart and trail
    ("GET", f"{ORGANISATION}/members"): SEES_ALL | MANAGES,
    ("POST", f"{ORGANISATION}/members"): MANAGES,
    ("POST", f"{ORGANISATION}/members/from-chart"): MANAGES,
    ("POST", f"{ORGANISATION}/members/{{login}}/invite"): MANAGES,
    ("DELETE", f"{ORGANISATION}/members/{{login}}/{{role}}"): MANAGES,
    ("GET", f"{ORGANISATION}/values/{{name}}"): EVERY,
    ("PUT", f"{ORGANISATION}/values/{{name}}"): BUILDS,
    ("GET", f"{ORGANISATION}/chart"): EVERY,
    ("GET", f"{ORGANISATION}/trail"): READS_TRAIL,
    ("GET", f"{ORGANISATION}/trail/verify"): READS_TRAIL,
    ("GET", f"{ORGANISATION}/trail/anchors"): READS_TRAIL,
    # organisations
    ("GET", "/organisations"): CALLER,
    ("GET", "/api/v1/organisations"): CALLER,
    ("GET", "/organisations/{code}"): EVERY,
    ("GET", ORGANISATION): EVERY,
    # documents
    ("GET", "/organisations/{code}/documents"): EVERY,
    ("GET", "/organisations/{code}/documents/{number:path}"): EVERY,
    ("GET", f"{ORGANISATION}/documents"): EVERY,
    ("POST", f"{ORGANISATION}/documents"): DRAFTS,
    ("GET", DOCUMENT): EVERY,
    ("GET", f"{DOCUMENT}/draft"): SEES_ALL,
    ("PUT", f"{DOCUMENT}/draft"): DRAFTS,
    ("POST", f"{DOCUMENT}/revisions"): DRAFTS,
    ("POST", f"{ORGANISATION}/pictures"): DRAFTS,
    ("GET", f"{ORGANISATION}/pictures/{{sha256}}"): EVERY,
    ("GET", "/organisations/{code}/pictures/{sha256}"): EVERY,
    # periodic reviews, external documents and master lists
    ("GET", f"{ORGANISATION}/reviews"): SEES_ALL,
    ("POST", f"{ORGANISATION}/reviews"): REVIEWS,
    ("GET", f"{ORGANISATION}/reviews/{{number:path}}"): SEES_ALL,
    ("GET", f"{DOCUMENT}/review-months"): SEES_ALL,
    ("PUT", f"{DOCUMENT}/review-months"): CONTROLS,
    ("GET", f"{ORGANISATION}/external-documents"): SEES_ALL,
    ("POST", f"{ORGANISATION}/external-documents"): CONTROLS,
    ("POST", f"{ORGANISATION}/external-documents/adopt"): CONTROLS,
    ("GET", f"{ORGANISATION}/external-documents/{{number:path}}/checks"): SEES_ALL,
    ("POST", f"{ORGANISATION}/external-documents/{{number:path}}/checks"): CONTROLS,
    ("POST", f"{ORGANISATION}/external-documents/{{number:path}}/end"): CONTROLS,
    ("GET", f"{ORGANISATION}/lists/{{name}}"): SEES_ALL,
    # search
    ("GET", f"{ORGANISATION}/search"): EVERY,
    ("GET", f"{ORGANISATION}/search/suggestions"): EVERY,
    # coverage and checks
    ("GET", "/organisations/{code}/coverage"): SEES_ALL,
    ("GET", "/organisations/{code}/coverage.xlsx"): SEES_ALL,
    ("GET", "/organisations/{code}/checks"): SEES_ALL,
    ("GET", f"{ORGANISATION}/coverage"): SEES_ALL,
    # manuals
    ("GET", "/organisations/{code}/manuals"): SEES_ALL,
    ("POST", "/organisations/{code}/manuals"): BUILDS,
    ("GET", "/organisations/{code}/manuals/{build_id}/{name}"): SEES_ALL,
    ("GET", f"{ORGANISATION}/manuals"): SEES_ALL,
    ("POST", f"{ORGANISATION}/manuals"): BUILDS,
    ("GET", f"{ORGANISATION}/manuals/{{build_id}}/files/{{name}}"): SEES_ALL,
    ("GET", f"{DOCUMENT}/export"): EVERY,
    # the lifecycle
    ("POST", f"{DOCUMENT}/submit"): DRAFTS,
    ("POST", f"{DOCUMENT}/withdraw"): DRAFTS,
    ("POST", f"{DOCUMENT}/review"): frozenset({V}),
    ("POST", f"{DOCUMENT}/countersign"): STAFF,
    ("POST", f"{DOCUMENT}/approve"): APPROVES,
    ("POST", f"{DOCUMENT}/release"): CONTROLS,
    ("POST", f"{DOCUMENT}/obsolete"): CONTROLS,
    ("POST", f"{DOCUMENT}/return"): STAFF,
    ("GET", f"{DOCUMENT}/signoffs"): SEES_ALL,
    ("GET", f"{DOCUMENT}/steps"): SEES_ALL,
    ("GET", f"{DOCUMENT}/claims"): SEES_ALL,
    ("GET", f"{ORGANISATION}/approval-rules"): SEES_ALL,
    ("POST", f"{ORGANISATION}/approval-rules"): CONFIGURES,
    ("POST", f"{ORGANISATION}/approval-rules/{{rule}}/approve"): APPROVES,
    ("POST", f"{ORGANISATION}/approval-rules/{{rule}}/end"): APPROVES | CONFIGURES,
    ("GET", f"{ORGANISATION}/duty-exceptions"): SEES_ALL,
    ("POST", f"{ORGANISATION}/duty-exceptions"): APPROVES,
    ("POST", f"{ORGANISATION}/duty-exceptions/{{exception}}/end"): APPROVES,
    # change
    ("GET", f"{ORGANISATION}/change-requests"): EVERY,
    ("POST", f"{ORGANISATION}/change-requests"): REQUESTS,
    ("GET", f"{ORGANISATION}/change-requests/from-values"): SEES_ALL,
    ("POST", f"{ORGANISATION}/change-requests/from-values"): REQUESTS - {R},
    ("GET", f"{CHANGE}"): EVERY,
    ("PUT", f"{CHANGE}"): REQUESTS,
    ("POST", f"{CHANGE}/submit"): REQUESTS,
    ("POST", f"{CHANGE}/withdraw"): REQUESTS,
    ("POST", f"{CHANGE}/approve"): APPROVES,
    ("POST", f"{CHANGE}/reject"): APPROVES,
    ("GET", f"{CHANGE}/form.{{file_format}}"): EVERY,
    ("GET", f"{CHANGE}/notice.{{file_format}}"): SEES_ALL,
    ("GET", f"{CHANGE}/change-pages.{{file_format}}"): SEES_ALL,
    ("GET", f"{DOCUMENT}/impact"): SEES_ALL,
    # copies and reading
    ("GET", f"{ORGANISATION}/copies"): EVERY,
    ("POST", f"{ORGANISATION}/copies"): CONTROLS,
    ("POST", f"{ORGANISATION}/copies/to-recipients"): CONTROLS,
    ("GET", f"{ORGANISATION}/copies/register"): SEES_ALL,
    ("GET", f"{ORGANISATION}/copies/register.{{file_format}}"): SEES_ALL,
    ("GET", f"{COPY}"): EVERY,
    ("POST", f"{COPY}/receive"): STAFF | {A, R},
    ("POST", f"{COPY}/recall"): CONTROLS,
    ("POST", f"{COPY}/settle"): CONTROLS,
    ("GET", f"{DOCUMENT}/recipients"): SEES_ALL,
    ("PUT", f"{DOCUMENT}/recipients"): CONTROLS,
    ("GET", f"{ORGANISATION}/acknowledgements"): SEES_ALL,
    ("GET", f"{ORGANISATION}/acknowledgements/mine"): EVERY,
    ("POST", f"{ORGANISATION}/acknowledgements"): CONTROLS,
    ("POST", f"{ORGANISATION}/acknowledgements/{{acknowledgement_id}}/acknowledge"): STAFF | {A, R},
    ("POST", f"{ORGANISATION}/acknowledgements/{{acknowledgement_id}}/excuse"): CONTROLS,
    ("GET", f"{DOCUMENT}/questions"): SEES_ALL,
    ("PUT", f"{DOCUMENT}/questions"): DRAFTS,
    # what is shared by all organisations, and how texts come in
    ("GET", "/api/v1/standards"): CALLER,
    ("GET", "/api/v1/standards/{standard_id}/indicators"): CALLER,
    ("GET", "/api/v1/template-sets"): CALLER,
    ("POST", f"{ORGANISATION}/template-sets/{{key}}/clone"): BUILDS,
    ("POST", f"{ORGANISATION}/imports"): BUILDS,
    ("GET", f"{ORGANISATION}/not-applicable"): SEES_ALL,
    ("POST", f"{ORGANISATION}/not-applicable"): APPROVES,
    ("POST", f"{ORGANISATION}/not-applicable/{{indicator}}/withdrawal"): APPROVES,
    ("GET", f"{ORGANISATION}/checks"): SEES_ALL,
    # notices
    ("GET", f"{ORGANISATION}/channels"): MANAGES,
    ("POST", f"{ORGANISATION}/channels"): MANAGES,
    ("POST", f"{ORGANISATION}/channels/{{channel_id}}/end"): MANAGES,
    ("POST", f"{ORGANISATION}/channels/{{channel_id}}/test"): MANAGES,
    ("GET", f"{ORGANISATION}/notices"): MANAGES,
}

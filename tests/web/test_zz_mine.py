from web import rights
from web.rights import *
C_=f"{ORGANISATION}/copies"; K_=f"{ORGANISATION}/acknowledgements"
ACK = EVERY - {E, K}
MINE={
 ("GET",C_):EVERY,("POST",C_):CONTROLS,("POST",f"{C_}/to-recipients"):CONTROLS,("GET",f"{C_}/register"):SEES_ALL,("GET",f"{C_}/register.{{file_format}}"):SEES_ALL,
 ("GET",f"{C_}/{{copy_id}}"):EVERY,("POST",f"{C_}/{{copy_id}}/receive"):EVERY,("POST",f"{C_}/{{copy_id}}/recall"):CONTROLS,("POST",f"{C_}/{{copy_id}}/settle"):CONTROLS,
 ("GET",f"{DOCUMENT}/recipients"):SEES_ALL,("PUT",f"{DOCUMENT}/recipients"):CONTROLS,
 ("GET",f"{DOCUMENT}/questions"):SEES_ALL,("PUT",f"{DOCUMENT}/questions"):DRAFTS,
 ("GET",K_):SEES_ALL,("GET",f"{K_}/mine"):EVERY,("POST",K_):CONTROLS,("POST",f"{K_}/{{acknowledgement_id}}/acknowledge"):ACK,("POST",f"{K_}/{{acknowledgement_id}}/excuse"):CONTROLS,
}
OLD=dict(rights.RIGHTS)
rights.RIGHTS=MINE
from web.test_rights import served, test_stranger_is_asked_to_log_in, test_each_role_may_do_what_its_row_says, test_who_is_no_member_learns_nothing, routes  # noqa
def test_all_mine():
    assert {r for r in routes() if "copies" in r[1] or "acknowledgements" in r[1] or r[1].endswith(("recipients","questions"))}==set(MINE)
    print([m for m in MINE if m in OLD])

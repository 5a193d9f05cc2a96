"""LibreOffice without a screen: every tracked change of a set of files accepted and rejected, by a macro of a profile made for it."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from xml.sax.saxutils import escape

SOFFICE = shutil.which("soffice")
_MACRO = """
Sub Settle(folder As String)
  Dim found As String, files() As String, many As Long, place As Long
  On Error Goto Failed
  found = Dir(folder & "/*.docx")
  Do While found <> ""
    ReDim Preserve files(many)
    files(many) = found
    many = many + 1
    found = Dir()
  Loop
  For place = 0 To many - 1
    One(folder, files(place), ".uno:AcceptAllTrackedChanges", "new")
    One(folder, files(place), ".uno:RejectAllTrackedChanges", "old")
  Next
  Say(folder & "/done", "")
  StarDesktop.terminate()
  Exit Sub
Failed:
  Say(folder & "/failed", Error() & " " & Erl())
  StarDesktop.terminate()
End Sub

Sub Say(path As String, words As String)
  Open path For Output As #1
  Print #1, words
  Close #1
End Sub

Sub One(folder As String, file As String, command As String, side As String)
  Dim reading(0) As New com.sun.star.beans.PropertyValue
  Dim writing(0) As New com.sun.star.beans.PropertyValue
  Dim text As Object, dispatcher As Object
  reading(0).Name = "Hidden"
  reading(0).Value = True
  writing(0).Name = "FilterName"
  writing(0).Value = "MS Word 2007 XML"
  text = StarDesktop.loadComponentFromURL(ConvertToURL(folder & "/" & file), "_blank", 0, reading())
  dispatcher = createUnoService("com.sun.star.frame.DispatchHelper")
  dispatcher.executeDispatch(text.CurrentController.Frame, command, "", 0, Array())
  text.storeToURL(ConvertToURL(folder & "/" & side & "/" & file), writing())
  text.close(True)
End Sub
"""
_LIBRARY = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE library:library PUBLIC "-//OpenOffice.org//DTD OfficeDocument 1.0//EN" "library.dtd">
<library:library xmlns:library="http://openoffice.org/2000/library" library:name="Standard" library:readonly="false" library:passwordprotected="false">
 <library:element library:name="Changes"/>
</library:library>
"""
_MODULE = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE script:module PUBLIC "-//OpenOffice.org//DTD OfficeDocument 1.0//EN" "module.dtd">
<script:module xmlns:script="http://openoffice.org/2000/script" script:name="Changes" script:language="StarBasic">{}</script:module>
"""


def settled_by_office(files: Mapping[str, bytes], folder: Path, seconds: int = 300) -> dict[str, tuple[bytes, bytes]]:
    """Name of each file (without ending) → the file with all changes accepted, and with all rejected."""
    for name in ("new", "old"):
        (folder / "files" / name).mkdir(parents=True)
    for name, data in files.items():
        (folder / "files" / f"{name}.docx").write_bytes(data)
    _with_macro(folder)
    said = _run(folder, f'macro:///Standard.Changes.Settle("{folder}/files")', seconds)
    failed = folder / "files" / "failed"
    assert (folder / "files" / "done").exists(), failed.read_text() if failed.exists() else said
    sides = [{name: (folder / "files" / side / f"{name}.docx").read_bytes() for name in files} for side in ("new", "old")]
    return {name: (sides[0][name], sides[1][name]) for name in files}


def _run(folder: Path, what: str, seconds: int) -> str:
    words = [SOFFICE or "soffice", f"-env:UserInstallation=file://{folder}/profile", "--headless", "--norestore", what]
    done = subprocess.run(words, capture_output=True, text=True, timeout=seconds, check=False)
    return done.stdout + done.stderr


def _with_macro(folder: Path) -> None:
    """The first start fills a new profile; only then can a macro be put into it."""
    _run(folder, "--terminate_after_init", 60)
    library = folder / "profile" / "user" / "basic" / "Standard"
    (library / "script.xlb").write_text(_LIBRARY, "utf-8")
    (library / "Changes.xba").write_text(_MODULE.format(escape(_MACRO)), "utf-8")

"""The editor in a real browser under the product's own headers: what is opened stays, what is typed, merged and pasted comes out clean."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser
from text.bodies import ODD, shipped_bodies

from browser.editor_page import Editor, served
from service.settings import ROOT
from service.text.editing import edited, opened

BODIES = dict(shipped_bodies()) | ODD
TEXT = "开头文字。\n\n一段{{ posts.technician }}文字，**加粗**尾。\n\n- 列表项\n\n| 表头甲 | 表头乙 |\n| --- | --- |\n| 格子 | 二 |\n| 三 | 四 |\n"
ITEMS = ODD["items on a condition"]
ROWS = ODD["merged rows in a condition"]


@pytest.fixture(scope="module")
def browser(chromium: Browser) -> Browser:
    return chromium


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with served() as found:
        yield f"{found}/page/editor.html"


@pytest.fixture(scope="module")
def shared(browser: Browser, address: str) -> Iterator[Editor]:
    """One page for all tests that do not change its size or colours; it asks nobody but its own server."""
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.set_default_timeout(10_000)
    shared = Editor(page)
    page.on("console", lambda said: shared.complaints.append(said.text) if said.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: shared.complaints.append(str(error)))
    page.on("request", lambda request: None if request.url.startswith(address[:20]) else shared.complaints.append(request.url))
    page.goto(address)
    page.wait_for_function("() => window.ready")
    yield shared
    page.close()


@pytest.fixture
def editor(shared: Editor) -> Iterator[Editor]:
    """The editor with an empty text; no test leaves an error, a refused request or a foreign one behind."""
    shared.open(None)
    yield shared
    complaints = [*shared.complaints, *shared.page.evaluate("() => window.violations.splice(0)")]
    shared.complaints.clear()
    assert complaints == []


def document(body: str) -> dict[str, Any]:
    found = opened(body).document
    assert found is not None
    return found


def saved(editor: Editor, body: str = "") -> str:
    """The text after saving what stands in the editor."""
    return edited(body, editor.document)


def drag(editor: Editor, first: str, last: str) -> None:
    """The mouse over all cells from one to another."""
    one, other = (editor.page.locator("td, th").filter(has_text=words).first.bounding_box() for words in (first, last))
    assert one
    assert other
    editor.page.mouse.move(one["x"] + 10, one["y"] + 10)
    editor.page.mouse.down()
    editor.page.mouse.move(other["x"] + other["width"] / 2, other["y"] + 10, steps=6)
    editor.page.mouse.up()
    editor.page.wait_for_timeout(60)


# Opening


def test_opening_changes_nothing(editor: Editor) -> None:
    """Every section of the shipped set in which something special stands, and every odd one."""
    special = [name for name, body in BODIES.items() if name in ODD or "{% if" in body or "^^" in body or "```" in body]
    asked = {name: document(BODIES[name]) for name in special[::3] + list(ODD)}
    assert len(asked) > 150
    given = editor.page.evaluate(
        "all => Object.fromEntries(Object.entries(all).map(([name, one]) => { editor.setDocument(one); return [name, editor.getDocument()] }))",
        asked,
    )
    assert [name for name in asked if given[name] != asked[name]] == []
    assert editor.page.evaluate("() => window.changes") == 0


def test_a_letter_typed_and_deleted_changes_nothing(editor: Editor) -> None:
    for name in (
        "merged block",
        "condition inside a paragraph",
        "merged rows in a condition",
        "variables in cells",
        "items on a condition",
    ):
        editor.open(document(ODD[name]))
        editor.click(".editor-text p")
        editor.type("x")
        editor.press("Backspace")
        assert saved(editor, ODD[name]) == ODD[name], name


def test_variables_and_conditions_are_shown_in_words(editor: Editor) -> None:
    body = (
        "热线 {{ company.hotline }}，{{ company.wechat }}，{{ persons.technician }}。\n\n"
        "{% for o in outlets %}\n{{ o.phone }}\n{% endfor %}\n\n{% if choices.makes %}\n甲\n{% endif %}\n"
    )
    editor.open(document(body))
    chips = editor.page.locator(".chip").all_inner_texts()
    assert chips == [
        "服务热线：400-800-1234",
        "微信公众号：未填写",
        "维修工程师姓名",
        "逐项列出服务网点",
        "服务网点：电话",
        "逐项结束",
        "如果自产商品",
        "条件结束",
    ]


# Typing


def test_typed_text_is_saved(editor: Editor) -> None:
    editor.page.evaluate("() => window.editor.focus()")
    editor.type("甲")
    editor.press("Control+b")
    editor.type("乙")
    editor.press("Control+b", "Enter")
    editor.type("1. 丙")
    editor.press("Enter")
    editor.type("丁")
    editor.press("Tab")
    editor.press("Enter", "Shift+Tab")
    editor.type("戊")
    assert saved(editor) == "甲**乙**\n\n1. 丙\n   1. 丁\n2. 戊\n"
    assert editor.page.evaluate("() => window.changes") > 5


def test_undo_takes_everything_back_and_redo_brings_it_again(editor: Editor) -> None:
    editor.open(document(TEXT))
    editor.after("开头")
    editor.type("新的")
    editor.button("撤销")
    assert editor.document == document(TEXT)
    editor.press("Control+y")
    assert saved(editor, TEXT).startswith("开头新的文字。")


@pytest.mark.parametrize(
    ("words", "found"), [("开头", "开头售后文字。"), ("加", "**加售后粗**"), ("列表项", "- 列表项售后"), ("格", "| 格售后子 |")]
)
def test_chinese_input_is_not_disturbed(editor: Editor, words: str, found: str) -> None:
    editor.open(document(TEXT))
    editor.after(words)
    editor.compose("shou'hou", "售后")
    assert found in saved(editor, TEXT)
    editor.press("Control+z")
    assert editor.document == document(TEXT)


def test_a_title_is_completed_by_keyboard(editor: Editor) -> None:
    editor.page.evaluate("() => window.editor.focus()")
    editor.compose("wei", "按《维修")
    choices = editor.page.locator(".completion:not([hidden]) [role=option]")
    choices.first.wait_for()
    assert choices.all_inner_texts() == ["维修服务单"]
    assert editor.text.get_attribute("aria-activedescendant") == choices.first.get_attribute("id")
    editor.press("Enter")
    editor.type("和《服务")
    assert choices.all_inner_texts() == ["服务网点管理程序", "服务改进控制程序", "物品返修服务程序", "维修服务单"]
    editor.press("ArrowDown", "Tab")
    editor.type("和《没有这份》")
    assert saved(editor) == "按《维修服务单》和《服务改进控制程序》和《没有这份》\n"
    assert editor.page.locator(".reference-missing").all_inner_texts() == ["《没有这份》"]
    assert choices.count() == 0


def test_escape_closes_the_titles_and_leaves_what_was_typed(editor: Editor) -> None:
    editor.page.evaluate("() => window.editor.focus()")
    editor.button("《》")
    editor.page.locator(".completion:not([hidden]) [role=option]").first.wait_for()
    editor.press("Escape")
    editor.type("甲")
    assert editor.page.locator(".completion:not([hidden]) [role=option]").count() == 0
    assert saved(editor) == "《甲》\n"


def test_keyboard_leaves_the_editor_and_reaches_the_tools(editor: Editor) -> None:
    editor.open(document(TEXT))
    editor.click("td")
    editor.press("Tab")
    editor.type("Z")
    assert "| 格子 | Z |" in saved(editor, TEXT)  # Tab goes to the next cell, all of which is chosen
    editor.press("Alt+F10", "ArrowRight", "ArrowRight")
    assert editor.page.evaluate("() => document.activeElement.textContent") == "加粗"
    editor.press("Escape", "Escape", "Tab")
    assert editor.page.evaluate("() => document.activeElement.textContent") == "之后"


# Insertions by the page around


def test_the_page_can_insert(editor: Editor) -> None:
    editor.page.evaluate(
        "() => { editor.insertReference('维修服务单'); editor.insertVariable('company.hotline');"
        " editor.insertPicture('picture:' + 'a'.repeat(64), '机房'); editor.insertTable(2, 2) }"
    )
    editor.type("表头")
    assert (
        saved(editor)
        == f"《维修服务单》{{{{ company.hotline }}}}\n\n![机房](<picture:{'a' * 64}>)\n\n| 表头 |  |\n| --- | --- |\n|  |  |\n"
    )
    assert editor.page.locator(".picture-block img").get_attribute("src") == "/picture.png"


def test_a_picture_is_chosen_and_described(editor: Editor) -> None:
    editor.button("图片")
    field = editor.page.get_by_label("图片说明")
    field.fill("备件库")
    field.blur()
    assert saved(editor) == f"![备件库](<picture:{'a' * 64}>)\n"


def test_a_chosen_chart_is_not_written_over(editor: Editor) -> None:
    editor.open(document(ODD["flow"]))
    editor.click(".card-block-shown")
    editor.type("x")
    editor.page.evaluate("() => window.editor.insertVariable('company.hotline')")
    assert saved(editor, ODD["flow"]) == ODD["flow"] + "\nx{{ company.hotline }}\n"


def test_a_variable_is_chosen_from_the_list(editor: Editor) -> None:
    editor.page.get_by_label("插入变量").select_option("company.hotline")
    assert saved(editor) == "{{ company.hotline }}\n"


def test_a_flow_chart_is_edited_as_its_source(editor: Editor) -> None:
    editor.open(document(ODD["flow"]))
    card = editor.page.get_by_role("region", name="流程图")
    card.get_by_text("流程，2 行").wait_for()
    card.get_by_role("button", name="编辑源文本").click()
    card.get_by_role("textbox").fill("a[甲] --> b[乙]\nb --> c[丙]\nc --> d[丁]")
    card.get_by_text("流程，3 行").wait_for()
    card.get_by_role("button", name="完成").click()
    assert saved(editor, ODD["flow"]) == "```flow\na[甲] --> b[乙]\nb --> c[丙]\nc --> d[丁]\n```\n"


# Tables


@pytest.mark.parametrize(
    ("steps", "rows"),
    [
        (["下方加行"], ["| 格子 | 二 |", "|  |  |", "| 三 | 四 |"]),
        (["上方加行"], ["|  |  |", "| 格子 | 二 |", "| 三 | 四 |"]),
        (["右侧加列"], ["| 格子 |  | 二 |", "| 三 |  | 四 |"]),
        (["删行"], ["| 三 | 四 |"]),
        (["删列"], ["| 二 |", "| 四 |"]),
        (["删除表格"], []),
    ],
)
def test_rows_and_columns_are_added_and_deleted(editor: Editor, steps: list[str], rows: list[str]) -> None:
    editor.open(document(TEXT))
    editor.after("格子")
    for step in steps:
        editor.button(step)
    text = saved(editor, TEXT)
    assert [line for line in text.split("\n") if line.startswith("|")][2:] == rows
    editor.press("Control+z")
    assert editor.document == document(TEXT)


def test_cells_are_merged_with_their_words_and_split_again(editor: Editor) -> None:
    editor.open(document(TEXT))
    drag(editor, "格子", "四")
    editor.button("合并单元格")
    assert saved(editor, TEXT).endswith("| 格子<br>二<br>三<br>四 | << |\n| ^^ | ^^ |\n")
    editor.button("拆分单元格")
    assert saved(editor, TEXT).endswith("| 格子<br>二<br>三<br>四 |  |\n|  |  |\n")


# Conditions


def test_cells_are_not_merged_over_the_edge_of_a_condition(editor: Editor) -> None:
    editor.open(document(ROWS))
    drag(editor, "甲", "乙")
    editor.button("合并单元格")
    assert "跨过了条件的边界" in editor.message
    assert editor.document == document(ROWS)
    drag(editor, "2", "3")
    editor.button("合并单元格")
    assert editor.message == ""
    assert "| 乙 | 2<br>3 |\n| ^^ | ^^ |\n{% endif %}" in saved(editor, ROWS)


def test_a_row_that_is_deleted_leaves_its_condition_to_its_neighbour(editor: Editor) -> None:
    body = "| 甲 | 乙 |\n| --- | --- |\n| 一 | 1 |\n{% if choices.makes %}\n| 二 | 2 |\n| 三 | 3 |\n{% else %}\n| 四 | 4 |\n{% endif %}\n"
    editor.open(document(body))
    editor.after("二")
    editor.button("删行")
    assert saved(editor, body) == body.replace("| 二 | 2 |\n", "")
    editor.after("三")
    editor.button("删行")
    assert saved(editor, body) == "| 甲 | 乙 |\n| --- | --- |\n| 一 | 1 |\n{% if choices.makes %}\n{% else %}\n| 四 | 4 |\n{% endif %}\n"
    editor.after("四")
    editor.button("删行")
    assert saved(editor, body) == "| 甲 | 乙 |\n| --- | --- |\n| 一 | 1 |\n"


def test_an_item_that_is_split_keeps_its_conditions_where_they_were(editor: Editor) -> None:
    editor.open(document(ITEMS))
    editor.after("二")
    editor.press("Enter")
    editor.type("二之二")
    assert saved(editor, ITEMS) == ITEMS.replace("- 二\n", "- 二\n- 二之二\n")


def test_no_key_breaks_a_condition(editor: Editor) -> None:
    """Backspace and Delete at every edge of every block: each time the text is still whole."""
    for name in (
        "condition round paragraphs",
        "items on a condition",
        "condition in a sentence",
        "condition inside a paragraph",
        "nested item on a condition",
    ):
        for key in ("Backspace", "Delete"):
            editor.open(document(ODD[name]))
            editor.text.press("Control+Home")
            for _ in range(12):
                editor.press(key, key, "ArrowRight", "ArrowRight")
                saved(editor, ODD[name])


def test_deleting_half_a_condition_is_refused_in_words(editor: Editor) -> None:
    body = ODD["condition round paragraphs"]
    editor.open(document(body))
    editor.click("div.chip-condition")
    editor.press("Delete")
    assert "拆散一个条件" in editor.message
    assert editor.document == document(body)
    editor.press("Control+a", "Delete")
    assert editor.message == ""
    assert saved(editor, body) == ""


def test_conditions_are_pasted_whole_or_not_at_all(editor: Editor) -> None:
    editor.paste('<p>甲<span data-branch="{% if a.b %}">x</span>乙</p><ul><li data-above=\'["{% if a.b %}"]\'>丙</li></ul>')
    assert saved(editor) == "甲乙\n\n- 丙\n"
    editor.open(None)
    editor.paste('<p>甲<span data-branch="{% if a.b %}">x</span>乙<span data-branch="{% endif %}">x</span></p>')
    assert saved(editor) == "甲{% if a.b %}乙{% endif %}\n"


# Pasting

WORD = """<html xmlns:o="urn:schemas-microsoft-com:office:office"><head><meta name=Generator content="Microsoft Word 15">
<style>@import url(http://evil.example/x.css); p.MsoNormal{color:red}</style><link rel=stylesheet href="http://evil.example/y.css">
<script>window.pwned = 1</script></head><body lang=ZH-CN><!--StartFragment-->
<h1>一、标题</h1>
<p class=MsoNormal style="margin:0cm;font-family:宋体"><b><span lang=EN-US style="mso-fareast-font-family:宋体">粗</span></b>正文<o:p></o:p></p>
<p class=MsoListParagraph style="mso-list:l0 level1 lfo1"><![if !supportLists]><span style="mso-list:Ignore">1.<span>&nbsp;</span></span><![endif]>第一项</p>
<p class=MsoListParagraph style="mso-list:l0 level2 lfo1"><span style="mso-list:Ignore">a)<span>&nbsp;</span></span>下一层</p>
<p class=MsoListParagraph style="mso-list:l0 level1 lfo1"><span style="mso-list:Ignore">2.<span>&nbsp;</span></span>第二项</p>
<table class=MsoTableGrid border=1><tr><td colspan=2 style="text-align:center"><p>合并列</p></td><td><p>丙</p></td></tr>
<tr><td rowspan=2><p>合并行</p></td><td><p>1</p><p>第二段</p></td><td onclick="window.pwned=9"><p><span style="font-weight:bold">3</span></p></td></tr>
<tr><td><table><tr><td>4</td><td>内</td></tr></table></td><td><p>5</p></td></tr></table>
<p><a href="javascript:window.pwned=2">坏链接</a><a href="https://example.com/">好链接</a><img src="http://evil.example/t.gif" onerror="window.pwned=3">
<svg onload="window.pwned=4"><script>window.pwned=5</script><text>图</text></svg><iframe srcdoc="<script>parent.pwned=6</script>"></iframe>
<span style="display:none">看不见</span><object data="http://evil.example/o"></object><video src="http://evil.example/v"></video></p>
<figure data-picture="https://evil.example/p.png"></figure><p>末\u202e尾</p>
<!--EndFragment--></body></html>"""


def test_pasted_word_text_is_cleaned(editor: Editor) -> None:
    editor.paste(WORD)
    assert saved(editor) == (
        "一、标题\n\n**粗**正文\n\n1. 第一项\n   1. 下一层\n2. 第二项\n\n"
        "|  |  |  |\n| --- | --- | --- |\n| 合并列 | << | 丙 |\n| 合并行 | 1<br>第二段 | **3** |\n| ^^ | 4 内 | 5 |\n\n"
        "坏链接[好链接](<https://example.com/>)\n\n末尾\n"
    )
    assert editor.page.evaluate("() => window.pwned") is None
    assert editor.page.locator(".editor-text").locator("script, iframe, style, svg, object, video, [onclick], [onerror]").count() == 0
    editor.press("Control+z")
    assert saved(editor) == ""


def test_pasted_lines_are_paragraphs_and_variables_come_alive_when_saved(editor: Editor) -> None:
    editor.paste("甲\r\n\r\n热线 {{ company.hotline }}\n<b>丙</b>", "text/plain")
    assert saved(editor) == "甲\n\n热线 {{ company.hotline }}\n\n\\<b>丙\\</b>\n"


@pytest.mark.parametrize("kind", ["text/plain", "text/html"])
def test_ten_megabytes_are_refused_in_words(editor: Editor, kind: str) -> None:
    editor.page.evaluate(
        "kind => { const data = new DataTransfer(); data.setData(kind, '甲乙丙丁戊'.repeat(1_000_000)); document.querySelector('.editor-text')"
        ".dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true })) }",
        kind,
    )
    assert "200,000 个字符" in editor.message
    assert saved(editor) == ""


# For everybody


@pytest.mark.parametrize(("width", "theme"), [(1280, "light"), (1280, "dark"), (375, "light"), (320, "dark"), (3840, "light")])
def test_axe_finds_no_serious_fault_and_nothing_runs_over_the_edge(browser: Browser, address: str, width: int, theme: str) -> None:
    context = browser.new_context(viewport={"width": width, "height": 900}, bypass_csp=True)  # axe itself is put in as a script
    page = context.new_page()
    page.goto(address)
    page.wait_for_function("() => window.ready")
    page.evaluate("theme => { document.documentElement.dataset.bsTheme = theme }", theme)
    wide = "| " + " | ".join(f"第{n}列" for n in range(9)) + " |\n|" + " --- |" * 9 + "\n|" + " 甲 |" * 9 + "\n"
    parts = [
        TEXT,
        ODD["flow"],
        ODD["uploaded picture"],
        ODD["note"],
        ITEMS,
        ROWS,
        ODD["condition round paragraphs"],
        wide,
        "{{ company.wechat }}《没有》\n",
    ]
    Editor(page).open({"type": "doc", "content": [block for part in parts for block in document(part)["content"]]})
    page.get_by_text("流程，2 行").wait_for()
    page.locator("td").first.click()
    page.evaluate((ROOT / "node_modules" / "axe-core" / "axe.min.js").read_text("utf-8"))
    faults = page.evaluate(
        "async () => (await axe.run()).violations.map(({ id, impact, nodes }) => [impact, id, nodes.map(node => node.html.slice(0, 120))])"
    )
    assert [fault for fault in faults if fault[0] in ("serious", "critical")] == []
    assert page.evaluate("() => document.documentElement.scrollWidth - innerWidth") <= 0
    context.close()


def test_destroying_leaves_nothing(editor: Editor) -> None:
    left = editor.page.evaluate(
        """async () => {
          const { mount } = await import('/assets/bundles/editor.js')
          const place = document.body.appendChild(document.createElement('div'))
          const second = mount(place, { titles: ['甲'] })
          second.destroy()
          const found = place.innerHTML
          place.remove()
          return found
        }"""
    )
    assert left == ""

"""How a changed sentence is told: as a Chinese reader would mark it by hand, without splinters."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from book.redlines import written
from service.book.redline_tokens import tokens
from service.book.redline_words import stretches

# [-what is gone-]{+what is new+}; old and new text follow from the line itself.
AS_A_READER_MARKS_IT = [
    "服务经理接到报修后，在 [-30 分钟-]{+15 分钟+}内登记《报修单》。",
    "返修率 [-≤ 1 %-]{+≤ 0.5 %+}。",
    "返修率不高于 [-1%-]{+0.8%，每季度统计一次+}。",
    "[-顾客的意见由受理员登记。-]{+用户的建议由客服专员记录。+}",
    "维修人员上门前{+ 1 小时+}应电话预约，{+主动+}出示工作证件{+，并穿戴鞋套+}。",
    "填写[-《文件发放登记表》-]{+《文件发放回收登记表》+}，由领用人签收。",
    "按 [-QP-12-]{+QP-13+} 的规定执行。",
    "依据 [-GB/T 27922-2011-]{+GB/T 27922-2026+} 评价。",
    "[-每月 5 日-]{+每季度末 10 日+}前报送[-售后服务-]{+质量+}部。",
    "投诉应[-及时-]{+在 24 小时内+}处理。",
    "受理员核对产品型号、{+序列号、+}购买日期{+和保修状态+}。",
    "对不满意的顾客，由[-服务经理-]{+总经理+}在 [-2 个工作日-]{+1 个工作日+}内回访{+并致歉+}。",
    "培训后进行考试，合格者{+方可+}上岗{+；不合格者补考一次，仍不合格的调离岗位+}。",
    "备件到货后由[-仓库管理员-]{+仓管员按采购订单+}验收{+、登记+}入库。",
    "本程序适用于公司[-所有产品的售后-]{+销售的全部商品的安装、维修和退换货+}服务。",
    "一次修复率不低于 [-95%-]{+98%+}，未达到时由质量部{+在 5 个工作日内+}分析原因{+并提出改进措施+}。",
    "[-负责人每天检查一次。-]{+主管人员每周检查两次。+}",
    "退回须写明理由[-，-]{+。+}编写人修改后从审核重新开始[-。-]{+；+}签署后文字有{+任何+}改动[-的-]，原签署{+全部+}失效。",
    "经部门经理{+审核、总经理+}批准后执行。",
    "热线 [-400-800-1234-]{+400-800-5678+} 每天 [-8:30—17:30-]{+8:00—20:00+} 有人接听。",
    "保存期限为 [-3 年-]{+5 年+}。",
    "[-三个工作日-]{+五个工作日+}内{+书面+}答复顾客。",
    "本文件自 [-2025 年 1 月 1 日-]{+2026 年 3 月 1 日+}起实施。",
    "[-顾客投诉由-]办公室负责处理[-，处理结果-]{+顾客投诉，并+}向总经理汇报{+处理结果+}。",
    "维修完成后，{+维修员清理现场，+}请顾客在《维修服务单》上签字确认。",
    "维修完成后，[-维修员清理现场，-]请顾客在《维修服务单》上签字确认。",
    "收费项目[-和-]{+、+}标准{+和依据+}应当{+在营业场所+}公示。",
    "[-不得-]{+严禁+}以任何理由拒绝[-受理-]{+、推诿+}投诉。",
    "[-产品-]{+商品+}交付后 [-7 日-]{+3 日+}内{+首次+}回访[-一次-]{+，30 日内再次回访+}。",
    "[-为规范售后服务工作，特制定本程序。-]{+使每一件报修都有人管、有记录、有结果。+}",
    "发现使用作废文件的，当场[-收走并通知-]{+收回，由+}文控员在[- 1 个工作日内-]{+当日+}补发现行版本。",
    "顾客要求退货的，自[-购买-]{+签收+}之日起 7 日内{+（含节假日）+}凭发票{+或电子订单+}办理。",
    "网点[-负责人-]{+经理+}",
    "[-A/0-]{+A/1+}",
    "{+客户+}服务[-部-]{+中心+}",
    "{+副+}总经理",
    "不得{+向顾客+}收取任何费用。",
    "张[-三丰-]{+无忌+}负责。",
    "同一质量问题[-连续-]{+经+}两次维修[-后-]仍不能正常使用的，{+顾客+}可以{+选择+}更换{+或者退货+}。",
    "登记、派工、{+预约、+}上门、维修{+、回访+}。",
    "质量部的[-人员-]{+设备+}每年[-培训-]{+校准+}一次。",
    "[-由售后服务部的经理的批准。-]{+由质量管理科的主管的同意。+}",
    "回访[-中-]发现顾客不满意的，回访员[-当日-]{+应在 2 小时内+}报告服务经理，服务经理[-在 1 个工作日内-]{+须在当日+}与顾客联系{+并给出处理方案+}。",
    "[-维修-]{+维护+}",
    "[-每年 1 月-]{+每半年+}组织一次满意度调查，样本不少于 [-100 份-]{+200 份，结果报总经理+}。",
    "服务人员应佩戴工牌；[-不得吸烟；-]不得索要小费{+；不得吸烟+}。",
    "备件库存低于安全库存时，{+系统自动提醒，+}仓库应在 [-3 日-]{+1 日+}内提出采购申请，[-由-]采购部[-在 7 日-]{+保证 5 日+}内到货。",
    "所有记录至少保存[-三年-]{+五年，法律法规另有规定的从其规定+}。",
    "本公司[-产品-]{+商品+}实行{+国家+}三包[-，-]{+规定：+}包修、包换、包退。",
    "[-管理员-]{+员工+}工作满一年。",
    "联系人：[-王五-]{+赵六+}，电话 [-13800138000-]{+13900139000+}。",
    "受理员接到报修后[-当场登记-]{+次日核对+}，[-立即派工-]{+当天安排+}给维修员。",
    "部门{+总+}经理签字。",
    "售后服务管理师[-每月-]{+每季度+}对网点进行[-检查-]{+抽查，填写《网点检查表》+}。",
]


def sides(line: str) -> tuple[str, str]:
    """Old and new text of a written redline."""
    old = re.sub(r"\{\+.*?\+\}", "", line).replace("[-", "").replace("-]", "")
    return old, re.sub(r"\[-.*?-\]", "", line).replace("{+", "").replace("+}", "")


@pytest.mark.parametrize("line", AS_A_READER_MARKS_IT)
def test_a_change_is_marked_as_a_reader_would_mark_it(line: str) -> None:
    assert written(*sides(line)) == line


@pytest.mark.parametrize("line", AS_A_READER_MARKS_IT)
def test_no_particle_stands_alone_between_two_replacements(line: str) -> None:
    assert not re.search(r"(-\]|\+\})[的了和与及或，、。]?[的了和与及或](\[-|\{\+)", written(*sides(line)))


@pytest.mark.parametrize(
    "whole",
    [
        "30 分钟",
        "≤ 1 %",
        "3 个工作日",
        "3～5 个工作日",
        "1,200 元",
        "99.5%",
        "7×24 小时",
        "2026 年 1 月 15 日",
        "2026-01-15",
        "8:30—17:30",
        "400-800-1234",
        "QP-12",
        "SL/SH-CX-01",
        "A/0",
        "4.2.1",
        "GB/T 27922-2011",
        "GB 4706.1-2005",
        "ISO 9001:2015",
        "《文件发放回收登记表》",
        "三个工作日",
        "百分之五",
        "13800138000",
    ],
)
def test_figures_with_units_codes_and_titles_are_never_cut(whole: str) -> None:
    text = f"按{whole}办理"
    assert whole in [token.key for token in tokens(text, {})]


@pytest.mark.parametrize("words", ["质量部分析", "管理员工作", "服务经理总经理"])
def test_words_are_found_from_the_end(words: str) -> None:
    assert [token.key for token in tokens(words, {})] in (["质量", "部", "分析"], ["管理员", "工作"], ["服务", "经理", "总经理"])


@pytest.mark.parametrize("one", ["䶮\ufe00", "👨‍👩‍👧", "e\u0301", "𠮷"])
def test_what_a_reader_sees_as_one_character_is_not_cut(one: str) -> None:
    assert one in [token.key for token in tokens(f"用{one}字", {})]


def test_a_sentence_that_shares_only_chance_words_is_replaced_as_a_whole() -> None:
    old, new = "为规范售后服务工作，特制定本程序。", "使每一件报修都有人管、有记录、有结果。"
    assert written(old, new) == f"[-{old}-]{{+{new}+}}"


def test_sentences_about_other_things_are_not_mixed_though_they_share_words() -> None:
    old, new = "影响顾客的，由服务经理在 2 个工作日内向顾客说明并提出补救办法。", "顾客情绪激动的，请到会客处，由服务经理在 10 分钟内接待。"
    assert written(old, new) == f"[-{old}-]{{+{new}+}}"


def test_sentences_that_stayed_are_untouched_beside_one_that_was_replaced() -> None:
    kept = "受理员在 30 分钟内登记。"
    assert written(f"{kept}不合格者不得上岗。{kept}", f"{kept}备件由仓库发放。{kept}") == (
        f"{kept}[-不合格者不得上岗。-]{{+备件由仓库发放。+}}{kept}"
    )


def test_an_inserted_sentence_is_one_insertion() -> None:
    assert written("登记《报修单》。当日派工。", "登记《报修单》。核对保修期。当日派工。") == "登记《报修单》。{+核对保修期。+}当日派工。"


def test_a_sentence_cut_in_two_keeps_its_words() -> None:
    old, new = "退回须写明理由，编写人修改后从审核重新开始。", "退回须写明理由。编写人修改后从审核重新开始。"
    assert written(old, new) == "退回须写明理由[-，-]{+。+}编写人修改后从审核重新开始。"


def test_what_is_added_to_the_last_sentence_comes_before_its_full_stop() -> None:
    assert written("合格者上岗。", "合格者上岗；不合格者补考一次。") == "合格者上岗{+；不合格者补考一次+}。"


def test_an_item_put_into_an_enumeration_takes_its_mark_with_it() -> None:
    assert written("登记、派工、维修。", "登记、派工、回访、维修。") == "登记、派工、{+回访、+}维修。"


def test_a_word_that_a_long_phrase_shares_with_its_replacement_by_chance_is_not_kept() -> None:
    frame = "公司在每年年初制定计划，并报总经理批准后公布，{}，由办公室存档。"
    old, new = "由网点负责人当场向到店的顾客当面讲解安全操作步骤", "客服平台自动发送微信消息提示顾客在线查阅使用说明书"
    assert written(frame.format(old), frame.format(new)) == frame.format(f"[-{old}-]{{+{new}+}}")


def test_a_figure_that_both_phrases_hold_is_kept_however_much_changes_around_it() -> None:
    frame = "公司在每年年初制定计划，并报总经理批准后公布，{} 30 分钟{}，由办公室存档。"
    old, new = ("网点负责人当面讲解操作步骤用时", "后请家属签字并拍照留存"), ("客服平台自动发送消息后等待", "仍未收到答复即转人工坐席")
    told = [f"[-{one}-]{{+{other}+}}" for one, other in zip(old, new, strict=True)]
    assert written(frame.format(*old), frame.format(*new)) == frame.format(*told)


def test_brackets_put_in_before_brackets_are_put_in_with_both() -> None:
    assert written("7 日内（顺延）办理。", "7 日内（含节假日）（顺延）办理。") == "7 日内{+（含节假日）+}（顺延）办理。"


def test_words_in_brackets_are_put_in_with_both_brackets() -> None:
    assert (
        written("7 日内（顺延）办理（含邮寄）。", "7 日内（顺延）（含节假日）办理（含邮寄）。")
        == "7 日内（顺延）{+（含节假日）+}办理（含邮寄）。"
    )


WORDS = st.text(st.sampled_from("的顾客服务记录经理在 30分钟A/-。，；《》一日\n<&é𠮷"), max_size=40)


@given(WORDS, WORDS)
def test_kept_words_are_the_same_and_nothing_is_lost(old: str, new: str) -> None:
    found = stretches(old, new, {}, {})
    assert "".join(old[slice(*each.old)] for each in found) == old
    assert "".join(new[slice(*each.new)] for each in found) == new
    assert all(old[slice(*each.old)] == new[slice(*each.new)] for each in found if each.kept)


@given(WORDS)
def test_a_text_does_not_differ_from_itself(text: str) -> None:
    assert all(each.kept for each in stretches(text, text, {}, {}))


@given(WORDS)
def test_words_cover_a_text_without_a_gap(text: str) -> None:
    assert "".join(token.key for token in tokens(text, {})) == text


def test_a_very_long_text_without_a_full_stop_is_compared_too() -> None:
    old = "顾客报修后由服务经理登记" * 2000
    new = old[:9000] + "并核对保修期" + old[9000:]
    assert written(old, new).count("{+") == 1

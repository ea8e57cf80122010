"""Every text of the desk in both languages; words of the trade (status, role, scenario, flag) are the report's."""

from __future__ import annotations

from functools import cache
from types import MappingProxyType
from typing import Any

from markupsafe import Markup

from review.desk.texts_api import TEXTS as API
from review.desk.texts_compliance import TEXTS as COMPLIANCE
from review.desk.texts_dashboards import TEXTS as DASHBOARDS
from review.desk.texts_forms import FORMS
from review.desk.texts_library import LIBRARY
from review.desk.texts_rounds import TEXTS as ROUNDS
from review.desk.texts_sampling import SAMPLING
from review.plain import plain
from review.texts import LANGUAGES
from review.texts import TEXTS as REPORT

_TEXTS: dict[str, tuple[str, str]] = {
    # every page
    "desk": ("质检台", "quality desk"),
    "rooms": ("页面", "Pages"),
    "skip": ("跳到正文", "Skip to the content"),
    "queue": ("质检队列", "Queue"),
    "agreement": ("人机一致性", "Agreement"),
    "account": ("我的账号", "My account"),
    "colours": ("颜色", "Colours"),
    "light": ("浅色", "Light"),
    "dark": ("深色", "Dark"),
    "comma": ("、", ", "),
    "all": ("全部", "All"),
    "to_the_queue": ("回到质检队列", "To the queue"),
    # coming in
    "log_in": ("登录", "Log in"),
    "log_out": ("退出", "Log out"),
    "log_in_intro": (
        "通话内容属于客户信息，查看和修改都会留痕。",
        "Calls are customer data: what is looked at and changed is recorded.",
    ),
    "log_in_help": (
        "忘记密码或没有账号，请联系管理员（命令 callqa user）。",
        "No account, or the password forgotten? Ask an administrator (command callqa user).",
    ),
    "login": ("账号", "Login"),
    "password": ("密码", "Password"),
    "old_password": ("当前密码", "Present password"),
    "new_password": ("新密码", "New password"),
    "again": ("再输一次新密码", "New password again"),
    "change": ("修改", "Change"),
    "password_help": (
        "至少 10 个字符；修改后需要在所有设备上重新登录，API 令牌同时失效。",
        "At least 10 characters. You will have to log in again everywhere, and your API tokens end.",
    ),
    "wrong_password": ("账号或密码不对。", "Login or password is wrong."),
    "too_many_tries": (
        "尝试次数过多，请 15 分钟后再试。",
        "Too many attempts: try again in 15 minutes.",
    ),
    "passwords_differ": ("两次输入的新密码不一样。", "The new passwords differ."),
    "weak_password": (
        "新密码太短、太长或与账号相同。",
        "The new password is too short, too long, or the login itself.",
    ),
    "role": ("角色", "Role"),
    "desk_role_admin": ("管理员", "Administrator"),
    "desk_role_qa": ("质检员", "QA"),
    "desk_role_team_leader": ("班组长", "Team leader"),
    "desk_role_trainer": ("培训师", "Trainer"),
    "desk_role_compliance": ("合规", "Compliance"),
    "desk_role_agent": ("坐席", "Agent"),
    # trouble
    "not_there": ("没有这个页面", "There is nothing here"),
    "not_there_more": (
        "它不存在，或者不在您的权限范围内。",
        "It does not exist, or is not yours to see.",
    ),
    "not_yours": ("没有权限", "Not allowed"),
    "not_yours_more": ("您的角色不能这样做。", "Your role may not do this."),
    "stale_form": ("页面已过期", "This page is out of date"),
    "stale_form_more": (
        "请返回上一页刷新后再提交；没有保存任何内容。",
        "Go back, reload the page and send it again. Nothing was saved.",
    ),
    "session_over": ("登录已失效", "You are no longer logged in"),
    "session_over_more": (
        "请先在另一个标签页登录，再回到这里重新提交；没有保存任何内容。",
        "Log in in another tab, then come back and send this again. Nothing was saved.",
    ),
    "not_understood": ("无法理解的请求", "Not understood"),
    "not_understood_more": ("地址或表单有误。", "The address or the form is wrong."),
    "ledger_trouble": ("台账暂时无法读写", "The ledger does not answer"),
    "ledger_trouble_more": (
        "没有保存任何内容。请稍后再试，或联系管理员。",
        "Nothing was saved. Try again later, or ask an administrator.",
    ),
    # queue
    "search": ("搜索转写文本", "Search in transcripts"),
    "search_hint": ("搜索通话里说过的话……", "Search what was said …"),
    "find": ("查找", "Find"),
    "filters": ("筛选", "Filters"),
    "clear": ("清除筛选", "Clear filters"),
    "review_state": ("复核", "Review"),
    "review_open": ("待复核", "To review"),
    "review_draft": ("草稿", "Draft"),
    "review_submitted": ("已复核", "Reviewed"),
    "flag": ("预警", "Flag"),
    "any_flag": ("任何预警", "Any flag"),
    "item_missed": ("不符合的项目", "Item missed"),
    "since": ("从", "From"),
    "until": ("到", "To"),
    "score_from": ("最低分", "Score from"),
    "score_to": ("最高分", "Score to"),
    "n_calls": ("{n:,} 通", "{n:,} calls"),
    "many_calls": ("{n:,} 通以上", "more than {n:,} calls"),
    "scores_are_machine": (
        "大号分数为机器评分；已复核的，下方列出人工分（申诉改判后为最终分）。",
        "The large score is the machine's; below it stands the person's where a call was reviewed, final after appeal.",
    ),
    "after_appeal": ("申诉后", "after appeal"),
    "filters_unread": ("有筛选条件没有看懂，请更正：", "Some filters were not understood; please correct them: "),
    "filter_draw": ("抽检批次", "Draw"),
    "n_missed": ("{n} 项不符合", "{n} missed"),
    "waiting": ("还有 {n:,} 条新结果正在收录", "{n:,} new results are being taken up"),
    "queue_keys": ("j / k 选择，Enter 打开，/ 搜索", "j / k to move, Enter to open, / to search"),
    "nothing_found": ("没有符合条件的通话。", "No call matches."),
    "no_calls": ("这里还没有通话。", "There are no calls here yet."),
    "no_calls_more": (
        "用 callqa inspect 质检录音后会自动出现。只显示您有权查看的通话。",
        "They appear when callqa inspect has inspected recordings. Only calls that you may see are shown.",
    ),
    "first_page": ("回到第一页", "First page"),
    "next_page": ("下一页", "Next page"),
    # call
    "call_before": ("上一通", "Previous"),
    "call_behind": ("下一通", "Next"),
    "phone": ("客户电话", "Customer"),
    "show_personal": ("显示客户信息", "Show personal data"),
    "mask_again": ("重新遮盖", "Mask again"),
    "shown_note": (
        "正在显示未遮盖的客户信息，本次查看已记入审计日志。",
        "Personal data is shown as it was said. This has been recorded.",
    ),
    "masked_note": (
        "号码和邮箱已遮盖；姓名、地址没有遮盖。",
        "Numbers and mail addresses are covered; names and addresses are not.",
    ),
    "sound_silenced": (
        "录音中有 {n} 处客户信息已静音，时长和时刻不变。",
        "Personal data is silenced in {n} places of the sound; its length and times are as they were.",
    ),
    "sound_silenced_show": (
        "要听原声，请点页面上方的“显示客户信息”，此操作会留痕。",
        "To hear it, choose “Show personal data” at the top: that is recorded.",
    ),
    "sound_whole": (
        "录音没有静音，{n} 分钟内有效；过时请重新遮盖，再显示一次。",
        "The sound is whole, for {n} minutes; after that, mask it again and show it once more.",
    ),
    "recording_gone": (
        "录音不在原来的位置，无法播放。请管理员用 --recordings 指定录音目录，或重新运行 callqa inspect。",
        "The recording is not where it was, so it cannot be played. An administrator can name its folder with "
        "--recordings, or run callqa inspect again.",
    ),
    "recording_changed": (
        "该位置的文件已不是当时质检的录音，不予播放。",
        "The file there is no longer the recording that was inspected: it is not played.",
    ),
    "recording_unreadable": ("录音无法解码，不能播放。", "The recording cannot be decoded, so it cannot be played."),
    "sound_trouble": (
        "播放失败：录音已移动、损坏，或登录已失效。请刷新页面。",
        "It cannot be played: the recording was moved or is damaged, or you are no longer logged in. Reload the page.",
    ),
    "speed": ("播放速度", "Speed"),
    "skip_silence": ("跳过静默", "Skip silence"),
    "call_keys": ("空格播放，? 查看快捷键", "Space plays, ? shows all keys"),
    "timeline_label": (
        "通话时间线：上为坐席，中为客户，下为证据",
        "The call over time: agent above, customer in the middle, evidence below",
    ),
    "evidence": ("证据", "Evidence"),
    "silence": ("静默", "Silence"),
    "hold": ("等待", "Hold"),
    "overlap": ("抢话", "Interruption"),
    "seconds": ("{n:.1f} 秒", "{n:.1f} s"),
    "transcript": ("转写文本", "Transcript"),
    "unsure_note": (
        "虚线标出识别不确定的词，请以录音为准。",
        "Words with a dotted line were hard to hear: trust the sound.",
    ),
    "nothing_said": ("没有识别到话语。", "No speech was recognised."),
    "machine_score": ("机器评分", "Machine"),
    "human_score": ("人工复核", "People"),
    "not_reviewed": ("尚未复核", "Not reviewed"),
    "machine": ("机器", "Machine"),
    "person": ("人工", "Person"),
    "sure": ("把握 {n:.0%}", "confidence {n:.0%}"),
    "your_answer": ("您的判定", "Your answer"),
    "accept": ("认可", "Accept"),
    "reason": ("理由", "Reason"),
    "reason_hint": ("改判理由", "Why you changed it"),
    "comment": ("评语", "Comment"),
    "accept_rest": (
        "其余未逐项判定的，按机器结果认可（不计入一致性）",
        "Accept the rest as the machine has it (not counted as agreement)",
    ),
    "save_draft": ("存草稿", "Save draft"),
    "submit": ("提交复核", "Submit review"),
    "saved": ("第 {n} 版已保存", "version {n} saved"),
    "version": ("第 {n} 版", "version {n}"),
    "version_by": ("第 {n} 版，保存者", "version {n}, saved by"),
    "versions": ("复核记录（{n} 版）", "History ({n} versions)"),
    "undecided_items": ("还有项目没有判定", "Some items have no answer"),
    "undecided_items_more": (
        "尚未提交。请逐项判定，或勾选“其余按机器结果认可”。您填写的内容都在下面。",
        "Nothing was submitted. Answer them, or accept the rest. What you entered is below.",
    ),
    "unexplained_items": ("改判需要写明理由", "A changed answer needs a reason"),
    "unexplained_items_more": (
        "尚未提交。请为下列项目填写理由。您填写的内容都在下面。",
        "Nothing was submitted. Say why you changed these. What you entered is below.",
    ),
    "overtaken": ("别人刚刚保存了新的复核", "Somebody saved a newer review meanwhile"),
    "overtaken_more": (
        "您的修改没有保存，对方的也没有被覆盖。下面是您填写的内容：请先看对方的版本，再决定是否提交。",
        "Yours was not saved, and theirs is as they left it. What you entered is below: look at theirs, then submit "
        "again if you still want to.",
    ),
    "evaluated_anew": ("这通电话刚刚被重新评分", "This call was evaluated anew meanwhile"),
    "evaluated_anew_more": (
        "您的修改没有保存。机器结果已更新，请核对后重新提交；您填写的内容在下面。",
        "Yours was not saved. The machine's answers are new: check them, then submit. What you entered is below.",
    ),
    "keys": ("快捷键", "Keys"),
    "key_play": ("播放或暂停", "play or pause"),
    "key_seek": ("后退、前进 3 秒", "back, forward 3 s"),
    "key_speed": ("减速、加速", "slower, faster"),
    "key_next": ("下一通、上一通", "next, previous call"),
    "key_evidence": ("播放下一条扣分证据", "play the next evidence of points lost"),
    "key_queue": ("回到队列", "back to the queue"),
    "key_sheet": ("显示本表", "this sheet"),
    # agreement
    "agreement_intro": (
        "对比已提交复核中逐项判定过的答案；批量认可的不计入。首次复核时能看到机器结果，一致率可能偏高；二次复核和校准看不到，更严格。",
        "Answers that people decided on one by one in submitted reviews; those accepted together are left out. First "
        "reviewers saw the machine's answers, so agreement may be flattered; second reviews and calibration are blind, "
        "and stricter.",
    ),
    "form": ("评分表", "Form"),
    "answers_compared": ("对比数", "Compared"),
    "agree": ("一致率", "Agree"),
    "left_to_people": ("机器未判", "Left to people"),
    "kappa_note": (
        "κ（Cohen's kappa）扣除了偶然一致：1 为完全一致，0 相当于碰运气；双方始终只给同一种答案时无法计算。",
        "κ (Cohen's kappa) is agreement beyond chance: 1 is perfect, 0 as chance would have it. It has no value where "
        "both gave one answer throughout.",
    ),
    "no_reviews": ("还没有提交过的复核。", "No review has been submitted yet."),
}
TEXTS = MappingProxyType(_TEXTS | SAMPLING | COMPLIANCE | LIBRARY | ROUNDS | DASHBOARDS | API | FORMS)


def say(key: str, language: str, **values: Any) -> str:
    """One text in a language; not yet escaped. KeyError where there is none."""
    if not values:
        return _whole(key, language)
    return _of(key, language).format(**values)


def _of(key: str, language: str) -> str:
    texts = TEXTS.get(key) or REPORT[key]  # words of the trade are the report's
    return texts[LANGUAGES.index(language)]


@cache
def _whole(key: str, language: str) -> str:
    """A text that tells of no value: there are as many as there are texts."""
    return _of(key, language).format()


def word(kind: str, value: object, language: str) -> str | Markup:
    """The name of one of a known set (role, status, scenario, severity, review); as it is where unknown."""
    key = f"{kind}_{value or ''}"
    return say(key, language) if key in TEXTS or key in REPORT else Markup("<bdi>{}</bdi>").format(plain(str(value)))

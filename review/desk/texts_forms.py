"""Texts about what was typed and not kept."""

from __future__ import annotations

FORMS: dict[str, tuple[str, str]] = {
    # in place, by the script: the form stays as it is
    "form_kept": (
        "没有保存任何内容。您填写的内容还在本页。",
        "Nothing was saved. What you entered is still on this page.",
    ),
    "form_login": (
        "登录已失效：请在另一个标签页登录，再回到这里保存一次。",
        "You are no longer logged in: log in in another tab, come back here and save again.",
    ),
    "form_login_link": ("在新标签页登录", "Log in in a new tab"),
    "form_renewed": (
        "页面已过期，现已更新：请再保存一次。",
        "This page was out of date and has been renewed: save again.",
    ),
    "form_somebody_else": (
        "这个浏览器现在由另一个账号登录。请用原来的账号重新登录后再保存，或先把内容复制下来。",
        "Somebody else is now logged in in this browser. Log in as yourself, then save again, or copy what you wrote.",
    ),
    "form_too_much": ("内容太长，请缩短后再保存。", "It is too long: shorten it, then save again."),
    "form_wait": ("请求过于频繁，请稍后再保存。", "Too many requests: wait a while, then save again."),
    "form_broken": (
        "质检台出错了，请稍后再保存；仍然不行请告诉管理员。",
        "Something broke at the desk: save again later, and tell an administrator if it stays so.",
    ),
    "form_refused": ("质检台没有接受。", "The desk did not accept it."),
    "form_no_answer": (
        "没有收到回复（网络中断或超时），不确定是否已保存。您填写的内容还在本页：请检查网络后再保存一次，内容相同不会重复保存。",
        "No answer came (the network is down, or it took too long), so it may not have been saved. What you entered is "
        "still on this page: look at the network, then save again; the same is not kept twice.",
    ),
    "list_stale": (
        "列表没有更新：没有收到回复，或登录已失效。请刷新页面。",
        "The list is as it was: no answer came, or you are no longer logged in. Reload the page.",
    ),
    # why it was not kept
    "too_long": ("内容太长", "It is too long"),
    "too_long_more": (
        "没有保存任何内容。理由最多 500 字，评语最多 4,000 字；您填写的内容都在下面，一字未删，请缩短后再保存。",
        "Nothing was saved. A reason has 500 characters at most, a comment 4,000. What you entered is below, whole: "
        "shorten it, then save again.",
    ),
    "case_long_reason": (
        "说明最多 2,000 字；您填写的内容一字未删，请缩短后再保存。",
        "A note has 2,000 characters at most. What you entered is kept whole: shorten it, then save again.",
    ),
    "comment_moment_wrong": (
        "没有保存：时刻无法理解，或不在通话之内。请写成 75.5、1:15 或 0:01:15.5，内容还在这里。",
        "Not saved: the moment is not understood, or not within the call. Write 75.5, 1:15 or 0:01:15.5; what you "
        "wrote is still here.",
    ),
    "comment_empty": ("没有保存：评论是空的。", "Not saved: the comment is empty."),
    "comment_too_long": (
        "没有保存：评论最多 2,000 字，内容一字未删，请缩短。",
        "Not saved: a comment has 2,000 characters at most. What you wrote is kept whole: shorten it.",
    ),
    "case_long_comment": (
        "没有保存：评语最多 2,000 字，内容一字未删，请缩短。",
        "Not saved: the comment has 2,000 characters at most. What you wrote is kept whole: shorten it.",
    ),
    "view_no_name": ("没有保存视图：请写名称。", "The view was not saved: give it a name."),
    "view_long_name": (
        "没有保存视图：名称最多 40 字，请缩短。",
        "The view was not saved: a name has 40 characters at most. Shorten it.",
    ),
    "loop": ("循环", "Loop"),
    "loop_help": ("循环播放所选的话轮或证据", "repeat the chosen turn or evidence"),
    "blind_meanwhile": ("有人已先提交了这通电话的复核", "Somebody submitted a review of this call before you"),
    "blind_meanwhile_more": (
        "您的内容没有保存，也没有覆盖对方的。这通电话现在等待盲评，因此不显示对方是谁、怎样判定。您填写的内容在下面，可以复制；如果由您做二次复核，可以直接使用。",
        "Yours was not saved, and theirs is as they left it. The call now waits for a blind review, so neither their "
        "name nor their answers are shown. What you entered is below, to be copied: if you take the second review, it "
        "can be used there.",
    ),
    # as a page, without the script
    "handed_back": ("您填写的内容", "What you entered"),
    "handed_back_copy": ("可以从这里复制。", "It can be copied from here."),
    "handed_back_as": ("现在登录的是 {name}。", "You are logged in as {name}."),
    "send_again": ("重新提交", "Send again"),
    "send_after_login": ("登录后重新提交", "Send again, once logged in"),
    "session_over_here": (
        "没有保存任何内容。请先在新标签页登录，再回到这里按“登录后重新提交”。",
        "Nothing was saved. Log in in a new tab, then come back here and send it again.",
    ),
    "stale_form_here": (
        "没有保存任何内容：这一页是登录前打开的。请核对下面的内容，再按“重新提交”。",
        "Nothing was saved: the page was opened before you logged in. Look at what you entered, then send it again.",
    ),
}

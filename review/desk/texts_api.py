"""Texts of API tokens."""

from __future__ import annotations

TEXTS: dict[str, tuple[str, str]] = {
    "tokens": ("API 令牌", "API tokens"),
    "tokens_intro": (
        "程序用令牌代表您调用 /api/v1：权限不超过您自己的，内容同样脱敏，每次查看同样留痕。"
        "停用账号或修改密码后，令牌立即失效。",
        "Programs call /api/v1 in your name with a token: never with more rights than yours, personal data masked, and "
        "what they look at is recorded. Tokens end with the account, and with a new password.",
    ),
    "no_tokens": (
        "还没有令牌。要让报表或其他系统读取质检结果，在下面新建一个；用途、权限和有效期越窄越好。",
        "No token yet. To let a report or another system read results, make one below: one for each use, with as "
        "little time and rights as it needs.",
    ),
    "token_name": ("用途", "What for"),
    "token_name_hint": ("例如：每日报表", "for example: daily report"),
    "token_scope": ("权限", "Rights"),
    "scope_read": ("只读", "Read"),
    "scope_read+review": ("读取和提交复核", "Read and review"),
    "token_days": ("有效天数", "Days"),
    "token_ends": ("到期", "Ends"),
    "token_used": ("最近使用", "Last used"),
    "token_never": ("未使用", "never"),
    "token_over": ("已过期", "over"),
    "new_token": ("新建令牌", "New token"),
    "revoke": ("撤销", "Revoke"),
    "token_made": ("新令牌（只显示这一次，请立即复制保存）", "Your new token: copy it now, it is not shown again"),
    "token_made_more": (
        "放在请求头里：Authorization: Bearer 令牌。接口说明：/api/v1/openapi.json",
        "Send it as Authorization: Bearer TOKEN. The API is described at /api/v1/openapi.json",
    ),
    "token_not_understood": ("权限或有效天数不对。", "Rights or days are wrong."),
    "token_refused": (
        "没有创建：需要一个未被占用的用途名称（最多 60 个字符），有效期 1 到 365 天，同时最多 50 个令牌。",
        "Not made: it needs a name that none of your tokens has (60 characters at most), 1 to 365 days, and there "
        "may be 50 at a time.",
    ),
    "no_such_token": ("没有这个令牌，可能已经撤销。", "There is no such token; perhaps it was revoked already."),
}  # fmt: skip

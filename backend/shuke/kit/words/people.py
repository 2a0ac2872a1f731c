"""Colleagues, their roles and devices, and stores."""

ZH_CN = {
    "staff_phone_taken": "已经有同事用这个号码登录了",
    "password_short": "密码至少 {least} 位",
    "password_wrong": "现在的密码不对，再试一次",
    "session_ended": "这次登录已经退出，请重新登录",
    "above_you": "这个岗位或门店不归您管，请找上级",
    "not_yourself": "这一步不能对自己做，请找同事或上级",
    "has_left": "这位同事已经离职",
    "role_place": "岗位和范围对不上：导购、顾问、店长选门店，区域经理选区域，总部都不选",
    "roles_count": "一个人要有 1 到 {most} 个岗位",
    "invitation_over": "这个链接已经用过或过期了，请店长再发一个",
    "store_code_taken": "已经有门店用这个编码了",
    "timezone_unknown": "没有这个时区；例如 Asia/Shanghai",
}

EN = {
    "staff_phone_taken": "A colleague signs in with this number already",
    "password_short": "The password needs at least {least} characters",
    "password_wrong": "This is not your present password. Please try again",
    "session_ended": "This sign-in has ended. Please sign in again",
    "above_you": "This role or store is not yours to manage. Please ask who is above you",
    "not_yourself": "You cannot do this to yourself. Please ask a colleague or who is above you",
    "has_left": "This colleague has left",
    "role_place": "Role and place do not fit: guides, advisors and store managers have a store, regional managers a "
    "region, head office neither",
    "roles_count": "A person has 1 to {most} roles",
    "invitation_over": "This link was used or is too old. Please ask your manager for a new one",
    "store_code_taken": "Another store has this code",
    "timezone_unknown": "There is no such time zone; one is Asia/Shanghai",
}

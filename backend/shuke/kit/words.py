"""The sentences, key by key; a test keeps the two languages complete."""

ZH_CN = {
    # refusals by code
    "invalid": "这一项填得不对，改一下再存",
    "required": "这一项必填",
    "not_found": "没找到，可能已经不在了",
    "forbidden": "您的岗位不能做这件事，请找店长或总部",
    "taken": "这个号码已经有档案了",
    "taken_elsewhere": "这个号码在{store}有档案，可以申请共享",
    "conflict": "别人刚改过这一项，请选一个再存",
    "operation_reused": "这个操作编号用过了，换一个再试",
    "sign_in_failed": "手机号或密码不对，再试一次",
    "sign_in_needed": "请先登录",
    "too_many": "试得太多了，{minutes} 分钟后再来",
    "not_undoable": "这一步已经不能撤销了",
    "unsupported": "这台设备的推送地址不能用，换个浏览器试试",
    # refusals by reason
    "phone_invalid": "这不像电话号码，看看有没有多一位或少一位",
    "password_short": "密码至少 {least} 位",
    "scope_unknown": "没有这个权限范围；可用的有：{known}",
    "page_size": "一页最多 {most} 条",
    "cursor_invalid": "翻页标记不对，从第一页重新开始",
    "internal": "我们这边出了点问题，已经记下（编号 {id}），请稍后再试",
}

EN = {
    "invalid": "This is not quite right. Please correct it and save again",
    "required": "Please fill this in",
    "not_found": "Not found; it may be gone",
    "forbidden": "Your role cannot do this. Please ask your manager or head office",
    "taken": "This number is already on file",
    "taken_elsewhere": "This number is on file at {store}; you can ask to share",
    "conflict": "Someone has just changed this. Pick one and save again",
    "operation_reused": "This operation id was used for something else. Please use a new one",
    "sign_in_failed": "Phone number or password is wrong. Please try again",
    "sign_in_needed": "Please sign in first",
    "too_many": "Too many tries. Please come back in {minutes} min",
    "not_undoable": "This can no longer be undone",
    "unsupported": "This device's push address cannot be used. Please try another browser",
    "phone_invalid": "This does not look like a phone number. Is a digit missing or one too many?",
    "password_short": "The password needs at least {least} characters",
    "scope_unknown": "No such scope; there are: {known}",
    "page_size": "A page holds 1 to {most} rows",
    "cursor_invalid": "This cursor is not one of ours. Please start from the first page",
    "internal": "Something went wrong on our side (noted as {id}). Please try again later",
}

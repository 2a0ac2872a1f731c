"""Partners' programs."""

ZH_CN = {
    "scope_unknown": "没有这个权限范围；可用的有：{known}",
    "key_unknown": "接口密钥不认识，或者已过期、已作废",
    "rate_limited": "调用太频繁，{seconds} 秒后再试",
    "partner_key_revoked": "这个密钥已经作废，请新建一个",
    "partner_key_ended": "这个密钥已经到期，请写明再用多少天",
}

EN = {
    "scope_unknown": "No such scope; there are: {known}",
    "key_unknown": "This key is unknown, has expired or was revoked",
    "rate_limited": "Too many calls. Please try again in {seconds} s",
    "partner_key_revoked": "This key was revoked. Please make a new one",
    "partner_key_ended": "This key has expired. Please say for how many more days it is to work",
}

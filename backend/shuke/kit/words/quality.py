"""What is wrong with a customer's card, and what to do about it."""

ZH_CN = {
    "problem_no_phone": "没有电话",
    "problem_junk_phone": "电话像是乱填的",
    "problem_default_birthday": "生日像是随手填的",
    "problem_junk_name": "姓名不像是人名",
    "problem_overdue_birth": "预产期早过了，还没确认出生",
    "problem_missing": "缺{label}",
    "advice_no_phone": "下次见面问一声号码，填上就能回访",
    "advice_junk_phone": "核对一下号码，换成打得通的",
    "advice_default_birthday": "问问她真正的生日；一时不知道就先清空",
    "advice_junk_name": "换成她的名字，不知道全名就写称呼",
    "advice_overdue_birth": "问问宝宝哪天出生的，在档案里点“已出生”；没有这个宝宝就拿掉",
    "advice_missing": "{label}是必填的，问到了就填上",
    "problem_unknown": "没有这种资料问题，刷新后再看",
}

EN = {
    "problem_no_phone": "No phone number",
    "problem_junk_phone": "The phone number looks made up",
    "problem_default_birthday": "The birthday looks made up",
    "problem_junk_name": "The name is nobody's",
    "problem_overdue_birth": "The due date is long past and no birth is on file",
    "problem_missing": "{label} is missing",
    "advice_no_phone": "Ask for her number when you see her: then she can be called",
    "advice_junk_phone": "Check the number and write one that rings",
    "advice_default_birthday": "Ask for her real birthday. If nobody knows it, empty the field",
    "advice_junk_name": "Write her name, or what the shop calls her",
    "advice_overdue_birth": "Ask when the child was born and confirm it on her card, or take the child off",
    "advice_missing": "{label} is required. Ask for it and fill it in",
    "problem_unknown": "There is no such problem. Please reload and look again",
}

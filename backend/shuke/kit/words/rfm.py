"""RFM: why a cut divides nobody, what the eight cells are called and ask for until head office says otherwise, and why
somebody is in hers.
"""

ZH_CN = {
    "rfm_cut_everybody": "{dimension} 的分界 {cut} 会让 {share}% 的客人都算高，分不出谁是谁。改成 {proposal}",
    "rfm_cut_nobody": "{dimension} 的分界 {cut} 只让 {share}% 的客人算高，几乎没有人。改成 {proposal}",
    "rfm_history_small": "只有 {customers} 位客人买过，按比例分界会乱跳。{dimension} 先用固定的 {proposal}",
    "rfm_history_short": "订单才 {days} 天，按比例分界还不准。{dimension} 先用固定的 {proposal}",
    "rfm_cut_held": "{why}；眼下沿用上次的分界",
    "rfm_changed": "刚刚有人改过，重新打开再改",
    "rfm_number": "填 {least} 到 {most} 之间的数",
    "rfm_many": "最多填 {most} 个",
    "rfm_name_taken": "两个格子不能叫同一个名字",
    "cell_today": "今天来过",
    "cell_yesterday": "昨天来过",
    "cell_silent": "{days} 天没来",
    "cell_visit": "{visits} 次",
    "cell_visits": "{visits} 次",
    "cell_within": "{days} 天内 {visits}",
    "cell_money": "共 {amount}",
    "rfm_play_HHH": "专人维护，新品和活动先通知",
    "rfm_play_HHL": "常来但买得少：推荐搭配和更合适的规格",
    "rfm_play_HLH": "买得多但不常来：约下一次，送一张回店券",
    "rfm_play_HLL": "新近来过：问用得怎么样，加微信",
    "rfm_play_LHH": "以前的好客人：本人打电话问候，给专属优惠",
    "rfm_play_LHL": "来得越来越少：到货和活动时提醒一声",
    "rfm_play_LLH": "大单客人久未来：店长联系，问清原因",
    "rfm_play_LLL": "保持联系：有普遍优惠时再告诉她",
}

EN = {
    "rfm_cut_everybody": "{dimension} cut at {cut} makes {share} % of the customers high and tells nobody apart. "
    "Please use {proposal}",
    "rfm_cut_nobody": "{dimension} cut at {cut} makes only {share} % of the customers high. Please use {proposal}",
    "rfm_history_small": "Customers who have bought: {customers}. So few make a quantile jump. For {dimension} please "
    "use the number {proposal} first",
    "rfm_history_short": "Days of history: {days}. That is too short for a quantile. For {dimension} please use the "
    "number {proposal} first",
    "rfm_cut_held": "{why}. Until then the last cut-off stands",
    "rfm_changed": "Somebody has just changed this. Please open it again",
    "rfm_number": "Please enter a number from {least} to {most}",
    "rfm_many": "Please name at most {most}",
    "rfm_name_taken": "Two cells cannot have the same name",
    "cell_today": "Last visit today",
    "cell_yesterday": "Last visit yesterday",
    "cell_silent": "Last visit {days} days ago",
    "cell_visit": "{visits} visit",
    "cell_visits": "{visits} visits",
    "cell_within": "{visits} in {days} days",
    "cell_money": "{amount}",
    "rfm_play_HHH": "One person looks after her; she hears of new things first",
    "rfm_play_HHL": "Comes often, spends little: suggest what goes with it, or a larger size",
    "rfm_play_HLH": "Spends much, comes seldom: agree on the next visit, give a voucher to return",
    "rfm_play_HLL": "Was here lately: ask how it went, connect on WeChat",
    "rfm_play_LHH": "Was a good customer: her guide calls in person, with an offer of her own",
    "rfm_play_LHL": "Comes less and less: tell her when something arrives",
    "rfm_play_LLH": "Large purchases, long ago: the store manager asks why",
    "rfm_play_LLL": "Stay in touch: tell her of offers for everybody",
}

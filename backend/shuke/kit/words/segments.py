"""Segments by rules."""

ZH_CN = {
    "segments_many": "最多 {most} 个分群，先归档不用的",
    "segment_name_taken": "已经有叫这个名字的分群，换一个名字",
    "segment_changed": "刚刚有人改过这个分群，重新打开再改",
    "segment_frozen": "这是定格的名单，不能改条件；用规则分群",
    "segment_circle": "绕回了它自己：去掉互相引用的那一条",
    "segment_asks_archived": "它用到的 {names} 已经归档，先恢复那里；恢复不了就新建一个分群",
    "segment_used": "{names} 正在用它，先改掉那里再归档",
    "segment_unwilling": "她不愿意按购买分群",
}

EN = {
    "segments_many": "At most {most} segments. Please archive some that are not used",
    "segment_name_taken": "A segment of this name exists. Please choose another name",
    "segment_changed": "Somebody has just changed this segment. Please open it again",
    "segment_frozen": "This is a fixed list and has no rule to change. Please use a segment with a rule",
    "segment_circle": "It comes back to itself. Please take out the condition that asks for the other segment",
    "segment_asks_archived": "It asks for {names}, which is archived. Please restore that first, or make a new segment",
    "segment_used": "{names} asks for it. Please change that first",
    "segment_unwilling": "She does not want to be grouped by what she buys",
}

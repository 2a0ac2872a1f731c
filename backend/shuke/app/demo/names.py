"""Names as they are met at a counter: surnames by how common they are, given names by generation. Nobody's."""

from bisect import bisect
from itertools import accumulate
from random import Random


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


# rough shares per thousand, with what is common around Hangzhou
_SURNAMES = _words(
    """
    王 62 陈 60 张 55 李 55 周 36 林 30 吴 30 徐 29 沈 26 刘 26 黄 24 朱 24 金 22 杨 21 胡 20 郑 20 叶 20 赵 18
    何 18 俞 16 潘 15 孙 15 方 14 许 14 章 13 蒋 13 钱 12 余 12 姚 12 施 11 董 11 傅 11 楼 10 郭 10 马 10 高 10
    应 9 陆 9 汪 9 戴 9 罗 9 邵 8 冯 8 谢 8 宋 8 童 7 骆 7 倪 7 夏 7 丁 7 韩 7 程 7 曹 6 盛 6 范 6 唐 6 孟 5
    柴 5 裘 4 竺 3 诸葛 2 欧阳 2
    """
)
SURNAMES = _SURNAMES[::2]
_CUMULATED = tuple(accumulate(int(weight) for weight in _SURNAMES[1::2]))

MOTHERS = _words(
    """
    雨桐 静怡 晓燕 佳慧 梦瑶 思琪 雅婷 欣妍 文静 丹丹 莉莉 晓雯 婷婷 佳妮 雪莹 敏 娜 婧 倩 洁 悦 琳 薇 颖 璐 蓉
    瑶 晨 诗雨 梦洁 嘉怡 晓彤 若楠 书涵 亚楠 露露 园园 慧敏 海燕 春晓 秋月 乐怡 心怡 语嫣 梓涵 可欣 安琪 小雨
    芳芳 燕飞 依婷 佩佩 舒雅 美玲 晓琳 玉洁 子晴 一诺 筱雅 珊珊 圆圆 蕾 茜 萌 妍 清 昕怡 初夏 知秋 雯雯 映雪
    若溪 念慈 青青 巧云 晓蓓
    """
)
FATHERS = _words(
    """
    浩然 志强 建波 晓东 宇航 俊杰 文博 海涛 嘉豪 一鸣 鹏 磊 涛 斌 超 凯 军 伟 杰 毅 帆 峰 昊 轩 晨 明辉 家伟
    国栋 子豪 天宇 泽宇 立群 永康 振华 小龙 晓峰 佳伟 思远 文轩 志远 俊峰 少华 启明 康宁 云飞 柏林 卓然 致远 煜
    骁
    """
)
GRANDMOTHERS = _words(
    """
    秀英 桂兰 玉兰 凤仙 美娟 素珍 彩娥 月琴 水仙 杏花 爱珍 菊芬 荷花 亚珍 桂芳 淑芬 玉英 金凤 秋英 春花 丽华
    小妹 雅芬 惠芳 美英 招娣 根娣 云仙 阿珍 秀珍 兰芳 玉珍 翠娥 梅芳 莲芳 巧英
    """
)
STAFF_GIVEN = _words(
    """
    晓禾 敏 文静 佳佳 蕾 婷 丽娜 晶晶 雪琴 思雨 海霞 欢欢 玲玲 春燕 莹 倩倩 小芳 艳 慧 红梅 云 丹 志敏 彬 晓萍
    阳 洋 宁 菲 爽 月 兰兰 晴 露 微 星 朵 岚 盈 舟
    """
)
NICKNAMES = _words(
    """
    小满 安安 糖糖 米粒 果果 团子 豆豆 可乐 元宝 年糕 桃桃 小鱼 多多 朵朵 乐乐 圆圆 石头 壮壮 小葵 芒果 布丁
    汤圆 泡泡 星星 月月 阿树 小暑 谷雨 立夏 小雪 冬冬 春春 毛毛 球球 点点 嘟嘟 嘻嘻 跳跳 牛牛 虎子 兔兔 小龙
    橙子 柚子 青柠 栗子 花生 核桃 麦芽 土豆 南瓜 番茄 糯米 丸子 饼干 奶酪 可可 咪咪 默默 诺诺 恩恩 七七 九九
    十一 六一 小五 初一 晨晨 阳阳 溪溪
    """
)


def surname(rng: Random) -> str:
    return SURNAMES[bisect(_CUMULATED, rng.random() * _CUMULATED[-1])]


def pick(rng: Random, choices: tuple[str, ...]) -> str:
    return choices[int(rng.random() * len(choices))]

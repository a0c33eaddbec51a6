"""Chinese words every shop's buyers share: grammar (numerals, weekdays, units, colours) and names of carriers.

They are no wording of the shop's; what buyers call reasons and wishes is taught in the phrase files.
"""

from __future__ import annotations

from collections.abc import Mapping

DIGITS: Mapping[str, int] = {char: value for value, char in enumerate("零一二三四五六七八九")} | {
    "〇": 0,
    "两": 2,
    "俩": 2,
    "兩": 2,
    "倆": 2,
}
UNITS: Mapping[str, int] = {"十": 10, "百": 100, "千": 1000}
ORDER_TOLD = (
    r"(?:你好|您好|嗯|好的|那)?\s*(?:我的?|这是|是)?\s*(?:这个)?(?:订单|单)(?:号|编号|号码)?(?:是|为|就是)?"
)
"""What stands before an order's number that is only told: 我的订单是."""

MONEY: Mapping[str, str] = {
    "人民币": "CNY",
    "人民幣": "CNY",
    "块钱": "CNY",
    "塊錢": "CNY",
    "美元": "USD",
    "美金": "USD",
    "欧元": "EUR",
    "歐元": "EUR",
    "英镑": "GBP",
    "英鎊": "GBP",
    "港币": "HKD",
    "港幣": "HKD",
    "港元": "HKD",
    "台币": "TWD",
    "台幣": "TWD",
    "日元": "JPY",
    "日圆": "JPY",
    "刀": "USD",
    "元": "CNY",
    "块": "CNY",
    "塊": "CNY",
    "圆": "CNY",
}
DAYS_AGO: Mapping[str, int] = {
    "大前天": 3,
    "前天": 2,
    "昨天": 1,
    "昨日": 1,
    "昨晚": 1,
    "昨夜": 1,
    "今天": 0,
    "今早": 0,
    "今日": 0,
}
WEEKDAYS: Mapping[str, int] = {char: day for day, char in enumerate("一二三四五六")} | {"日": 6, "天": 6}
"""Monday is 0."""
FEASTS: Mapping[str, tuple[int, int]] = {
    "双十一": (11, 11),
    "雙十一": (11, 11),
    "双11": (11, 11),
    "双十二": (12, 12),
    "雙十二": (12, 12),
    "双12": (12, 12),
    "元旦": (1, 1),
}
"""Days people shop by, as month and day."""
COUNTERS = "件个個双雙条條套只隻盒包瓶箱本台部份把张張袋支顶頂副"
UNCOUNTED = (
    "问题|問題|月|星期|礼拜|小时|钟|人|字|电话|事|地址|理由|原因|订单|单号|包裹|快递|工作日|天|说法|交代|解释"
    "|答复|客服|结果|裹|邮|分|来|照片|图|消息|都没|也没|也不|套|意思|办法|机会|要求|疑问|忙"
)
"""What follows a counter that counts no goods."""
COLOURS: Mapping[str, str] = {
    "黑": "black",
    "白": "white",
    "红": "red",
    "紅": "red",
    "蓝": "blue",
    "藍": "blue",
    "绿": "green",
    "綠": "green",
    "黄": "yellow",
    "黃": "yellow",
    "灰": "grey",
    "粉": "pink",
    "紫": "purple",
    "橙": "orange",
    "橘": "orange",
    "棕": "brown",
    "褐": "brown",
    "咖啡": "brown",
    "米": "beige",
    "杏": "beige",
    "卡其": "khaki",
    "藏青": "navy",
    "深蓝": "navy",
    "银": "silver",
    "金": "gold",
}
SIZES: Mapping[str, str] = {
    "加加大": "XXL",
    "加大": "XL",
    "特大": "XL",
    "大": "L",
    "中": "M",
    "小": "S",
    "均": "one",
}
CARRIERS: Mapping[str, str] = {
    "顺丰": "sf",
    "順豐": "sf",
    "圆通": "yto",
    "圓通": "yto",
    "中通": "zto",
    "申通": "sto",
    "韵达": "yunda",
    "韻達": "yunda",
    "京东快递": "jd",
    "京东物流": "jd",
    "联邦快递": "fedex",
    "中国邮政": "ems",
    "美国邮政": "usps",
}
CARRIERS_BESIDE: Mapping[str, str] = {"京东": "jd", "邮政": "ems", "联邦": "fedex"}
"""Names of other things as well: they name a carrier beside a number only."""
TRACKING = "(?:快递|運單|运单|物流|包裹|快件|跟踪)"
TRACKING_NUMBER = "(?:(?:快递|快遞|物流|包裹|跟踪)(?:的)?(?:单号|單號|号码?|编号)|运单|運單|[退寄])"
"""What leaves no doubt that a parcel's number follows."""
ORDER = "(?:订单|訂單|订单号|单子)"
ORDER_LABEL = "(?:订单|訂單|单)(?:号|號|编号|号码)?(?:是|为|應該是|应该是)?"
ENDING = "(?:尾号|尾號|末尾|后[四五六4-6]位|後[四4]位|结尾)"
PHONE = "(?:手机|手機|电话|電話|座机|联系方式)"
PHONE_ENDS = (
    "(?:我的?|本人的?)?(?:下单|预留|留的?)?(?:的)?"
    "(?:(?:手机|手機|电话|電話)(?:号码?|號碼?)?(?:的)?(?:尾号|尾號|末尾|[后後末][四4]位)?|尾号|尾號)(?:号码|数字)?"
)
TELLS_WHOSE = (
    "我|本人|这是|這是|那是|是|为|為|的|下单|下單|预留|留|手机|手機|电话|電話|号码|號碼|号|號|尾|末|[后後末][四4]位|数字|數字"
    "|订单|訂單|单|單|编号|編號|和|跟|你好|您好|亲|在吗|嗯|好|哦|谢谢|謝謝|麻烦|麻煩了?|了|哈"
)
"""What stands beside an order's number that is only told, perhaps with the end of the phone number."""
MENDS = "[打发發输輸写寫弄搞报報看]?错|[打发發输輸写寫弄搞报報看]?錯|不对|不對|不好意思|抱歉|对不起|應該|应该|更正|改|正确|正確|少|多|漏|位|一|个|個|刚才|剛才|上面|那|这|這|重新|再|发|發|啊|呀|吧|呃"
"""What stands beside a number that mends the one before."""
_SOMEBODY = (
    "(?:男|女)?朋友|闺蜜|閨蜜|同学|同事|室友|舍友|老婆|老公|媳妇|妻子|丈夫|对象|爸爸?|妈妈?|父母|父亲|母亲|姐姐?|妹妹?|哥哥?|弟弟?|儿子|女儿|孩子"
    "|奶奶|爷爷|外婆|外公|亲戚|邻居|家人"
)
OTHERS_ORDER = (
    f"(?:(?:别|別|其他|他)人|人家|(?:我的?|咱)?(?:{_SOMEBODY})[A-Za-z ]{{0,12}})的(?:那个|這個|这个)?(?:订单|訂單|单子?|快递|快遞|包裹|物流|购买记录)"
    f"|(?:是|替|帮|幫)?我的?(?:{_SOMEBODY})的(?:$|[，,。.!！?？ ])"
    f"|(?:(?:{_SOMEBODY})|别人|別人)(?:买|下单?)的(?:订单|单子?|快递|包裹)"
)
"""Somebody else's order."""
CAME_BY_MISTAKE = "[发發寄送退给給]成|[收签簽领]到|[寄送发發]到|送给|寄给|发给|拿[错走]|送错|发错|寄错|变成|是不是|[寄送发發退]?给了"
DETAILS_ASKED = (
    "(?:收货人|收件人|收貨人|买家|下单人|下单的人|谁|他|她|对方)的?(?:名字|姓名|电话|電話|手机号?|地址|信息|资料)"
    "|(?:是|到底)?谁(?:买|下单?|订|拍)的"
)
"""Who it is that has an order, and where."""
OWN_DETAILS_ASKED = (
    "(?:(?:(?<![给給发發寄诉訴])我|(?<=[诉訴])我(?=[留填写登绑当之下订预]))(?:在你们?(?:这|这里|这儿|店里))?(?:当时|之前|下单时?|订单上|预留|登记|绑定)*的?"
    "|(?:订单|下单|预留|登记|绑定)(?:上|里|时)?)"
    "(?:[留填写登绑](?:记|定|写)?)?的?(?:电话(?:号码?)?|電話|手机号?码?|手機號?|联系方式|收货(?:地址|人|信息)|地址|收件人)"
    "(?:[留填写]?的?是?)(?:多少|哪个|哪一个|哪里|哪|什么|几号|啥|谁)(?!意思|原因|时候)"
)
"""What stands on the buyer's own order; 给我地址, "tell me the address", is the shop's."""
TAX_NUMBER = "(?:税号|稅號|(?:纳税人|納稅人)?识别号|信用代码|信用代碼)"
CHANGED_INTO = "(?:换|換)(?:成|到|个|個|为|一个|一件)?"
MAIL = "(?:电子|電子)?(?:邮箱|郵箱|邮件)(?:地址)?"
CARD = "(?:卡|账号|身份证)"

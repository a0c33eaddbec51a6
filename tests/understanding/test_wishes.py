"""Several asks in one message are several, and one ask told in two sentences is one."""

from __future__ import annotations

import pytest

from bot.domain.meaning import Sureness
from bot.understanding.phrasebook import Phrasebook
from bot.understanding.precedence import LOUD, ONE_MATTER, SMALL_TALK, STORIES, WISHES
from bot.understanding.recognise import Thresholds
from bot.understanding.slots import Context
from bot.understanding.understand import understand

TWO = """
    快递到哪了 发票开一下 | track_parcel, invoice
    我要退款顺便问下快递到哪了 | request_refund, track_parcel
    快递到哪了顺便退款 | track_parcel, request_refund
    which size should i order and my delivery has gone missing and can i get a coupon | size_advice, coupon
    帮我查下物流,再把发票开了 | track_parcel, invoice
    where is my parcel? and I need an invoice | track_parcel, invoice
    退款什么时候到账?另外地址填错了能改吗 | refund_status, change_address
    cancel my order and give me the invoice for the other one | request_refund, invoice
    我要退货。还有上次的发票没收到 | return_goods, invoice
    退款到账了没，帮我改下收货地址 | refund_status, change_address
    查一下快递，顺便问下运费谁出 | track_parcel, shipping_fee_policy
    发票开一下，地址改一下 | invoice, change_address
    快递到哪里了？你们客服电话多少 | track_parcel, contact_channels
    申请退货 运费谁承担 | return_goods, shipping_fee_policy
    我想换个颜色，还想开个发票 | exchange_goods, invoice
    昨天的退款怎么还没到，今天的快递什么时候送 | refund_status, track_parcel
    把发票重新开一下，另外保修多久 | invoice, warranty_repair
    撤销退款吧，快递什么时候到 | revoke_refund, track_parcel
    我的包裹到哪了 价格降了能退差价吗 | track_parcel, price_protection
    催一下发货，收货地址改成公司 | hurry_parcel, change_address
    穿多大码合适？支持七天无理由吗 | size_advice, return_policy
    where's my order? also can I change the delivery address | track_parcel, change_address
    can you send me an invoice? how long do refunds take | invoice, refund_how_long
    please change my address. I also need a receipt | change_address, invoice
    my coupon doesn't work. where is my package? | coupon, track_parcel
    who pays return shipping? what is your phone number | shipping_fee_policy, contact_channels
    track my parcel, send me the invoice | track_parcel, invoice
    where is my refund? and where is my parcel? | refund_status, track_parcel
    I want to exchange it for a bigger size, how do I get an invoice | exchange_goods, invoice
    hurry up and ship it. change the phone number on the order | hurry_parcel, change_address
    how do I clean this? and how long is the warranty | usage_help, warranty_repair
    我想问下退款进度，再帮我查一下快递 | refund_status, track_parcel
    帮我开票 然后查下物流到哪了 | invoice, track_parcel
    鞋子想换大一码，裤子的发票也开一下 | exchange_goods, invoice
    保修几年？发票能补开吗 | warranty_repair, invoice
    怎么洗？起球了保修吗 | usage_help, warranty_repair
    退款到账没有 优惠券退回来没有 | refund_status, coupon
    快递查一下 差价退一下 | track_parcel, price_protection
    退货运费谁出？多久能退款 | shipping_fee_policy, refund_how_long
    我的快递到哪了顺便开个发票 | track_parcel, invoice
    帮我改地址并且开发票 | change_address, invoice
    what's your phone number and where is my parcel | contact_channels, track_parcel
    can I change my delivery address and get a receipt | change_address, invoice
    track my parcel and send me an invoice | track_parcel, invoice
    do you have a warranty? where can I get the invoice | warranty_repair, invoice
    my refund hasn't arrived. please send me the invoice too | refund_status, invoice
    which size fits me? how long is the warranty | size_advice, warranty_repair
    change my address please. what are your opening hours | change_address, contact_channels
    另外帮我开张发票，快递到哪了 | invoice, track_parcel
"""
"""Two asks, and what they are."""
ONE = """
    东西坏了,我要退款
    包裹没到。帮我查查
    东西不喜欢，我要退货退款
    尺码小了，换个大的
    我要退款，钱什么时候能退给我
    我要退货，怎么退
    快递到哪了，怎么还没到
    怎么还没发货，快点发
    不想要了，申请退款
    退款怎么还没到账，都一个星期了，给我查一下
    我要投诉，转人工
    再不退款我就给差评
    不给退款我就找平台
    质量太差了，我要投诉
    发错货了，给我换
    显示签收但没收到，赔钱
    地址写错了，帮我改一下
    帮我开个发票，抬头是某某公司
    降价了，退差价
    你好，我的快递到哪了，谢谢
    不要换货 要退货
    取消订单，把钱退给我
    别发货了，退款吧
    客服呢？找个真人
    it's broken, I want a refund
    my parcel never came. please check
    cancel the order, refund me
    I don't want it anymore. money back please
    where is my parcel? when will it arrive?
    where is my parcel? it's been two weeks!
    too small. can I get a bigger one
    I want to return this. how do I do that
    I want a refund. how long does it take
    wrong address, please change it
    I need an invoice. send it to my email
    this is a scam, get me a manager
    hello, where is my order? thanks
    the coupon expired. can I have a new one
    it stopped working, can it be repaired
    you refused my refund. why?
    keep it, cancel my return
    no refund, I want a replacement
    refund me or I'll leave a bad review
    I sent it back last week. where is my refund
    退货寄回去了，退款呢
    快递丢了，退钱
    给差评了，服务太差
    查一下快递，急用
    我的退款呢，什么时候到账
    东西少发了一件，补发一下
    我要退货，快递什么时候来取
    想退货 地址发我一下
    我要退款，不想等了
    快递三天没动了，帮我催一下
    帮我催一下快递，到现在还没到
    衣服起球了，能退吗
    衣服起球了。能不能修一下
    能修吗 不能修就退货
    能换吗？不能换我就退了
    怎么开发票？我要报销
    我要开发票，发到我邮箱
    发票开错了，重新开一张
    电子发票怎么还没收到，什么时候开
    优惠券用不了，怎么回事
    优惠券过期了，能补一张吗
    降价了，差价退给我
    买贵了，要求退差价
    不会用，教教我
    连不上蓝牙，怎么弄
    连不上蓝牙，是不是坏了
    你们电话多少，我要投诉
    客服电话打不通，有没有人
    有人吗？我的快递呢
    在吗 查一下快递
    你是机器人吗？转人工
    人工客服，我要退款
    转人工，我的退款怎么还没到
    退款被拒了，为什么
    退款被拒了，我要申诉
    我不要了，帮我取消
    别发货了，我不要了
    地址填错了，别发货
    电话号码错了，改成另一个
    要出差，改下周再送
    快递放驿站了，能送上门吗
    拒收了，什么时候退款
    已经寄回去了，单号SF1234567890123，什么时候退款
    谢谢，退款收到了
    好的，那我等快递
    不用了，我自己查到快递了
    我没收到货，快递显示签收了
    I returned it last week, has my refund been sent
    I want to cancel. I ordered by mistake
    wrong size, I want to send it back
    it doesn't fit. do you take returns
    it doesn't fit, can I swap it
    where do I send it? I want to return it
    can I get my money back? it never arrived
    it never arrived. where is it
    my package is late. when will it get here
    hurry up, where is it
    the invoice is wrong, please send a new one
    I didn't get an invoice. can you email it to me
    how do I get an invoice? I need it for taxes
    is it under warranty? it stopped charging
    it stopped charging. how do I reset it
    I can't set it up. is there a manual
    the code doesn't work. can I use it on sale items
    can I speak to someone? my refund is missing
    are you a bot? get me a human
    your phone number please, I need to talk to someone
    I moved. please change the delivery address
    I moved, can you send the parcel to my new place
    I want a refund and I want it now
    return it and refund me
    where is my parcel and when will it arrive
    it broke and I want a replacement
    I want to return it and get a refund
    can I return it and how much is the fee
    I was charged twice. refund one of them
    you sent the wrong one. send me the right one
    one is missing. please ship it
    I don't need an invoice, just ship it
    the price went down, can I get the difference
    不是要退货，就是问下快递到哪了
    不想退款了，还是换货吧
    退款不急，先看看快递到哪了
    我还没收到货，我要退款
    plus size dress came torn, refund it
    快递到哪了，另外不用平台介入了
    地址没写错 快递到哪了
"""
"""One ask, with why, how soon or how loud; or its parts."""


def lines(text: str) -> list[str]:
    return [line.strip() for line in text.strip().splitlines()]


@pytest.mark.parametrize("line", lines(TWO))
def test_two_asks_are_heard_in_order(line: str, book: Phrasebook) -> None:
    text, asked = line.split(" | ")
    meaning = understand(text, book, Thresholds(), Context())
    assert meaning.wishes == tuple(asked.split(", "))
    assert meaning.sureness is Sureness.ACT
    assert meaning.intent == meaning.wishes[0]


@pytest.mark.parametrize("text", lines(ONE))
def test_one_ask_stays_one(text: str, book: Phrasebook) -> None:
    assert understand(text, book, Thresholds(), Context()).wishes == ()


def test_what_is_known_of_intents_is_known_of_intents_there_are(book: Phrasebook) -> None:
    known = SMALL_TALK | STORIES | WISHES | LOUD.union(*ONE_MATTER)
    assert known <= book.of_intent.keys()

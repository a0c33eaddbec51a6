"""The columns of the two CSV files, and the names shop systems give them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Column:
    """One column."""

    name: str
    required: bool = False
    aliases: tuple[str, ...] = ()
    """Other headers it is known by, as exports of Chinese marketplaces write them; an earlier one is preferred."""


ORDER_COLUMNS: tuple[Column, ...] = (
    Column("order_number", True, ("订单号", "订单编号", "主订单编号")),
    Column("placed_at", True, ("下单时间", "订单创建时间", "创建时间")),
    Column("paid_at", aliases=("付款时间", "订单付款时间", "支付时间")),
    Column("shipped_at", aliases=("发货时间",)),
    Column("signed_at", aliases=("签收时间",)),
    Column("completed_at", aliases=("完成时间", "确认收货时间", "交易完成时间")),
    Column("buyer_name", aliases=("买家姓名", "收货人姓名", "收件人姓名", "收货人", "收件人", "买家")),
    Column(
        "phone",
        aliases=("手机号", "联系手机", "收货人手机", "收货人手机号", "收件人手机", "联系电话", "电话"),
    ),
    Column("currency", aliases=("币种", "货币")),
    Column("line", aliases=("行号", "商品行")),
    Column("sku", aliases=("商品编码", "商家编码", "货号")),
    Column("title", True, ("商品标题", "宝贝标题", "宝贝名称", "商品名称", "商品")),
    Column("quantity", aliases=("数量", "购买数量", "宝贝总数量")),
    Column("paid", True, ("实付金额", "实付", "买家实际支付金额", "买家实付金额", "商品实付金额", "实付款")),
    Column("category", aliases=("类目", "商品类目", "分类")),
)

PARCEL_COLUMNS: tuple[Column, ...] = (
    Column("order_number", True, ("订单号", "订单编号", "主订单编号")),
    Column("tracking_number", True, ("运单号", "快递单号", "物流单号")),
    Column("carrier", True, ("快递公司", "物流公司", "承运商")),
    Column("state", True, ("状态", "物流状态")),
    Column("shipped_at", aliases=("发货时间",)),
    Column("eta", aliases=("预计送达时间", "预计送达")),
    Column("event_at", aliases=("轨迹时间", "扫描时间", "时间")),
    Column("event_text", aliases=("轨迹内容", "轨迹", "物流信息")),
    Column("event_place", aliases=("轨迹地点", "地点", "所在地")),
    Column("as_of", aliases=("更新时间", "数据时间")),
)

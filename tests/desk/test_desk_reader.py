import pytest

from bot.desk import reader
from bot.domain.messages import AgentAct
from bot.errors import UnreadableUpdate


def test_an_act_comes_out_as_it_went_in() -> None:
    payload = reader.act("refuse", "小禾", case="R1", version=3, text="照片看不清")
    assert reader.read(payload).act == AgentAct("refuse", "小禾", "R1", 3, "照片看不清")


@pytest.mark.parametrize(
    "payload",
    [
        {},
        {"act": "say"},
        {"act": "", "agent": "a"},
        {"act": "say", "agent": "a", "text": 1},
        {"act": "x", "agent": "a", "version": "1"},
    ],
)
def test_an_odd_act_is_said_to_be_unreadable(payload: dict[str, object]) -> None:
    with pytest.raises(UnreadableUpdate):
        reader.read(payload)

"""A third language is rehearsed: folders of phrases and replies, one line of settings, and no Python."""

from __future__ import annotations

import re
import shutil
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.domain.decision import Audience
from bot.domain.meaning import Sureness
from bot.folder.shop_folder import Contents, ShopFolder
from bot.understanding.recognise import Thresholds
from bot.understanding.slots import Context
from bot.understanding.understand import understand
from tests.play.clock import StageClock
from tests.play.people import WebBuyer
from tests.play.stage import ROOT, Stage, config_for, served

LANGUAGES = ("zh", "en", "fr")
MARK = "[fr]"
"""Begins every reply of the rehearsed language."""
PHRASES = {
    "track_parcel": (
        "où est mon colis",
        "où en est ma commande",
        "suivre mon colis",
        "quand est-ce que je serai livré",
        "mon colis n'est toujours pas arrivé",
        "numéro de suivi",
        "ma commande est-elle partie",
    ),
    "request_refund": (
        "je veux être remboursé",
        "je voudrais un remboursement",
        "remboursez-moi",
        "annuler ma commande",
        "rendez-moi mon argent",
        "je demande le remboursement de ma commande",
    ),
    "revoke_refund": (
        "annuler ma demande de remboursement",
        "je ne veux plus être remboursé",
        "je garde l'article finalement",
        "retirer ma demande de remboursement",
        "oubliez le remboursement",
    ),
    "escalate": (
        "je veux parler à quelqu'un",
        "un conseiller s'il vous plaît",
        "passez-moi un humain",
        "parler à une vraie personne",
        "joindre le service client",
    ),
    "exchange_goods": (
        "je voudrais échanger la taille",
        "échanger contre une autre couleur",
        "je veux une taille au-dessus",
        "faire un échange",
        "la même en bleu à la place",
    ),
    "invoice": (
        "il me faut une facture",
        "envoyez-moi la facture",
        "facture au nom de ma société",
        "je n'ai pas reçu de facture",
        "puis-je avoir un justificatif d'achat",
    ),
    "greeting": ("bonjour", "salut", "bonsoir", "coucou", "bonjour à vous"),
    "thanks": ("merci", "merci beaucoup", "je vous remercie", "c'est gentil", "merci bien"),
    "goodbye": ("au revoir", "à bientôt", "bonne journée", "bonne soirée", "ciao"),
    "affirm": ("oui", "d'accord", "c'est ça", "tout à fait", "ouais"),
    "deny": ("non", "non merci", "pas du tout", "surtout pas", "ce n'est pas ça"),
}
SMALL_WORDS = """
phrases:
  - quel temps fait-il
  - avez-vous d'autres couleurs
  - c'est en stock
  - vous faites des soldes
  - je cherche un cadeau
words:
  more: [aussi, en plus, par ailleurs]
  and: [et, puis]
  empty: [la, le, les, ma, mon, mes, cette, ce]
  refuse: [ne, pas, jamais, sans]
"""
"""What belongs to no intent, `none.yaml`."""


@pytest.fixture(scope="module")
def french(tmp_path_factory: pytest.TempPathFactory) -> Contents:
    """The shop's own folder with French beside Chinese and English."""
    folder = tmp_path_factory.mktemp("shop")
    for name in ("intents", "replies"):
        shutil.copytree(ROOT / name, folder / name)
    shutil.copytree(folder / "replies/en", folder / "replies/fr")
    for path in folder.glob("replies/fr/**/*.j2"):
        path.write_text(marked(path.read_text("utf-8")), "utf-8")
    (folder / "intents/fr").mkdir()
    for intent, phrases in PHRASES.items():
        lines = "".join(f'  - "{phrase}"\n' for phrase in phrases)
        (folder / f"intents/fr/{intent}.yaml").write_text(f"phrases:\n{lines}", "utf-8")
    (folder / "intents/fr/none.yaml").write_text(SMALL_WORDS, "utf-8")
    return ShopFolder(folder, LANGUAGES, config_for(folder).shop.timezone).read()


@pytest.fixture
async def stage(french: Contents, tmp_path: Path) -> AsyncIterator[Stage]:
    """That shop, served."""
    config = config_for(tmp_path)
    config = replace(config, shop=replace(config.shop, languages=LANGUAGES))
    async with served(config, StageClock(), french) as opened:
        yield opened


def marked(template: str) -> str:
    """A reply's template with the mark before its words."""
    return re.sub(r"\A(\{#.*?#\}\n)?", rf"\g<1>{MARK} ", template, count=1, flags=re.DOTALL)


async def answers(stage: Stage, *said: str, hint: str = "") -> list[str]:
    """What a new buyer hears to each thing they write."""
    buyer = WebBuyer(stage, hint)
    heard = []
    for text in said:
        await buyer.says(text)
        heard.append((await buyer.hears()).text)
    return heard


def test_a_language_of_files_alone_has_no_problems(french: Contents) -> None:
    assert french.problems == ()
    assert "fr" in french.phrasebook.languages


@pytest.mark.parametrize(
    ("said", "intent"),
    [
        ("où se trouve mon colis svp", "track_parcel"),
        ("OU EST MON COLI ???", "track_parcel"),
        ("quand est ce que mon colis arrive", "track_parcel"),
        ("remboursez ma commande svp", "request_refund"),
        ("je souhaite être remboursé", "request_refund"),
        ("finalement je garde l'article", "revoke_refund"),
        ("je veux parler a un humain", "escalate"),
        ("pouvez-vous m'envoyer une facture ?", "invoice"),
        ("échangez-le contre une autre taille", "exchange_goods"),
        ("merci bcp", "thanks"),
        ("bonne fin de journée", "goodbye"),
    ],
)
def test_words_never_taught_are_understood(french: Contents, said: str, intent: str) -> None:
    meaning = understand(said, french.phrasebook, Thresholds(), Context())
    assert meaning.candidates[0].intent == intent
    assert meaning.sureness is not Sureness.UNKNOWN
    assert meaning.language == "fr"


@pytest.mark.parametrize(
    ("said", "refused"),
    [
        ("je ne veux pas parler à un humain", "escalate"),
        ("ne remboursez pas ma commande", "request_refund"),
        ("ne me remboursez pas", "request_refund"),
        ("je ne veux pas d'échange", "exchange_goods"),
    ],
)
def test_who_says_they_do_not_want_it_does_not_get_it(french: Contents, said: str, refused: str) -> None:
    assert understand(said, french.phrasebook, Thresholds(), Context()).intent != refused


def test_a_no_refuses_what_it_stands_beside(french: Contents) -> None:
    said = "je n'ai pas reçu ma commande, je veux être remboursé"
    assert understand(said, french.phrasebook, Thresholds(), Context()).intent == "request_refund"


@pytest.mark.parametrize(
    "said", ["où est mon colis et il me faut une facture", "où est mon colis ? il me faut une facture"]
)
def test_two_asks_are_two(french: Contents, said: str) -> None:
    meaning = understand(said, french.phrasebook, Thresholds(), Context())
    assert meaning.wishes == ("track_parcel", "invoice")


def test_a_products_name_alone_asks_for_nothing(french: Contents) -> None:
    lamp = Context(lines=("Lampe de bureau LED",))
    for said in ("la lampe", "cette lampe"):
        assert understand(said, french.phrasebook, Thresholds(), lamp).sureness is Sureness.UNKNOWN


@pytest.mark.parametrize(
    ("said", "reply"),
    [
        ("bonjour", "greeting/hello"),
        ("où se trouve mon colis svp", "order/"),
        ("je veux être remboursé", "order/"),
        ("je veux parler a un humain", "escalate/"),
        ("merci beaucoup !", "thanks/welcome"),
        ("il me faut une facture svp", "order/number"),
    ],
)
async def test_messages_are_answered_in_the_language_whatever_the_messenger_says(
    stage: Stage, said: str, reply: str
) -> None:
    for hint in ("", "fr"):
        stage.told.clear()
        (heard,) = await answers(stage, said, hint=hint)
        told = [one for one in stage.told if one.to is Audience.BUYER]
        assert told[0].reply.startswith(reply), heard
        assert {one.language for one in told} == {"fr"}
        assert heard.startswith(MARK)


async def test_a_conversation_goes_on_in_it_and_so_does_a_typing_slip(stage: Stage) -> None:
    heard = await answers(stage, "bonjour", "ou est mon coli", "merci")
    assert all(text.startswith(MARK) for text in heard)


async def test_the_other_languages_are_still_told_from_it(stage: Stage) -> None:
    heard = await answers(stage, "where is my parcel", "我的快递到哪了")
    assert not any(text.startswith(MARK) for text in heard)
    (back,) = await answers(stage, "I want my money back")
    assert not back.startswith(MARK)


async def test_who_wrote_english_and_goes_on_in_french_is_followed(stage: Stage) -> None:
    first, second = await answers(stage, "hello there", "je voudrais un remboursement")
    assert not first.startswith(MARK)
    assert second.startswith(MARK)

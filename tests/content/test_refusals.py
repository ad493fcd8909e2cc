"""Refusals as models really give them, and what only sounds a little like one."""

import pytest

from content.quality import score_text
from content.refusals import REFUSAL

REFUSALS = [
    "I'm sorry, but I can't assist with that.",
    "I’m sorry, but I can’t help with that request.",
    "Sorry, I'm not able to help with this topic.",
    "I cannot fulfill this request.",
    "I can't write a story about that.",
    "I cannot provide information on this subject.",
    "I am unable to create content of this kind.",
    "I'm unable to generate that article for you.",
    "As an AI language model, I don't have personal opinions.",
    "As an artificial intelligence, I cannot taste tea.",
    "As a responsible assistant, I have to decline.",
    "I must decline to write about this.",
    "I apologize, but this goes against my guidelines.",
    "We are sorry, this request cannot be answered.",
    "I won't be able to do that; I will not write it.",
    "I do not feel comfortable writing about this.",
    "I'm just a language model and have no garden.",
    "This request violates our content policy.",
    "It is against my programming to discuss this.",
    "I'm not programmed to give such advice.",
    "I don't have access to real-time information.",
    "My training cutoff does not let me know.",
    "Is there anything else I can help you with?",
    "Unfortunately, I am not able to provide a poem.",
    "Please rephrase your question and try again.",
    "抱歉，我无法回答这个问题。",
    "很抱歉，我不能提供这方面的内容。",
    "对不起，我没办法帮你写这篇文章。",
    "作为一个人工智能，我没有个人观点。",
    "作为一名AI语言模型，我不能发表意见。",
    "我只是一个语言模型，没有感情。",
    "您的请求违反了使用政策。",
    "我目前无法生成这样的内容。",
    "非常抱歉，但我不会创作此类故事。",
    "这不符合我们的内容准则，请换个话题。",
    "不好意思，我暂时不能为您提供建议。",
    "无法满足您的要求。",
    "作为大型语言模型，我不会感到疲倦。",
]
HARMLESS = [
    "Tomatoes cannot help but grow when the sun is out.",
    "Nobody is sorry for a rainy afternoon with a good book.",
    "The city had a policy of planting trees along every road.",
    "A cat refuses to leave the box until supper is ready.",
    "Bread is not able to rise in a cold kitchen.",
    "Long ago, no ship could help a sailor without a compass.",
    "Ask whether there is anything else to pack before you go.",
    "Guidelines for gardeners say that herbs want light.",
    "The prompt arrival of spring made everyone smile.",
    "Training helps a young dog to stay calm.",
    "Is there anything else you like to plant in spring?",
    "Afraid of thunder, the puppy hid under the table.",
    "这杯茶让人感到温暖。",
    "猫不能没有纸箱。",
    "番茄无法在寒冷中生长。",
    "她对不起自己的花园，于是每天浇水。",
    "请换一个大一点的花盆。",
]


@pytest.mark.parametrize("text", REFUSALS)
def test_refusal_is_seen_in_every_phrasing(text: str) -> None:
    assert REFUSAL.search(text)
    whole = f"The garden is quiet in the morning. {text} The tomatoes want water."
    score = score_text(whole, language="", min_words=1, max_words=99)
    assert "leftovers" in {part.name for part in score.parts if part.reason}


@pytest.mark.parametrize("text", HARMLESS)
def test_plain_sentence_is_no_refusal(text: str) -> None:
    assert not REFUSAL.search(text)

"""Styles of texts: the three parse modes, lists of entities, and what bots are told."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roschat.modules.bots.telegram import markup_html, markup_markdown, styled
from roschat.modules.bots.telegram.refusals import Refused
from roschat.modules.bots.telegram.styled import Styled
from roschat.types import ContactId
from roschat.wire.conversation import Entity

RESERVED = "_*[]()~`>#+-=|{}.!\\"


def short(found: Styled) -> tuple[str, list[tuple[str, int, int]]]:
    return found.text, [(e.type, e.offset, e.length) for e in found.entities]


@pytest.mark.parametrize(
    ("text", "plain", "entities"),
    [
        ("a <b>b</b>", "a b", [("bold", 2, 1)]),
        ("😀<strong>x<em>y</em></strong>", "😀xy", [("bold", 2, 2), ("italic", 3, 1)]),
        ("<u>a</u><ins>b</ins>", "ab", [("underline", 0, 1), ("underline", 1, 1)]),
        ("<s>c</s><del>d</del>", "cd", [("strike", 0, 1), ("strike", 1, 1)]),
        ('<pre><code class="language-python">x = 1</code></pre>', "x = 1", [("pre", 0, 5)]),
        ("&lt;b&gt; &amp; &quot; &#1071; &nbsp;", '<b> & " Я &nbsp;', []),
        ('<a href="https://x.y/?a=1&amp;b=2">z</a>', "z", [("link", 0, 1)]),
        ("<a href='tg://user?id=7'>z</a>", "z", [("mention", 0, 1)]),
        ("<tg-spoiler>a</tg-spoiler><blockquote expandable>b</blockquote>", "ab", []),
        ("  <b> x </b>  ", "x", [("bold", 0, 1)]),
        ("<b></b>x", "x", []),
    ],
)
def test_html(text: str, plain: str, entities: list[tuple[str, int, int]]) -> None:
    assert short(markup_html.parse(text)) == (plain, entities)


def test_html_addresses() -> None:
    [link] = markup_html.parse('<a href="https://x.y/?a=1&amp;b=2">z</a>').entities
    assert link.url == "https://x.y/?a=1&b=2"
    [mention] = markup_html.parse("<a href='tg://user?id=7'>z</a>").entities
    assert mention.cid == 7
    [bare] = markup_html.parse("<a>example.org</a>").entities
    assert bare.url == "http://example.org"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("<b>x", 'Can\'t find end tag corresponding to start tag "b"'),
        ("x</b>", "Unexpected end tag at byte offset 1"),
        ("<b>я</i>", 'Unmatched end tag at byte offset 5, expected "</b>", found "</i>"'),
        ("<br>", 'Unsupported start tag "br" at byte offset 0'),
        ("1 < 2", "Unclosed start tag at byte offset 2"),
    ],
)
def test_html_that_does_not_fit(text: str, message: str) -> None:
    with pytest.raises(Refused) as caught:
        markup_html.parse(text)
    assert caught.value.description == f"Bad Request: can't parse entities: {message}"


@pytest.mark.parametrize(
    ("text", "plain", "entities"),
    [
        ("*a* _b_ ||e||", "a b e", [("bold", 0, 1), ("italic", 2, 1)]),
        ("__c__ ~d~", "c d", [("underline", 0, 1), ("strike", 2, 1)]),
        ("*a _b_*", "a b", [("bold", 0, 3), ("italic", 2, 1)]),
        ("___a_ b__", "a b", [("underline", 0, 3), ("italic", 0, 1)]),
        ("`a*b` ```python\nx\n```", "a*b x", [("code", 0, 3), ("pre", 4, 1)]),
        ("[имя](https://x.y/\\))", "имя", [("link", 0, 3)]),
        ("![👍](tg://emoji?id=5)", "👍", []),
        ("a\\.b\\!", "a.b!", []),
        (">цитата", "цитата", []),
    ],
)
def test_markdown_v2(text: str, plain: str, entities: list[tuple[str, int, int]]) -> None:
    assert short(markup_markdown.parse_v2(text)) == (plain, entities)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a.b", "Character '.' is reserved and must be escaped with the preceding '\\'"),
        ("*a", "Can't find end of the entity starting at byte offset 0"),
        ("я `b", "Can't find end of the entity starting at byte offset 3"),
        ("[a](b", "Can't find end of the entity starting at byte offset 0"),
        ("*a _b*", "Can't find end of the entity starting at byte offset 3"),
        ("a|b", "Character '|' is reserved and must be escaped with the preceding '\\'"),
    ],
)
def test_markdown_v2_that_does_not_fit(text: str, message: str) -> None:
    with pytest.raises(Refused, match="can't parse entities") as caught:
        markup_markdown.parse_v2(text)
    assert caught.value.text.removeprefix("can't parse entities: ") == message


@pytest.mark.parametrize(
    ("text", "plain", "entities"),
    [
        ("*a* _b_ `c` [d](x.y)", "a b c d", [("bold", 0, 1), ("italic", 2, 1), ("code", 4, 1), ("link", 6, 1)]),
        ("a.b! \\_c\\_", "a.b! _c_", []),
        ("```\nx```", "x", [("pre", 0, 1)]),
        ("[a] b", "a b", []),
    ],
)
def test_old_markdown(text: str, plain: str, entities: list[tuple[str, int, int]]) -> None:
    assert short(markup_markdown.parse_old(text)) == (plain, entities)


def test_old_markdown_that_does_not_fit() -> None:
    for text in ("*a", "_a", "`a", "[a", "[a](b"):
        with pytest.raises(Refused, match="Can't find end of the entity"):
            markup_markdown.parse_old(text)


TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=40)


@given(TEXT)
def test_an_escaped_text_is_itself(text: str) -> None:
    escaped = "".join("\\" + char if char in RESERVED else char for char in text)
    assert markup_markdown.parse_v2(escaped) == Styled(text.strip())
    tags = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    assert markup_html.parse(tags) == Styled(text.strip())


@given(st.text("*_~|`[]()<>b/i=\\a !😀\n", max_size=30))
def test_every_text_is_parsed_or_refused_and_styles_lie_inside(text: str) -> None:
    for parse in (markup_html.parse, markup_markdown.parse_v2, markup_markdown.parse_old):
        try:
            found = parse(text)
        except Refused:
            continue
        end = styled.units(found.text)
        assert all(e.offset >= 0 and e.length > 0 and e.offset + e.length <= end for e in found.entities)


def test_entities_both_ways() -> None:
    user = {"id": 7, "is_bot": False, "first_name": "Ada"}
    sent = [
        {"type": "bold", "offset": 0, "length": 2},
        {"type": "strikethrough", "offset": 2, "length": 1},
        {"type": "text_link", "offset": 3, "length": 1, "url": "https://x.y"},
        {"type": "text_mention", "offset": 4, "length": 1, "user": user},
    ]
    found = styled.given("😀bcd", sent)
    assert [e.type for e in found.entities] == ["bold", "strike", "link", "mention"]
    assert styled.told(found, {ContactId(7): user}) == sent
    assert styled.given("abc", [{"type": "spoiler", "offset": 0, "length": 1}]).entities == []


@pytest.mark.parametrize(
    "entity", [1, {}, {"type": "bold", "offset": 0, "length": 9}, {"type": "bold", "offset": -1, "length": 1}]
)
def test_entities_that_do_not_fit(entity: object) -> None:
    with pytest.raises(Refused, match="can't parse entities"):
        styled.given("abc", [entity])


def test_commands_and_addresses_are_found() -> None:
    found = styled.told(Styled("😀 /start@My_bot a/b https://x.y/z. /ok"), {})
    assert [(e["type"], e["offset"], e["length"]) for e in found] == [
        ("bot_command", 3, 13),
        ("url", 21, 13),
        ("bot_command", 36, 3),
    ]
    linked = Styled("https://x.y", [Entity("link", 0, 11, "https://a.b")])
    assert [e["type"] for e in styled.told(linked, {})] == ["text_link"]


def test_people_called_in_a_plain_text() -> None:
    assert styled.called("@[7:Ада], 😀 @[8:Боб]!") == Styled(
        "@Ада, 😀 @Боб!", [Entity("mention", 0, 4, cid=ContactId(7)), Entity("mention", 9, 4, cid=ContactId(8))]
    )
    assert styled.called("просто") == Styled("просто")

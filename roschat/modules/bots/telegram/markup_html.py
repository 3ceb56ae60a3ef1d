"""parse_mode HTML: the tags that Telegram knows, with its messages when they do not fit together."""

import html
import re

from roschat.modules.bots.telegram.refusals import Refused
from roschat.modules.bots.telegram.styled import Pen, Styled

TAGS = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "code": "code",
    "pre": "pre",
    "a": "text_link",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
    "tg-emoji": "custom_emoji",
    "blockquote": "blockquote",
}
_TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9-]*)((?:[^<>\"']|\"[^\"]*\"|'[^']*')*)>")
_HREF = re.compile(r"\bhref\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+))", re.IGNORECASE)
_REFERENCE = re.compile(r"&(?:lt|gt|amp|quot|#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6});")


def parse(text: str) -> Styled:
    """The text with its styles. Raises Refused, "can't parse entities: …"."""
    pen = Pen()
    stack: list[tuple[str, int, str]] = []
    at = 0
    while at < len(text):
        end = text.find("<", at)
        if end < 0:
            end = len(text)
        pen.write(_plain(text[at:end]))
        at = end
        if at == len(text):
            break
        tag = _TAG.match(text, at)
        where = len(text[:at].encode())
        if tag is None:
            raise Refused(f"can't parse entities: Unclosed start tag at byte offset {where}")
        name = tag[2].lower()
        if tag[1]:
            _close(pen, stack, name, where)
        elif name not in TAGS:
            raise Refused(f'can\'t parse entities: Unsupported start tag "{name}" at byte offset {where}')
        else:
            href = _HREF.search(tag[3])
            url = html.unescape(next((part for part in href.groups() if part is not None), "")) if href else ""
            stack.append((name, pen.at, url))
        at = tag.end()
    if stack:
        raise Refused(f"can't parse entities: Can't find end tag corresponding to start tag \"{stack[-1][0]}\"")
    return pen.done()


def _close(pen: Pen, stack: list[tuple[str, int, str]], name: str, where: int) -> None:
    if not stack:
        raise Refused(f"can't parse entities: Unexpected end tag at byte offset {where}")
    opened, start, url = stack.pop()
    if opened != name:
        raise Refused(
            f"can't parse entities: Unmatched end tag at byte offset {where}, "
            f'expected "</{opened}>", found "</{name}>"'
        )
    # <pre><code class="language-x"> is one block, not a block with code in it.
    if not (name == "code" and stack and stack[-1][:2] == ("pre", start)):
        pen.style(TAGS[name], start, url or (pen.text_from(start) if name == "a" else ""))


def _plain(text: str) -> str:
    return _REFERENCE.sub(lambda found: html.unescape(found[0]), text)

"""parse_mode MarkdownV2 and the older Markdown, with Telegram's messages when something does not fit."""

from roschat.modules.bots.telegram.refusals import Refused
from roschat.modules.bots.telegram.styled import Pen, Styled

RESERVED = frozenset("_*[]()~`>#+-=|{}.!")
MARKS = {"*": "bold", "_": "italic", "__": "underline", "~": "strikethrough", "||": "spoiler"}
OLD_MARKS = {"*": "bold", "_": "italic", "`": "code", "```": "pre"}


def parse_v2(text: str) -> Styled:
    """MarkdownV2: styles nest, and a reserved character that marks nothing must be escaped."""
    return _V2(text).run()


def parse_old(text: str) -> Styled:
    """The older Markdown: nothing nests, a backslash escapes `_`, `*`, a backtick and `[`."""
    pen = Pen()
    at = 0
    while at < len(text):
        char = text[at]
        if char == "\\" and text[at + 1 : at + 2] in ("_", "*", "`", "["):
            pen.write(text[at + 1])
            at += 2
        elif char == "[":
            end = text.find("]", at)
            if end < 0:
                raise _no_end(text, at)
            start = pen.at
            pen.write(text[at + 1 : end])
            at = end + 1
            if text[at : at + 1] == "(":
                stop = text.find(")", at)
                if stop < 0:
                    raise _no_end(text, at)
                pen.style("text_link", start, text[at + 1 : stop])
                at = stop + 1
        elif char in "*_`":
            mark = "```" if text.startswith("```", at) else char
            end = text.find(mark, at + len(mark))
            if end < 0:
                raise _no_end(text, at)
            start = pen.at
            inside = text[at + len(mark) : end]
            pen.write(_without_language(inside) if mark == "```" else inside)
            pen.style(OLD_MARKS[mark], start)
            at = end + len(mark)
        else:
            pen.write(char)
            at += 1
    return pen.done()


class _V2:
    def __init__(self, text: str) -> None:
        self._text = text
        self._pen = Pen()
        self._at = 0
        self._open: list[tuple[str, int, int]] = []

    def run(self) -> Styled:
        text, pen = self._text, self._pen
        while self._at < len(text):
            at = self._at
            char = text[at]
            if char == "\\" and at + 1 < len(text) and ord(text[at + 1]) < 127:
                pen.write(text[at + 1])
                self._at += 2
            elif text.startswith("```", at):
                self._verbatim("```", "pre")
            elif char == "`":
                self._verbatim("`", "code")
            elif char == "[" or text.startswith("![", at):
                self._open.append(("[", pen.at, at))
                self._at += 1 if char == "[" else 2
            elif char == "]" and self._open and self._open[-1][0] == "[":
                self._link()
            elif char == ">" and (at == 0 or text[at - 1] == "\n"):
                self._at += 1
            elif char in "*_~|":
                self._mark()
            elif char in RESERVED:
                raise _reserved(char)
            else:
                pen.write(char)
                self._at += 1
        if self._open:
            raise _no_end(text, self._open[-1][2])
        return pen.done()

    def _mark(self) -> None:
        text, at = self._text, self._at
        mark = text[at]
        if text[at : at + 2] in ("__", "||"):
            mark = text[at : at + 2]
            # ___ closes the italic that is inside an underline first.
            if mark == "__" and self._open and self._open[-1][0] == "_" and text[at : at + 3] == "___":
                mark = "_"
        if mark == "|":
            raise _reserved("|")
        if self._open and self._open[-1][0] == mark:
            _, start, _ = self._open.pop()
            self._pen.style(MARKS[mark], start)
        elif any(opened[0] == mark for opened in self._open):
            raise _no_end(text, self._open[-1][2])
        else:
            self._open.append((mark, self._pen.at, at))
        self._at += len(mark)

    def _verbatim(self, mark: str, kind: str) -> None:
        text, begin = self._text, self._at
        at = begin + len(mark)
        inside: list[str] = []
        while not text.startswith(mark, at):
            if at >= len(text):
                raise _no_end(text, begin)
            if text[at] == "\\" and text[at + 1 : at + 2] in ("`", "\\"):
                at += 1
            inside.append(text[at])
            at += 1
        start = self._pen.at
        written = "".join(inside)
        self._pen.write(_without_language(written) if mark == "```" else written)
        self._pen.style(kind, start)
        self._at = at + len(mark)

    def _link(self) -> None:
        text = self._text
        _, start, begin = self._open.pop()
        at = self._at + 1
        if text[at : at + 1] != "(":
            raise _reserved("]")
        url: list[str] = []
        at += 1
        while text[at : at + 1] != ")":
            if at >= len(text):
                raise _no_end(text, begin)
            if text[at] == "\\" and at + 1 < len(text):
                at += 1
            url.append(text[at])
            at += 1
        self._pen.style("text_link", start, "".join(url))
        self._at = at + 1


def _without_language(block: str) -> str:
    """A block without the name of its language, which stands alone on the first line."""
    first, line_end, rest = block.partition("\n")
    return rest if line_end and not any(char.isspace() for char in first) else block


def _no_end(text: str, at: int) -> Refused:
    return Refused(
        f"can't parse entities: Can't find end of the entity starting at byte offset {len(text[:at].encode())}"
    )


def _reserved(char: str) -> Refused:
    return Refused(f"can't parse entities: Character '{char}' is reserved and must be escaped with the preceding '\\'")

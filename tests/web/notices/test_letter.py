"""A letter says what the text says, escapes it, and asks nothing of anybody."""

from html.parser import HTMLParser

from hypothesis import given
from hypothesis import strategies as st

from counterpoise.web.notices.letter import Part, letter_of, parts_of

_HOSTILE = "<img src=https://evil.example/x.png onerror=alert(1)> \u202egnp.exe & Co"
_ASKING = {"img", "script", "link", "iframe", "object", "form", "video", "audio", "base"}


class _Page(HTMLParser):
    """Collects what a page says, and from where it takes anything."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.said: list[str] = []
        self.tags: list[str] = []
        self.links: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        told = dict(attrs)
        assert not {"src", "srcset", "background", "onerror", "onload"} & set(told)
        assert "url(" not in (told.get("style") or "")
        if href := told.get("href"):
            self.links.append(href)

    def handle_data(self, data: str) -> None:
        self.said.append(data)

    @property
    def words(self) -> list[str]:
        """Return what the page says, word by word."""
        return "".join(self.said).split()


def test_a_letter_says_the_words_of_the_text_and_no_others() -> None:
    text = "What waits for you:\n- Answer Bo\n- Judge the lead\n\nHours are those of UTC."
    page = _Page(letter_of("2 waiting", text, "https://room.example.com/"))
    said = f"2 waiting 2 waiting {text.replace('- ', '')} https://room.example.com/"
    assert page.words == said.split()
    assert page.tags.count("li") == 2
    assert page.links == ["https://room.example.com/"]
    assert next(iter(parts_of(text))) == Part(
        ("What waits for you:",), ("Answer Bo", "Judge the lead")
    )


@given(st.text(max_size=200) | st.just(_HOSTILE), st.text(max_size=60) | st.just(_HOSTILE))
def test_nothing_in_a_letter_becomes_more_than_words(text: str, subject: str) -> None:
    page = _Page(letter_of(subject, text, "https://room.example.com/talk/"))
    assert not _ASKING & set(page.tags)
    assert page.links == ["https://room.example.com/talk/"]


def test_a_point_of_several_lines_stays_one() -> None:
    assert list(parts_of("Told:\n- one\ntwo\n- three")) == [Part(("Told:",), ("one\ntwo", "three"))]

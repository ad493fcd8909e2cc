import time
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from content.sources.errors import NotReadableError
from content.sources.feed import MAX_ENTRIES, FeedEntry, read_feed

NOW = datetime(2026, 7, 1, 6, tzinfo=UTC)
URL = "https://news.example/blog/feed.xml"


def read(text: str | bytes, *, charset: str = "", url: str = URL) -> list[FeedEntry]:
    content = text.encode() if isinstance(text, str) else text
    return list(read_feed(content, url=url, charset=charset, now_utc=NOW))


def rss(items: str, *, head: str = "<title>News</title>") -> str:
    return f'<rss version="2.0"><channel>{head}{items}</channel></rss>'


LAUGHS = "".join(
    f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' if n else '<!ENTITY l0 "lol">'
    for n in range(10)
)


@pytest.mark.parametrize(
    "document",
    [
        f"<!DOCTYPE rss [{LAUGHS}]>" + rss("<item><title>&l9;</title></item>"),
        f"<?xml version='1.0'?>\n<!DOCTYPE rss [{LAUGHS}]>"
        + rss("<item><title>&l9;</title></item>"),
        '<!DOCTYPE r [<!ENTITY big "'
        + "x" * 100_000
        + '">]>'
        + rss("<item><title>" + "&big;" * 10_000 + "</title></item>"),
        '<!DOCTYPE r [<!ENTITY f SYSTEM "file:///etc/passwd">]>'
        + rss("<item><title>&f;</title></item>"),
        '<!DOCTYPE r [<!ENTITY % p SYSTEM "http://127.0.0.1/x.dtd"> %p;]>' + rss(""),
        "<!doctype r [ <!ELEMENT r ANY> ]>" + rss(""),
        "<!--x--><!DOCTYPE r\n[\n<!ENTITY a 'b'>\n]>" + rss(""),
    ],
)
@pytest.mark.parametrize("charset", ["utf-8", "utf-16", "utf-32", "iso2022_jp"])
def test_document_that_defines_entities_is_refused(document: str, charset: str) -> None:
    begun = time.monotonic()
    with pytest.raises(NotReadableError, match="abbreviations of its own"):
        read(document.encode(charset), charset=charset)
    assert time.monotonic() - begun < 5


@pytest.mark.parametrize(
    "document",
    [
        "",
        " ",
        "nothing at all",
        "<html><body><p>No feed.</p></body></html>",
        "<a/>",
        "<rss",
        "\x00" * 100,
        b"\xff\xfe\xff\xff",
        "{}",
        '{"items": []}',
        '{"items": [], "version": 1}',
        '{"version": "https://jsonfeed.org/version/1", "items": {}}',
        '{"version": "https://jsonfeed.org/version/1", "items": [',
        '{"a":' * 100_000,
        '{"a": ' + "9" * 10_000,
    ],
)
def test_what_is_no_feed_is_said(document: str | bytes) -> None:
    with pytest.raises(NotReadableError, match="no feed at this address"):
        read(document)


OLD_DOCTYPE = (
    '<!DOCTYPE rss PUBLIC "-//Netscape Communications//DTD RSS 0.91//EN"'
    ' "http://my.netscape.com/publish/formats/rss-0.91.dtd">'
)
ABOUT = "<item rdf:about='/1'>"
ITEM = "<item><title>One</title><link>/1</link></item>"


@pytest.mark.parametrize(
    "document",
    [
        f"{OLD_DOCTYPE}<rss version='0.91'><channel><title>News</title>{ITEM}"
        "</channel></rss>",
        f"<rss version='0.92'><channel><title>News</title>{ITEM}</channel></rss>",
        rss(ITEM),
        f"\n\n<?xml version='1.0' encoding='utf-8'?>{rss(ITEM)}",
        "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'"
        " xmlns='http://my.netscape.com/rdf/simple/0.9/'><channel><title>News</title>"
        f"</channel>{ITEM}</rdf:RDF>",
        "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'"
        " xmlns='http://purl.org/rss/1.0/'><channel><title>News</title></channel>"
        f"{ITEM.replace('<item>', ABOUT)}</rdf:RDF>",
        "<feed xmlns='http://www.w3.org/2005/Atom'><title>News</title><entry>"
        "<title>One</title><link href='/1'/></entry></feed>",
        "<feed xmlns='http://purl.org/atom/ns#' version='0.3'><title>News</title>"
        "<entry><title>One</title><link rel='alternate' href='/1'/></entry></feed>",
        '{"version": "https://jsonfeed.org/version/1.1", "title": "News",'
        ' "items": [{"title": "One", "url": "/1"}]}',
        '\ufeff {"version": "https://jsonfeed.org/version/1", "title": "News",'
        ' "items": [{"title": "One", "external_url": "/1"}, 7, null]}',
    ],
)
def test_every_kind_of_feed_is_read(document: str) -> None:
    (entry,) = read(document)
    assert (entry.title, entry.url) == ("One", "https://news.example/1")
    assert entry.feed_title == "News"
    assert entry.id


@pytest.mark.parametrize(
    ("broken", "titles"),
    [
        (rss(ITEM + "<item><title>Two</title>").removesuffix("</rss>"), ["One", "Two"]),
        (rss(ITEM)[:-20], ["One"]),
        (rss(ITEM + "<item><title>A & B</title></item>"), ["One", "A & B"]),
        (rss(ITEM + "<item><title>A&nbsp;B</title></item>"), ["One", "A B"]),
        (rss(ITEM + "<item><title>x</b></title></item>"), ["One", "x"]),
        (rss(ITEM + "<item><unknown:thing/><title>y</title></item>"), ["One", "y"]),
        (rss(ITEM + "<item><title>bell\x07</title></item>"), ["One", "bell"]),
        (rss(ITEM) + "<p>trailing", ["One"]),
    ],
)
def test_malformed_feed_gives_what_can_be_read(broken: str, titles: list[str]) -> None:
    assert [entry.title for entry in read(broken)][: len(titles)] == titles


def test_markup_goes_and_what_only_looks_like_it_stays() -> None:
    (entry,) = read(
        rss(
            "<item><title>1 &lt; 2: List&lt;String&gt; &amp; more</title>"
            "<description>&lt;p&gt;Hi &lt;b&gt;you&lt;/b&gt;&lt;/p&gt;"
            "&lt;script&gt;steal()&lt;/script&gt;&lt;img src=x onerror=y&gt;"
            "</description></item>"
        )
    )
    assert entry.title == "1 < 2: List<String> & more"
    assert entry.summary == "Hi you"


def test_atom_entry_is_read_whole() -> None:
    (entry,) = read(
        "<feed xmlns='http://www.w3.org/2005/Atom' xml:base='http://o.example/z/'>"
        "<title type='html'>&lt;b&gt;News&lt;/b&gt;</title><entry><id>urn:1</id>"
        "<title>One</title><link href='q?a=1&amp;b=2'/>"
        "<author><name>Ann</name></author>"
        "<published>2026-06-30T23:00:00+02:00</published>"
        "<content type='xhtml'><div xmlns='http://www.w3.org/1999/xhtml'>"
        "<p>A</p><p>B</p></div></content></entry></feed>"
    )
    assert entry == FeedEntry(
        id="urn:1",
        title="One",
        url="http://o.example/z/q?a=1&b=2",
        summary="A\nB",
        published_utc=datetime(2026, 6, 30, 21, tzinfo=UTC),
        author="Ann",
        feed_title="News",
    )


def test_json_entry_is_read_whole() -> None:
    (entry,) = read(
        '{"version": "https://jsonfeed.org/version/1.1", "title": "News",'
        ' "authors": [{"name": "Ann"}], "items": [{"id": 7, "title": null,'
        ' "content_html": "<p>All of it. And more.</p>", "url": "q",'
        ' "date_published": "2026-06-30T23:00:00+02:00"}]}'
    )
    assert entry == FeedEntry(
        id="7",
        title="All of it. And more.",
        url="https://news.example/blog/q",
        summary="All of it. And more.",
        published_utc=datetime(2026, 6, 30, 21, tzinfo=UTC),
        author="Ann",
        feed_title="News",
    )


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("Tue, 30 Jun 2026 21:00:00 GMT", datetime(2026, 6, 30, 21, tzinfo=UTC)),
        ("2026-06-30T21:00:00Z", datetime(2026, 6, 30, 21, tzinfo=UTC)),
        ("Wed, 01 Jul 2026 12:00:00 GMT", NOW),  # a little ahead: now
        ("Thu, 01 Jan 2099 00:00:00 GMT", None),
        ("Thu, 01 Jan 1970 00:00:00 GMT", None),
        ("0001-01-01T00:00:00Z", None),
        ("Mon, 99 Foo 2020 77:00:00", None),
        ("yesterday", None),
        ("", None),
        ("9" * 400, None),
    ],
)
def test_only_dates_that_can_be_true_are_taken(
    said: str, expected: datetime | None
) -> None:
    (entry,) = read(rss(f"<item><title>x</title><pubDate>{said}</pubDate></item>"))
    assert entry.published_utc == expected
    (entry,) = read(
        '{"version": "https://jsonfeed.org/version/1", "items": [{"title": "x",'
        f' "date_published": "{said}"}}]}}'
    )
    if said[4:5] == "-" or expected is None:
        assert entry.published_utc == expected


@pytest.mark.parametrize(
    ("link", "expected"),
    [
        ("../a?b=1&amp;c=2", "https://news.example/a?b=1&c=2"),
        ("//other.example/x", "https://other.example/x"),
        ("  /padded \n", "https://news.example/padded"),
        ("javascript:alert(1)", ""),
        ("file:///etc/passwd", ""),
        ("mailto:a@b.example", ""),
        ("http://ann:secret@b.example/", ""),
        ("http://[::1", ""),
        ("/with space", ""),
        ("/" + "x" * 3000, ""),
        ("", ""),
    ],
)
def test_links_lead_to_the_web_or_nowhere(link: str, expected: str) -> None:
    (entry,) = read(rss(f"<item><title>x</title><link>{link}</link></item>"))
    assert entry.url == expected


def test_entries_without_id_and_link_are_told_apart_and_stay_the_same() -> None:
    items = (
        "<item><title>One</title></item><item><title>Two</title></item>"
        "<item><description>Only text, and no title.</description></item>"
        "<item></item><item><link>/only-a-link</link></item>"
    )
    first, second = read(rss(items)), read(rss(items))
    assert first == second
    assert [entry.title for entry in first] == [
        "One",
        "Two",
        "Only text, and no title.",
    ]
    assert len({entry.id for entry in first}) == 3


def test_entry_that_comes_twice_is_taken_once() -> None:
    entries = read(
        rss(
            "<item><guid>1</guid><title>One</title><link>/1</link></item>"
            "<item><guid>1</guid><title>One again</title></item>"
            "<item><guid>2</guid><title>One moved</title><link>/1</link></item>"
            "<item><guid>3</guid><title>Other</title></item>"
        )
    )
    assert [entry.title for entry in entries] == ["One", "Other"]


def test_endless_feed_is_read_up_to_its_limits() -> None:
    long = "word " * 5000
    items = f"<item><title>{long}</title><description>{long}</description></item>"
    items += "".join(f"<item><title>{n}</title></item>" for n in range(3000))
    entries = read(rss(items, head=f"<title>{long}</title>"))
    assert len(entries) == MAX_ENTRIES
    assert len(entries[0].title) <= 200
    assert len(entries[0].summary) <= 2000
    assert len(entries[0].feed_title) <= 100


CHARSETS = [
    ("Погода в Москве", "utf-8", "windows-1251"),
    ("Погода в Москве", "windows-1251", "windows-1251"),
    ("Погода в Москве", "koi8-r", "koi8-r"),
    ("Погода в Москве", "utf-16", "utf-16"),
    ("Погода в Москве", "utf-16-be", "utf-8"),
    ("Погода в Москве", "utf-32", "utf-32"),
    ("今天天气很好", "gbk", "gb2312"),
    ("今天天气很好", "gb18030", "gbk"),
    ("天氣很好", "big5", "big5"),
    ("今日は天気がいい", "shift_jis", "shift_jis"),
    ("今日は天気がいい", "euc_jp", "euc-jp"),
    ("今日は天気がいい", "iso2022_jp", "iso-2022-jp"),
    ("오늘은 날씨가 좋다", "cp949", "euc-kr"),
    ("Größere Gärten – „schön“", "cp1252", "iso-8859-1"),
    ("Žluťoučký kůň", "iso-8859-2", "iso-8859-2"),
]


@pytest.mark.parametrize(("title", "really", "said"), CHARSETS)
def test_feed_of_any_charset_is_read(title: str, really: str, said: str) -> None:
    document = f"<?xml version='1.0' encoding='{said}'?>" + rss(
        f"<item><title>{title}</title></item>"
    )
    (entry,) = read(document.encode(really))
    assert entry.title == title


@settings(max_examples=60)
@given(st.binary(max_size=200), st.booleans())
def test_any_bytes_are_a_feed_or_refused(content: bytes, is_inside: bool) -> None:
    if is_inside:
        content = b"<rss><channel><item><title>" + content + b"</title></item>"
    try:
        entries = read(content)
    except NotReadableError:
        return
    assert all(entry.title and "\n" not in entry.title for entry in entries)

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.web.markdown import render_markdown, render_plain

ATTACKS = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    "<iframe src='https://evil.example'></iframe>",
    "[press me](javascript:alert(1))",
    "[press me](JaVaScRiPt&colon;alert(1))",
    "[press me](data:text/html;base64,PHNjcmlwdD4=)",
    "![x](javascript:alert(1))",
    "![x](https://evil.example/track.png)",
    '<https://a.example/"onmouseover=alert(1)>',
    '[a](https://a.example "x\\" onclick=\\"alert(1)")',
    "[a]: javascript:alert(1)\n\n[a]",
    "```html\n<script>alert(1)</script>\n```",
    "|<img src=x onerror=alert(1)>|\n|-|\n|<b onclick=x>|",
    "# <style>body{display:none}</style>",
)
DANGEROUS = re.compile(
    r"<(?!/?(a|blockquote|br|code|del|em|h[1-6]|hr|li|ol|p|pre|s|span|strong|table|tbody"
    r"|td|th|thead|tr|ul)[\s>/])|<[^>]*\son\w+\s*=(?=[^\"]*>)|href=\"(?!https?:|mailto:)",
    re.IGNORECASE,
)


@pytest.mark.parametrize("text", ATTACKS)
def test_markdown_that_attacks_becomes_harmless(text: str) -> None:
    html = render_markdown(text)
    assert not DANGEROUS.search(html), html
    assert "src=" not in re.sub(r">[^<]*<", "><", html)


@given(
    st.lists(
        st.sampled_from(["<", ">", '"', "'", "](", "[", "!", ")", "`", "\n", "|", "-"])
        | st.sampled_from(["script", "onerror=", "javascript:", "style", "&#x6a;", "/"])
        | st.text(max_size=4)
    )
)
def test_markdown_of_any_kind_is_harmless(parts: list[str]) -> None:
    assert not DANGEROUS.search(render_markdown("".join(parts)))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "[](x)",
            '<p><a target="_blank" rel="noopener noreferrer nofollow ugc"></a></p>',
        ),
        ("**b** *i* ~~s~~", "<p><strong>b</strong> <em>i</em> <s>s</s></p>"),
        ("one\ntwo", "<p>one<br>\ntwo</p>"),
        ("`x<y`", "<p><code>x&lt;y</code></p>"),
        (
            "a ||b **c**|| d",
            '<p>a <span class="spoiler" tabindex="0">b <strong>c</strong></span> d</p>',
        ),
        ("a || b", "<p>a || b</p>"),
        ("||||", "<p>||||</p>"),
        ("`||a||`", "<p><code>||a||</code></p>"),
        (
            "```python\na\n```",
            '<pre><code class="language-python">a\n</code></pre>',
        ),
    ],
)
def test_markdown_is_shown_as_meant(text: str, expected: str) -> None:
    assert render_markdown(text).strip() == expected


def test_link_opens_elsewhere_and_tells_nothing() -> None:
    html = render_markdown("[a](https://a.example)")
    assert 'target="_blank"' in html
    assert 'rel="noopener noreferrer nofollow ugc"' in html


def test_picture_from_elsewhere_becomes_a_link() -> None:
    html = render_markdown("![a cat](https://a.example/cat.png)")
    assert '<a href="https://a.example/cat.png"' in html
    assert ">a cat</a>" in html


def test_plain_text_keeps_its_lines_and_runs_nothing() -> None:
    html = render_plain("<b>\nx")
    assert html == "<p>&lt;b&gt;<br>x</p>"


@pytest.mark.parametrize("text", ["[" * 20_000, "*a_ " * 5_000, "> " * 10_000])
def test_markdown_made_to_be_slow_is_not(text: str) -> None:
    begun_s = time.monotonic()
    render_markdown(text)
    assert time.monotonic() - begun_s < 5

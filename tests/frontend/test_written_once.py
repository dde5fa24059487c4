"""What pages only copy: fixed parts, remembered addresses, rows drawn without a template."""

import pytest
from django.template import Context, Template
from django.urls import reverse
from django.utils.translation import override

from applications.queries.listing import Row
from config.addresses import address


def test_a_fixed_part_is_written_once_for_each_language() -> None:
    source = '{% fixed %}<a href="{% url "home" %}">{% translate "Sign in" %}</a>{% endfixed %}'
    template = Template(source + "{{ name }}")
    for language, words in (("en", "Sign in"), ("es", "Iniciar sesión"), ("en", "Sign in")):
        with override(language):
            page = template.render(Context({"name": language}))
        assert page == f'<a href="/">{words}</a>{language}'


def test_nothing_of_a_page_gets_into_a_fixed_part() -> None:
    template = Template("{% fixed %}{{ name }}{% endfixed %}")
    with pytest.raises(pytest.fail.Exception, match="name"):
        template.render(Context({"name": "Dana"}))


@pytest.mark.parametrize(
    ("name", "args"),
    [("home", []), ("applications:list", ["prairie", "a-b"]), ("files", ["x"])],
)
def test_a_remembered_address_is_the_one_django_finds(name: str, args: list[str]) -> None:
    try:
        expected = reverse(name, args=args)
    except Exception as refused:
        for _ in range(2):
            with pytest.raises(type(refused)):
                address(name, *args)
    else:
        assert [address(name, *args) for _ in range(2)] == [expected, expected]
        written = Template("{% url name " + " ".join(f"'{one}'" for one in args) + " %}")
        assert written.render(Context({"name": name})) == expected


def test_rows_of_a_list_are_escaped() -> None:
    bad = "<b>\"'&"
    flag = {"css": "tag", "icon": "check", "words": bad}
    cell = {"label": bad, "text": bad, "css": "num", "tag": "tag", "flags": [flag]}
    row = Row(key=bad, title=bad, url=f"/{bad}", tag=bad, note=bad, select=bad, cells=[cell])
    template = Template('{% list_rows rows "row" picks=True %}')
    page = template.render(Context({"rows": [row]}))
    assert "<b>" not in page
    assert page.count("&lt;b&gt;&quot;&#x27;&amp;") == 10
    bare = Row(key="A1", title="Mercy", url="", tag="", note="Ames", select="", cells=[])
    template = Template('{% list_rows rows "row" %}')
    assert template.render(Context({"rows": [bare]})) == (
        '<tr role="row" id="row-A1"><th role="rowheader" scope="row" class="title">'
        "Mercy<small>Ames</small></th></tr>\n"
    )

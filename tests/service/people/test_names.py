import pytest

from service.people.names import last_name_first


@pytest.mark.parametrize(
    ("name", "last"),
    [
        ("Ada Lovelace", "lovelace"),
        ("Ludwig van Beethoven", "beethoven"),
        ("van Beethoven, Ludwig", "beethoven"),
        ("Lovelace, Ada", "lovelace"),
        ("Martin Luther King Jr.", "king"),
        ("Martin Luther King, Jr.", "king"),
        ("Émilie du Châtelet", "chatelet"),
        ("Sophie Germain-Lefèvre", "germain-lefevre"),
        ("de la Cruz, Juana", "cruz"),
        ("Aristoteles", "aristoteles"),
        ("王小明", "王小明"),
        ("Jr.", "jr"),
        (",", ""),
        ("", ""),
    ],
)
def test_a_list_is_in_the_order_of_last_names(name: str, last: str) -> None:
    assert last_name_first(name)[0] == last


def test_students_with_one_last_name_are_in_the_order_of_their_first_names() -> None:
    names = ["Zoe Ng", "Ada Ng", "Émile Zola", "Eve Marsh"]
    assert sorted(names, key=last_name_first) == ["Eve Marsh", "Ada Ng", "Zoe Ng", "Émile Zola"]

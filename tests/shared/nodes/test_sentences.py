"""The canonical sentence of a node."""

from shared.nodes.sentences import node_sentence


def test_a_sentence_has_category_sorted_tags_and_summary() -> None:
    sentence = node_sentence("coffee_shop", ["quiet", "bookish"], "Window seats.")
    assert sentence == "coffee shop: bookish, quiet. Window seats."


def test_order_and_repeats_of_tags_do_not_change_it() -> None:
    tags = ["view", "fresh-air", "sunset"]
    assert node_sentence("park", tags, "Hill.") == node_sentence(
        "park", [*tags[::-1], "view"], "Hill."
    )


def test_a_summary_becomes_one_line() -> None:
    assert node_sentence("bar", [], " Loud.\n\tLate. ") == "bar. Loud. Late."


def test_a_node_of_which_nothing_is_known_is_its_category() -> None:
    assert node_sentence("wine_bar", [], "") == "wine bar."

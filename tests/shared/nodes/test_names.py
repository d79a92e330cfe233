"""Places are found by their ids and by their names in any case, and no other city's are."""

from shared.nodes.postgres import Nodes
from shared.runtime.postgres import Pool
from tests.builders import NOON, a_city, a_draft, a_node, an_id


async def test_places_are_found_by_id_and_by_city_and_folded_name(pool: Pool) -> None:
    nodes = Nodes(pool)
    await nodes.save_city(a_city(), NOON)
    first, second = a_node("Straße Café"), a_node("Plain")
    await nodes.save([a_draft(first), a_draft(second)], NOON)
    assert await nodes.known([first.id, an_id("nobody")]) == {first.id}
    name = ("seattle", first.name.casefold())
    asked = [name, ("tokyo", second.name.casefold()), ("seattle", "nowhere")]
    assert await nodes.named(asked) == {name: [first.id]}

"""The closed vibe taxonomy and the place categories: all that the system may store."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

DayPart = Literal["morning", "afternoon", "evening"]
Interest = Literal["food", "drink", "culture", "outdoors", "shopping", "nightlife"]

DAY_PARTS: Final[tuple[DayPart, ...]] = ("morning", "afternoon", "evening")

TAXONOMY_VERSION: Final = 1

VIBES: Final[Mapping[str, str]] = {
    "art-forward": "galleries, murals, craft and design take the lead",
    "big-groups": "long tables and room for many friends",
    "bookish": "books, reading corners, quiet pages",
    "bring-kids": "children are welcome and busy",
    "budget": "cheap plates, small prices, good value",
    "candlelit": "dim romantic light for a date for two",
    "chef-driven": "a chef's own ideas, seasonal tasting plates",
    "coffee-serious": "careful espresso, single origin roasting",
    "comfort-food": "hearty filling classics, soup, noodles, pie",
    "cosy": "small warm rooms, a corner seat on a rainy day",
    "counter-seat": "solo friendly stools at the counter",
    "craft-drinks": "craft beer, natural wine, inventive cocktails",
    "dog-friendly": "dogs on the patio, dogs off the leash",
    "family-run": "one family's recipes and welcome for decades",
    "fresh-air": "walking trails, trees, open green space",
    "hidden": "easy to miss, an alley or an unmarked door",
    "historic": "old buildings, heritage and stories of the past",
    "immigrant-kitchen": "home cooking carried from another country",
    "late-night": "open late after the last show",
    "laptop-friendly": "tables, outlets and time to work",
    "live-music": "a stage, a band, jazz, songs at night",
    "local-regulars": "neighbours and regulars who know each other",
    "lively": "loud, busy, buzzing with people",
    "market-stalls": "stalls, farmers, produce and makers",
    "morning-ritual": "early pastry, bread, breakfast and brunch",
    "museum-depth": "exhibitions, collections and learning",
    "nerdy": "games, comics, pinball, science and robots",
    "patio": "outdoor seating in the sun",
    "photogenic": "a picture from every corner",
    "plant-based": "vegetarian and vegan cooking",
    "playful": "games, silliness, rides and fun",
    "quick-bite": "grab something and walk on",
    "quiet": "calm, slow, silent, contemplative",
    "sea-and-shore": "beach, harbour, boats, fresh fish and salt air",
    "secondhand": "vintage, thrift, vinyl and used treasures",
    "slow-afternoon": "linger for hours with nothing planned",
    "special-occasion": "dress up, a celebration, a splurge",
    "spicy": "chilli heat, bold pepper and spice",
    "street-art": "murals, stickers and painted walls",
    "sunset": "golden hour, evening light over the water",
    "sweet-tooth": "ice cream, cake, chocolate, doughnuts",
    "view": "a skyline, mountain or water view from above",
    "worth-the-queue": "people wait in line and come back",
}


@dataclass(frozen=True, slots=True)
class Category:
    """What is typical for a kind of place: its interest, minutes of stay, day parts and roof."""

    interest: Interest
    stay_minutes: int
    day_parts: tuple[DayPart, ...]
    indoor: bool
    meal: bool = False


_MORNING: Final[tuple[DayPart, ...]] = ("morning",)
_EARLY: Final[tuple[DayPart, ...]] = ("morning", "afternoon")
_LATE: Final[tuple[DayPart, ...]] = ("afternoon", "evening")
_EVENING: Final[tuple[DayPart, ...]] = ("evening",)
_ALL: Final[tuple[DayPart, ...]] = ("morning", "afternoon", "evening")

CATEGORIES: Final[Mapping[str, Category]] = {
    "bakery": Category("food", 40, _EARLY, True, meal=True),
    "bar": Category("nightlife", 75, _EVENING, True),
    "beach": Category("outdoors", 90, _ALL, False),
    "beer_bar": Category("drink", 75, _LATE, True),
    "bookstore": Category("shopping", 45, _ALL, True),
    "breakfast_spot": Category("food", 60, _MORNING, True, meal=True),
    "brewery": Category("drink", 75, _LATE, True),
    "cafe": Category("drink", 45, _EARLY, True),
    "cinema": Category("culture", 130, _EVENING, True),
    "cocktail_bar": Category("nightlife", 75, _EVENING, True),
    "coffee_shop": Category("drink", 40, _EARLY, True),
    "concert_hall": Category("culture", 130, _EVENING, True),
    "dessert_shop": Category("food", 30, _LATE, True),
    "farmers_market": Category("food", 60, _EARLY, False),
    "food_truck": Category("food", 30, ("afternoon", "evening"), False, meal=True),
    "gallery": Category("culture", 50, _EARLY, True),
    "garden": Category("outdoors", 60, _EARLY, False),
    "harbor": Category("outdoors", 60, _ALL, False),
    "historic_site": Category("culture", 60, _EARLY, False),
    "lake": Category("outdoors", 75, _ALL, False),
    "landmark": Category("culture", 75, _ALL, False),
    "library": Category("culture", 50, _EARLY, True),
    "lounge": Category("nightlife", 75, _EVENING, True),
    "market": Category("shopping", 75, _EARLY, True),
    "museum": Category("culture", 110, _EARLY, True),
    "music_venue": Category("nightlife", 120, _EVENING, True),
    "park": Category("outdoors", 60, _ALL, False),
    "pub": Category("nightlife", 75, _EVENING, True),
    "quick_food": Category("food", 35, _LATE, True, meal=True),
    "record_shop": Category("shopping", 40, _EARLY, True),
    "restaurant": Category("food", 75, _LATE, True, meal=True),
    "scenic_lookout": Category("outdoors", 40, _ALL, False),
    "shop": Category("shopping", 40, _EARLY, True),
    "tea_room": Category("drink", 45, _EARLY, True),
    "theater": Category("culture", 140, _EVENING, True),
    "theme_park": Category("culture", 90, _EARLY, False),
    "trail": Category("outdoors", 90, _EARLY, False),
    "vintage_shop": Category("shopping", 40, _EARLY, True),
    "wine_bar": Category("drink", 75, _EVENING, True),
    "winery": Category("drink", 75, _LATE, True),
    "zoo": Category("culture", 120, _EARLY, False),
}

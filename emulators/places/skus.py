"""Owns what a request is billed as: the highest SKU of the fields that its mask names.

https://developers.google.com/maps/documentation/places/web-service/data-fields
"""

from emulators.places.mask import Mask

GET_PLACE, SEARCH_TEXT, SEARCH_NEARBY = "GetPlace", "SearchText", "SearchNearby"

_IDS_ONLY, _ESSENTIALS, _PRO, _ENTERPRISE, _ATMOSPHERE = range(5)
_TIERS = (
    "Essentials (IDs Only)",
    "Essentials",
    "Pro",
    "Enterprise",
    "Enterprise + Atmosphere",
)
_PRODUCTS = {
    GET_PLACE: "Place Details",
    SEARCH_TEXT: "Text Search",
    SEARCH_NEARBY: "Nearby Search",
}
_IDS_ONLY_FIELDS = "attributions consumerAlert id movedPlace movedPlaceId name".split()
_ESSENTIALS_FIELDS = (
    "addressComponents addressDescriptor adrFormatAddress formattedAddress location plusCode "
    "postalAddress shortFormattedAddress types viewport"
).split()
_PRO_FIELDS = (
    "accessibilityOptions businessStatus containingPlaces displayName googleMapsLinks "
    "googleMapsTypeLabel googleMapsUri iconBackgroundColor iconMaskBaseUri openingDate primaryType "
    "primaryTypeDisplayName pureServiceAreaBusiness searchUri subDestinations timeZone "
    "utcOffsetMinutes"
).split()
_ENTERPRISE_FIELDS = (
    "currentOpeningHours currentSecondaryOpeningHours internationalPhoneNumber nationalPhoneNumber "
    "priceLevel priceRange rating regularOpeningHours regularSecondaryOpeningHours transitStation "
    "userRatingCount websiteUri"
).split()


def billed_as(method: str, mask: Mask) -> str:
    """The name of the SKU as on the bill, e.g. "Places API Text Search Pro"."""
    tier = max(_tier(method, path) for path in mask.paths)
    return f"Places API {_PRODUCTS[method]} {_TIERS[tier]}"


def _tier(method: str, path: str) -> int:
    field = path if method == GET_PLACE else path.removeprefix("places.")
    field = field.partition(".")[0]
    if method == SEARCH_NEARBY:  # has no SKU below Pro, not even for ids
        return max(_PRO, _place_field_tier(field))
    if method == SEARCH_TEXT:
        if field in (*_IDS_ONLY_FIELDS, "nextPageToken"):
            return _IDS_ONLY
        return max(_PRO, _place_field_tier(field))
    return _place_field_tier(field)


def _place_field_tier(field: str) -> int:
    if field in _IDS_ONLY_FIELDS or field == "photos":
        return _IDS_ONLY
    if field in _ESSENTIALS_FIELDS:
        return _ESSENTIALS
    if field in _PRO_FIELDS:
        return _PRO
    if field in _ENTERPRISE_FIELDS:
        return _ENTERPRISE
    return _ATMOSPHERE  # and so is every mask with all fields

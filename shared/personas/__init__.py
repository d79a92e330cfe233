"""Who a traveller is: onboarding tags, persona, archetype, and how many choices they made."""

"""The law in England under which a street is closed to cars for play: what to ask the highway authority for."""

from __future__ import annotations

from typing import Final

_RTRA: Final = "https://www.legislation.gov.uk/ukpga/1984/27/section/"

STREET_LAW: Final = (
    {
        "for": "Regular play sessions",
        "law": "Town Police Clauses Act 1847, section 21",
        "says": "The council may close a street by order for a time, to prevent obstruction when it is thronged. Many "
        "councils outside London make one order a year for a season of play sessions. In two-tier counties the "
        "district council may be the one that makes it.",
        "ask": "Do you make temporary play street orders under section 21, and how do neighbours apply?",
        "read": "https://www.legislation.gov.uk/ukpga/Vict/10-11/89/section/21",
    },
    {
        "for": "Play sessions, street parties and other events",
        "law": "Road Traffic Regulation Act 1984, sections 16A to 16C",
        "says": "The traffic authority may restrict traffic for a sporting or social event or entertainment held on a "
        "road. A length of road may be closed so once in a calendar year, for up to three days; more often or longer "
        "needs the Secretary of State's approval, which councils that use it for regular play apply for.",
        "ask": "Is this the order you use for street parties, and for play sessions through the year?",
        "read": f"{_RTRA}16A",
    },
    {
        "for": "A street designated for play",
        "law": "Road Traffic Regulation Act 1984, section 29, with byelaws under section 31",
        "says": "The local traffic authority may make an order that keeps vehicles off a road, always or on some days "
        "or hours, so that it can be used as a playground for children. The order must allow reasonable access to "
        "premises. Byelaws on how the road is used need the Secretary of State's confirmation.",
        "ask": "Would you consider a street playground order, on which days and hours, and who would look after it?",
        "read": f"{_RTRA}29",
    },
    {
        "for": "A school street",
        "law": "Road Traffic Regulation Act 1984, section 1 (section 6 in Greater London); section 9 for an experiment",
        "says": "A traffic order keeps vehicles off a street as school begins and ends. An experimental order lasts at "
        "most 18 months, in which people say what they think of it before it may be made permanent.",
        "ask": "Could the school's street be tried under an experimental order, with which exemptions?",
        "read": f"{_RTRA}9",
    },
)
"""What to ask for, under which law, in plain words; not legal advice.

Checked against the text of sections 1, 16A, 29 and 31 and the Department for Transport's advice on special events
orders, and, for section 21, against councils' published orders and Playing Out's briefing for councils."""

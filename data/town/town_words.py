"""What is in Marramsea and what it has lost: hand-written tables, every line invented.

Fields are parted by `|`. A *spot* is a building's own key: two registers that name the same spot mean the same building.
`@Street` as a spot puts the row on that street. Opening hours are keys into HOURS.
"""

# ruff: noqa: E501  -- each line of a table is one row
from __future__ import annotations

# key: opening hours | hours a week | staffed hours a week
HOURS = """
A|Mo-Sa 09:00-17:00|48|48
B|Tu,Th 10:00-16:00; Sa 10:00-13:00|15|15
C|Mo-Fr 09:00-21:00|60|40
D|by arrangement|12|0
E|Mo-Su 07:00-22:00|105|98
F|Mo,We,Fr 16:00-20:00|12|12
G|Su 09:00-13:00; We 10:00-15:00|9|4
H|Mo-Fr 09:00-15:00|30|30
J|We-Su 10:00-16:00|30|24
K|Tu-Fr 12:00-20:00|32|32
L|Mo-Sa 08:00-19:00|66|33
U|||
"""

# name|kind|district|spot|run_by|who_for|cost|step_free|hours|opened|status
COMMUNITY_BUILDINGS = """
Marramsea Central Library|library|Town Centre|centrallib|Council|Everyone|Free|yes|A|1908|open
Southgate Library|library|Southgate|sgatelib|Council|Everyone|Free|yes|B|1934|open
Highfield Library|library|Highfield|hflib|Council|Everyone|Free|yes|A|1966|open
Beacon Library|library|Beacon|beaconlib|Council|Everyone|Free|yes|L|1971|open
Lark Hill Community Library|library|Lark Hill|larklib|Volunteers|Everyone|Free|partial|B|1958|open
Thornholt Book Room|library|Thornholt|tholtlib|Parish council|Everyone|Free|yes|B|2014|open
Netshed Row Community Hub|community_hub|Old Harbour|netshedhub|Community trust|Everyone|Free|yes|C|2016|open
The Salt House|community_hub|Fisherfolk|salthouse|Community trust|Everyone|Free or pay what you can|yes|C|2011|open
Lark Hill Neighbourhood Centre|community_hub|Lark Hill|larkcentre|Residents' association|Everyone|Free|yes|H|1974|open
Marsh Estate Hub|community_hub|Marsh Estate|marshhub|Council|Everyone|Free|yes|H|2009|open
Chapel Fields Welcome Room|community_hub|Chapel Fields|welcome|Faith group|New arrivals and everyone|Free|partial|B|2017|open
Ropery Exchange|community_hub|Ropery|exchange|Charity|Everyone|Free|yes|C|2012|open
Windmill Hill Centre|community_hub|Windmill Hill|whcentre|Community association|Everyone|Low cost|yes|C|1962|open
Sandy Lane Pavilion Hub|community_hub|Sandy Lane|slhub|Management company|Everyone|Low cost|yes|L|2007|open
Fishermen's Institute|hall|Old Harbour|institute|Trustees|Everyone|Low cost|no|D|1887|open
Harbour Sail Loft|hall|Old Harbour|sailloft|Community trust|Everyone|Low cost|partial|D|1861|open
Temperance Hall|hall|Town Centre|temperance|Trustees|Everyone|Low cost|partial|D|1879|open
Alma Road Drill Hall|hall|Alma|drillhall|Council|Everyone|Hire charge|partial|D|1899|at risk
Priory Almshouse Hall|hall|Priory|almshall|Trustees|Everyone|Low cost|yes|D|1852|open
Victoria Assembly Rooms|hall|Victoria|assembly|Community trust|Everyone|Hire charge|yes|L|1891|open
Southgate Working People's Club|hall|Southgate|swpc|Members' club|Members and guests|Members|partial|K|1912|open
Long Acre Village Hall|hall|Long Acre|lahall|Trustees|Everyone|Low cost|yes|D|1936|open
Millfield Hut|hall|Millfield|mfhut|Scout group|Children and young people|Low cost|yes|F|1955|open
Ness View Hall|hall|Ness View|nvhall|Community association|Everyone|Low cost|yes|D|1968|open
Highfield Community Hall|hall|Highfield|hfhall|Community association|Everyone|Low cost|yes|L|1964|open
Beacon Hall|hall|Beacon|bhall|Trustees|Everyone|Low cost|yes|D|1970|open
Cold Ness Reading Room|hall|Cold Ness|cnroom|Trustees|Everyone|Low cost|partial|D|1903|open
Thornholt Village Hall|hall|Thornholt|thhall|Parish council|Everyone|Low cost|yes|D|1951|open
Wickering Memorial Hall|hall|Nether Wickering|wmhall|Parish council|Everyone|Low cost|yes|D|1922|open
Marlby Hall|hall|Marlby|mhall|Parish council|Everyone|Low cost|no|D|1927|open
Fen Bank Hut|hall|Saltings|fenhut|Residents' association|Everyone|Low cost|no|D|1949|open
Marsh Tenants' Room|hall|Marsh Estate|tenroom|Tenants' group|Tenants|Free|yes|D|1969|open
Westbrook Scout Hall|hall|Westbrook|wbscout|Scout group|Children and young people|Low cost|yes|F|1961|open
Bay Leisure Centre|leisure_centre|Town Centre|bayleisure|Leisure trust|Everyone|Charge, concessions|yes|E|1986|open
Lark Hill Sports Barn|leisure_centre|Lark Hill|sportsbarn|Community interest company|Everyone|Low cost|yes|C|1994|open
Sallow Pool|leisure_centre|Westbrook|sallowpool|Leisure trust|Everyone|Charge, concessions|yes|E|1973|open
Highfield Tennis and Squash|leisure_centre|Highfield|hftennis|Members' club|Members and guests|Members|partial|E|1931|open
Little Terns Children's Centre|childrens_centre|Marsh Estate|terns|Council|Families with under-fives|Free|yes|H|2005|open
Cockleshell Children's Centre|childrens_centre|Old Harbour|cockle|Council|Families with under-fives|Free|yes|H|2004|open
Windmill Children's Centre|childrens_centre|Windmill Hill|wmcc|School|Families with under-fives|Free|yes|H|2007|open
Highfield Family Hub|childrens_centre|Highfield|hffam|Council|Families|Free|yes|H|2008|open
The Slipway|youth_centre|Fisherfolk|slipway|Charity|Young people 11-19|Free|yes|F|2013|open
Lark Hill Youth Loft|youth_centre|Lark Hill|youthloft|Volunteers|Young people 11-19|Free|no|F|2018|open
Boat Shed Youth Project|youth_centre|Old Harbour|boatshed|Charity|Young people 11-25|Free|partial|K|2010|open
Beacon Youth Room|youth_centre|Beacon|byouth|Faith group|Young people 11-16|Free|yes|F|2006|open
St Eadgyth by the Quay|faith_building|Old Harbour|eadgyth|Church|Everyone|Free|partial|G|1240|open
Chapel Fields Methodist Church|faith_building|Chapel Fields|cfmeth|Church|Everyone|Free|yes|G|1868|open
Marramsea Mosque and Community Rooms|faith_building|Chapel Fields|mosque|Mosque committee|Everyone|Free|yes|L|1998|open
Our Lady of the Bay|faith_building|Victoria|ourlady|Church|Everyone|Free|yes|G|1904|open
Bethel Chapel|faith_building|Fisherfolk|bethel|Church|Everyone|Free|no|G|1834|open
Maltings Road Gurdwara|faith_building|Southgate|gurdwara|Gurdwara committee|Everyone, meals for all|Free|yes|L|2003|open
Lark Hill Shared Church|faith_building|Lark Hill|lhchurch|Church|Everyone|Free|yes|G|1957|open
Marsh Estate Gospel Hall|faith_building|Marsh Estate|gospel|Church|Everyone|Free|yes|G|1963|open
Highfield Parish Church|faith_building|Highfield|hfchurch|Church|Everyone|Free|yes|G|1889|open
St Wulfrun, Thornholt|faith_building|Thornholt|wulfrun|Church|Everyone|Free|partial|G|1180|open
All Souls, Marlby|faith_building|Marlby|allsouls|Church|Everyone|Free|no|G|1310|open
Quaker Meeting House|faith_building|Priory|quaker|Meeting|Everyone|Free|yes|G|1776|open
Harbour Museum|museum_or_arts|Old Harbour|hmuseum|Trust|Everyone|Charge, concessions|partial|J|1958|open
The Lantern Theatre|museum_or_arts|Town Centre|lantern|Community trust|Everyone|Charge, concessions|yes|K|1911|open
Ropewalk Studios|museum_or_arts|Ropery|studios|Artists' co-operative|Everyone|Low cost|partial|J|2009|open
Victoria Bandroom|museum_or_arts|Victoria|bandroom|Brass band|Everyone|Low cost|no|F|1926|open
The Kettle on the Quay|community_cafe|Old Harbour|kettle|Community interest company|Everyone|Pay what you can|yes|J|2015|open
Marsh Pantry Cafe|community_cafe|Marsh Estate|pantry|Charity|Everyone|Pay what you can|yes|H|2019|open
Skylark Kitchen|community_cafe|Lark Hill|skylark|Residents' association|Everyone|Pay what you can|yes|H|2020|open
Repair Cafe at the Foundry|community_cafe|Ropery|foundry|Volunteers|Everyone|Free|yes|B|2018|open
Thornholt Tea Room|community_cafe|Thornholt|tearoom|Volunteers|Everyone|Low cost|yes|B|2012|open
Fisherfolk Laundrette Lounge|other|Fisherfolk|laundry|Tenants' group|Tenants and neighbours|Low cost|yes|L|2016|open
Beach Hut Library of Things|other|Strand|thingslib|Volunteers|Everyone|Low cost|yes|B|2021|open
Men's Shed Southgate|other|Southgate|shed|Volunteers|Adults|Low cost|partial|B|2014|open
Millfield Toy Library|other|Millfield|toys|Volunteers|Families with under-fives|Low cost||U|2011|
Westbrook Community Room|hall|Westbrook|wbroom|Housing association|Tenants||yes|U||
"""

# name|kind|district|spot|what_happened|opened|closed|reason|evidence|now
CLOSED_SERVICES = """
Netshed Row Library|library|Old Harbour|netshedhub|handed_over|1911|2015-04-01|Library budget cut|Cabinet minute, 10 February 2015 (fictional)|Netshed Row Community Hub
Marsh Estate Library|library|Marsh Estate|marshlib|closed|1967|2013-03-31|Library budget cut|Cabinet minute, 12 March 2013 (fictional)|Vacant
Fisherfolk Reading Room|library|Fisherfolk|ffreading|closed|1929|2012-03|Library budget cut|Full Council budget, 22 February 2012 (fictional)|Store
Ropery Branch Library|library|Ropery|roplib|closed|1938|2016-09-30|Library review|Library Review report, June 2016 (fictional)|Vacant
Lark Hill Library|library|Lark Hill|larklib|handed_over|1958|2017-04|Library review|Library Review report, June 2016 (fictional)|Volunteer-run
Southgate Library|library|Southgate|sgatelib|hours_cut|1934|2019-10-01|Opening hours cut from 38 to 15 a week|Officer decision notice 19/214 (fictional)|Open 15 hours a week
Chapel Fields Library|library|Chapel Fields|cflib|merged|1926|2014|Merged with Central Library|Cabinet minute, 8 July 2014 (fictional)|Flats
Lark Hill Youth Club|youth_centre|Lark Hill|lhyouth|closed|1976|2011-08-31|Youth service cut|Cabinet minute, 15 March 2011 (fictional)|Vacant
Marsh Youth Centre|youth_centre|Marsh Estate|myouth|closed|1972|2012-03-31|Youth service cut|Full Council budget, 22 February 2012 (fictional)|Demolished
Old Harbour Youth Wing|youth_centre|Old Harbour|ohyouth|closed|1981|2013|Youth service cut|Scrutiny report, November 2013 (fictional)|Offices
Victoria Street Youth Cafe|youth_centre|Victoria|vyouth|closed|1999|2016-07|Grant ended|Annual report 2016 (fictional)|Shop
Southgate Youth Centre|youth_centre|Southgate|sgyouth|closed|1969|2014-03-31|Youth service cut|Cabinet minute, 11 February 2014 (fictional)|Vacant
Beacon Youth Club|youth_centre|Beacon|byouth|handed_over|1975|2015|Youth service cut|Cabinet minute, 10 February 2015 (fictional)|Beacon Youth Room
Oystercatcher Children's Centre|childrens_centre|Fisherfolk|oyster|closed|2006|2016-03-31|Children's centres reduced from ten to four|Cabinet minute, 8 December 2015 (fictional)|Nursery
Lark Hill Children's Centre|childrens_centre|Lark Hill|lhcc|closed|2004|2016-03-31|Children's centres reduced from ten to four|Cabinet minute, 8 December 2015 (fictional)|Vacant
Ropery Children's Centre|childrens_centre|Ropery|ropcc|closed|2007|2016-03-31|Children's centres reduced from ten to four|Cabinet minute, 8 December 2015 (fictional)|School use
Chapel Fields Children's Centre|childrens_centre|Chapel Fields|cfcc|closed|2006|2017-08|Children's centres reduced from ten to four|Cabinet minute, 8 December 2015 (fictional)|Vacant
Southgate Children's Centre|childrens_centre|Southgate|sgcc|merged|2007|2016-04|Merged with Cockleshell|Cabinet minute, 8 December 2015 (fictional)|School use
Millfield Children's Centre|childrens_centre|Millfield|mfcc|closed|2009|2018|Children's centres reduced from ten to four|Cabinet minute, 16 January 2018 (fictional)|Nursery
Alma House Day Centre|day_centre|Alma|almaday|closed|1978|2012-12|Adult care budget cut|Cabinet minute, 9 October 2012 (fictional)|Vacant
Harbour Lights Day Centre|day_centre|Town Centre|hlday|closed|1984|2014-06-27|Adult care budget cut|Consultation report, April 2014 (fictional)|Flats
Lark Hill Lunch Club Room|day_centre|Lark Hill|larkcentre|moved|1980|2015|Moved into the Neighbourhood Centre|Newsletter, spring 2015 (fictional)|Lark Hill Neighbourhood Centre
Priory Community Centre|community_hub|Priory|pricc|closed|1959|2018-03-31|Building condition|Asset management plan 2018 (fictional)|Vacant
Fisherfolk Tenants' Hall|community_hub|Fisherfolk|ffhall|closed|1970|2019|Building condition|Housing committee minute, 5 June 2019 (fictional)|Vacant
Southgate Baths|leisure_centre|Southgate|baths|closed|1907|2011-03-31|Running costs|Cabinet minute, 15 February 2011 (fictional)|Vacant
Sallow Pool|leisure_centre|Westbrook|sallowpool|temporary|1973|2024-11|Roof repair|Leisure trust notice, November 2024 (fictional)|Reopened May 2025
Marsh Estate Gym|leisure_centre|Marsh Estate|mgym|closed|1991|2020-10|Did not reopen after lockdown|Leisure trust report, October 2020 (fictional)|Vacant
Quayside Toilets|public_toilet|Old Harbour|@Quayside|closed|1936|2011|Toilets review|Officer decision notice 11/087 (fictional)|Vacant
Pier Approach Toilets|public_toilet|Town Centre|@Pier Street|hours_cut|1958|2018-04|Open in summer only|Officer decision notice 18/033 (fictional)|Open April to September
Market Street Toilets|public_toilet|Priory|@Market Street|closed|1964|2014-10-31|Toilets review|Officer decision notice 14/152 (fictional)|Kiosk
Marramsea Police Counter|police_counter|Town Centre|polcounter|moved|1969|2017-09|Moved to the civic centre|Police estate plan 2017 (fictional)|Town hall
Lark Hill Police Office|police_counter|Lark Hill|lhpol|closed|1988|2013-01|Police estate review|Police estate plan 2012 (fictional)|Vacant
Bank on the High Street|bank|Town Centre|@High Street|closed|1922|2022-05-20|Bank's decision|Branch closure notice, February 2022 (fictional)|Shop
Bank on Market Street|bank|Priory|@Market Street|closed|1931|2018|Bank's decision|Local paper, May 2018 (fictional)|Vacant
Marsh Estate Post Office|post_office|Marsh Estate|mpo|closed|1970|2014-02|Postmaster retired|Local paper, February 2014 (fictional)|Shop
Wickering Post Office|post_office|Nether Wickering|wpo|moved|1938|2013|Moved into the community shop|Parish minute, 9 May 2013 (fictional)|Wickering Community Shop
Fisherfolk Post Office|post_office|Fisherfolk|ffpo|closed|1961|2010-11|Network change|Local paper, November 2010 (fictional)|Takeaway
The Lugger|pub|Old Harbour|lugger|closed|1790|2019|Owner sold|Planning application 19/0441 (fictional)|Flats
The Wheatsheaf|pub|Marlby|sheaf|handed_over|1822|2016-06|Bought by the village|Share offer, June 2016 (fictional)|Community pub
Redshank Road Play Area|play_space|Marsh Estate|mplay|closed|1979|2012|Equipment unsafe, not replaced|Parks inspection list 2012 (fictional)|Grass
Linnet Play Area|play_space|Lark Hill|lplay|closed|1983|2015-10|Equipment unsafe, not replaced|Parks inspection list 2015 (fictional)|Grass
Southgate Paddling Pool|park_facility|Southgate|paddling|closed|1951|2013-09|Running costs|Parks committee minute, 3 September 2013 (fictional)|Filled in
Ropewalk Gardens Kiosk|park_facility|Ropery|kiosk|closed|1967|2016|Lease ended|Parks committee minute, 2016 (fictional)|Boarded up
Priory Lane Primary School|school|Priory|prischool|closed|1894|2012-07-20|Falling rolls|Statutory notice, January 2012 (fictional)|Vacant
Harbour Infants|school|Old Harbour|hinfants|merged|1902|2011-07|Merged with Victoria Primary|Statutory notice, November 2010 (fictional)|Studios
Town Centre Advice Shop|advice_centre|Town Centre|@High Street|closed|1993|2014-03-31|Grant cut|Full Council budget, 25 February 2014 (fictional)|Shop
Marsh Advice Desk|advice_centre|Marsh Estate|marshhub|hours_cut|2009|2021|Cut from five days to one|Annual report 2021 (fictional)|Open Thursdays
Route 7 to Lark Hill, evenings|bus_route|Lark Hill|route7|closed|1958|2012-04|Bus subsidy cut|Bus review 2012 (fictional)|No evening bus
Route 15 to Nether Wickering|bus_route|Nether Wickering|route15|closed|1949|2015-08-29|Bus subsidy cut|Bus review 2015 (fictional)|Community minibus on Tuesdays
Cold Ness Reading Room Library Point|library|Cold Ness|cnroom|closed|1952|2023|Mobile and outreach library ended|Cabinet minute, 14 March 2023 (fictional)|Hall still open
"""

# name|district|spot|tenure|holding|building m2|land hectares|current use
PUBLIC_LAND = """
Former Netshed Row Library|Old Harbour|netshedhub|Freehold|Land/Buildings|410|0.06|Community hub, leased
Former Marsh Estate Library|Marsh Estate|marshlib|Freehold|Land/Buildings|380|0.14|Vacant
Former Fisherfolk Reading Room|Fisherfolk|ffreading|Freehold|Buildings|120|0.02|Store
Former Ropery Branch Library|Ropery|roplib|Freehold|Land/Buildings|295|0.05|Vacant
Lark Hill Library building|Lark Hill|larklib|Freehold|Land/Buildings|330|0.11|Library, run by volunteers
Former Lark Hill Youth Club|Lark Hill|lhyouth|Freehold|Land/Buildings|520|0.32|Vacant
Former Marsh Youth Centre site|Marsh Estate|myouth|Freehold|Land||0.41|Cleared site
Former Southgate Youth Centre|Southgate|sgyouth|Freehold|Land/Buildings|460|0.18|Vacant
Former Lark Hill Children's Centre|Lark Hill|lhcc|Freehold|Land/Buildings|350|0.20|Vacant
Former Chapel Fields Children's Centre|Chapel Fields|cfcc|Leasehold|Land/Buildings|280|0.07|Vacant
Alma House|Alma|almaday|Freehold|Land/Buildings|690|0.25|Vacant
Former Priory Community Centre|Priory|pricc|Freehold|Land/Buildings|540|0.12|Vacant
Fisherfolk Tenants' Hall|Fisherfolk|ffhall|Freehold|Land/Buildings|260|0.09|Vacant
Southgate Baths|Southgate|baths|Freehold|Land/Buildings|1450|0.22|Vacant
Former Marsh Estate Gym|Marsh Estate|mgym|Leasehold|Land/Buildings|310|0.05|Vacant
Quayside Toilets|Old Harbour|@Quayside|Freehold|Buildings|48|0.01|Vacant
Former Priory Lane Primary School|Priory|prischool|Freehold|Land/Buildings|1980|0.86|Vacant
Fen Road Depot|Millfield|fendepot|Freehold|Land/Buildings|1200|1.10|Depot, part empty
Gasholder Lane Depot|Ropery|gasdepot|Freehold|Land/Buildings|860|0.74|Empty depot
Quay Tramshed|Old Harbour|tramshed|Freehold|Land/Buildings|740|0.19|Empty depot
Highways Yard, Westbrook|Westbrook|hyard|Freehold|Land/Buildings|240|0.48|Depot
Marsh Parade Shop 3|Marsh Estate|mparade|Freehold|Buildings|72|0.01|Vacant shop
Marsh Parade Shop 5|Marsh Estate|mparade|Freehold|Buildings|72|0.01|Vacant shop
Skylark Parade Shop 2|Lark Hill|sparade|Freehold|Buildings|65|0.01|Vacant shop
Skylark Parade Shop 6|Lark Hill|sparade|Freehold|Buildings|65|0.01|Launderette
Former Tourist Office|Town Centre|@Pier Street|Leasehold|Buildings|95|0.01|Vacant shop
Market Hall|Priory|@Market Street|Freehold|Land/Buildings|1320|0.24|Market, half let
Town Hall|Town Centre|townhall|Freehold|Land/Buildings|3900|0.35|Civic offices
Civic Annexe|Town Centre|annexe|Leasehold|Land/Buildings|1400|0.10|Offices, two floors empty
Central Library|Town Centre|centrallib|Freehold|Land/Buildings|1750|0.18|Library
Southgate Library|Southgate|sgatelib|Freehold|Land/Buildings|360|0.08|Library
Highfield Library|Highfield|hflib|Freehold|Land/Buildings|480|0.15|Library
Beacon Library|Beacon|beaconlib|Freehold|Land/Buildings|450|0.16|Library
Bay Leisure Centre|Town Centre|bayleisure|Freehold|Land/Buildings|5200|1.20|Leisure centre, leased
Sallow Pool|Westbrook|sallowpool|Freehold|Land/Buildings|2100|0.70|Swimming pool, leased
Drill Hall|Alma|drillhall|Freehold|Land/Buildings|620|0.11|Hall
Marsh Estate Hub|Marsh Estate|marshhub|Freehold|Land/Buildings|430|0.13|Community hub
Little Terns Children's Centre|Marsh Estate|terns|Freehold|Land/Buildings|370|0.17|Children's centre
Cockleshell Children's Centre|Old Harbour|cockle|Freehold|Land/Buildings|340|0.09|Children's centre
Victoria Multi-storey Car Park|Victoria|vcar|Freehold|Land/Buildings|7800|0.42|Car park, top deck closed
Harbour Car Park|Old Harbour|hcar|Freehold|Land||0.63|Car park
Strand Car Park|Strand|scar|Freehold|Land||0.88|Car park, summer use
Pier Field Car Park|Ness View|pcar|Freehold|Land||0.37|Car park
Cemetery Lodge|Long Acre|lodge|Freehold|Land/Buildings|110|0.05|Vacant lodge
Park Keeper's House, Alma Park|Alma|keeper|Freehold|Buildings|95|0.04|Vacant lodge
Bowls Pavilion, Victoria Gardens|Victoria|bowlpav|Freehold|Buildings|80|0.02|Pavilion, seldom used
Changing Rooms, Lark Hill Park|Lark Hill|changing|Freehold|Buildings|140|0.03|Closed changing rooms
Old Fire Station|Chapel Fields|oldfire|Freehold|Land/Buildings|580|0.08|Vacant
Former Magistrates' Court|Town Centre|court|Leasehold|Land/Buildings|1600|0.15|Vacant
Ropewalk Gardens Kiosk|Ropery|kiosk|Freehold|Buildings|22|0.00|Boarded up
Beach Huts Office|Strand|hutoffice|Freehold|Buildings|35|0.01|Office, summer use
Former Caretaker's Flat, Fisherfolk|Fisherfolk|caretaker|Freehold|Buildings|58|0.00|Vacant
Thornholt Pound|Thornholt|pound|Freehold|Land||0.05|Open land
Nursery Glasshouses, Sandy Lane|Sandy Lane|glass|Freehold|Land/Buildings|900|1.40|Closed plant nursery
Highfield Playing Field Strip|Highfield|strip|Freehold|Land||0.66|Open land
"""

# kind of public land repeated in many places: name pattern|holding|land hectares|current use|districts
PUBLIC_LAND_REPEATED = """
Garage Site, {street}|Land/Buildings|0.08|Garages, mostly empty|Marsh Estate,Marsh Estate,Lark Hill,Lark Hill,Fisherfolk,Southgate,Beacon,Windmill Hill,Millfield
Garage Site, {street}|Land/Buildings|0.11|Garages|Lark Hill,Marsh Estate,Long Acre,Westbrook
Land adjoining {street}|Land|0.17|Open land|Old Harbour,Ropery,Priory,Sandy Lane,Nether Wickering,Ness View
Verge and amenity land, {street}|Land|0.06|Amenity land|Lark Hill,Marsh Estate,Fisherfolk,Windmill Hill
Former shop, {street}|Buildings|0.01|Vacant shop|Town Centre,Chapel Fields,Victoria,Southgate
"""

# district|kind|legal basis|frequency|hours|first|last|status|contact role|source|street, or empty to choose one
PLAY_STREETS = """
Victoria|play_street|Town Police Clauses Act 1847 s21|Monthly|14:00-16:00|2016-05-15|2025-09-21|active|Street organiser|Council road closure register (fictional)|
Alma|play_street|Town Police Clauses Act 1847 s21|Monthly|14:00-16:00|2017-04|2025-09|active|Street organiser|Council road closure register (fictional)|
Alma|play_street|Town Police Clauses Act 1847 s21|Every two weeks|15:00-17:00|2018-06-10|2019-10|lapsed|Street organiser|Council road closure register (fictional)|
Chapel Fields|play_street|Town Police Clauses Act 1847 s21|Monthly|14:00-16:00|2019|2025-08|active|Street organiser|Council road closure register (fictional)|
Ropery|play_street|Town Police Clauses Act 1847 s21|Monthly|14:00-16:00|2018-05|2020-03|lapsed|Street organiser|Council road closure register (fictional)|
Fisherfolk|play_street|Road Traffic Regulation Act 1984 s16A|Four a year|13:00-17:00|2021-07|2025-07|active|Tenants' group secretary|Council road closure register (fictional)|
Lark Hill|play_street|Road Traffic Regulation Act 1984 s16A|Four a year|13:00-17:00|2014|2017|lapsed|Residents' association chair|Newsletter, 2017 (fictional)|
Southgate|play_street|Town Police Clauses Act 1847 s21|Monthly|14:00-16:00|2022-04-24|2025-09-28|active|Play street organiser, part time|Council road closure register (fictional)|
Highfield|play_street|Town Police Clauses Act 1847 s21|Weekly in term|15:30-17:00|2017-03|2025-10|active|Street organiser|Council road closure register (fictional)|
Victoria|school_street|Road Traffic Regulation Act 1984 s1|School days|08:15-09:00; 14:45-15:30|2021-09|2025-10|active|School travel officer|Traffic order 21/07 (fictional)|
Windmill Hill|school_street|Road Traffic Regulation Act 1984 s9|School days|08:15-09:00; 14:45-15:30|2022-09|2023-07|lapsed|School travel officer|Experimental order 22/11 (fictional)|
Town Centre|parklet|Highways Act 1980 s115E|All year||2020-07||active|Town centre steward|Licence 20/14 (fictional)|Pier Street
Chapel Fields|pedestrian_street|Road Traffic Regulation Act 1984 s1|Every day|10:00-18:00|1992||active|Town centre steward|Traffic order 92/03 (fictional)|High Street
Old Harbour|car_free_day|Road Traffic Regulation Act 1984 s16A|Once a year|10:00-18:00|2013-09-22|2025-09-21|active|Harbour festival organiser|Council road closure register (fictional)|Quayside
Marsh Estate|play_street|Town Police Clauses Act 1847 s21|Monthly|14:00-16:00|2023-06|2024-09|lapsed|Street organiser|Council road closure register (fictional)|
"""

# name|kind|district|spot|what they do|skills|time offered|equipment|space to share|since|status
GROUPS = """
Netshed Row Neighbours|association|Old Harbour|netshedhub|Newsletter, street clean, summer party|Event organising; form filling|Evenings|Gazebos; trestle tables|Room for 20|1998|active
Fisherfolk Tenants|tenants_group|Fisherfolk|laundry|Speaks up for tenants, repairs drop-in|Housing rights; negotiating|Tuesday mornings|Laptop; printer||2003|active
Lark Hill Residents' Association|tenants_group|Lark Hill|larkcentre|Runs the neighbourhood centre|Running a building; bookkeeping|Weekdays|Minibus|Hall for 90|1976|active
Marsh Estate Tenants|tenants_group|Marsh Estate|tenroom|Meetings, trips, tool loans|Housing rights; gardening|Wednesdays|Strimmer; hedge trimmers|Room for 30|1981|active
Lark Hill Lunch Club|mutual_aid|Lark Hill|larkcentre|Hot lunch for 60 every Thursday|Cooking for many; food hygiene|Thursdays|Catering kitchen||1980|active
Marsh Pantry|mutual_aid|Marsh Estate|pantry|Shared larder and cafe|Cooking; stock keeping|Every day|Walk-in fridge|Cafe for 24|2019|active
Harbour Community Fridge|mutual_aid|Old Harbour|kettle|Saves surplus food and fish|Food hygiene; van driving|Evenings|Fridge; van||2020|active
Chapel Fields Welcome|support_group|Chapel Fields|welcome|Tea, English conversation, form help|Interpreting in six languages|Tuesdays and Saturdays|Books; laptops|Room for 40|2017|active
Southgate Mutual Aid|mutual_aid|Southgate|swpc|Shopping, lifts, phone friends|Listening; driving|Most days|Cargo bike||2020|active
Ropery Food Growers|club|Ropery|exchange|Back-alley planters and a seed swap|Growing food; carpentry|Sundays|Shared tools||2015|active
Alma Alley Gardeners|club|Alma|drillhall|Greening the alleys behind the terraces|Growing; painting|Saturdays|Hoses; planters||2013|active
Victoria Brass|club|Victoria|bandroom|Brass band with a learners' band|Teaching music|Evenings|Instruments to lend|Bandroom for 35|1926|active
Lantern Players|club|Town Centre|lantern|Community theatre and a youth cast|Stage lighting; sewing|Evenings|Costume store; lights||1949|active
The Slipway Crew|organiser|Fisherfolk|slipway|Young people plan their own sessions|Mentoring; film making|Evenings|Cameras|Workshop|2014|active
Boat Shed Rowers|club|Old Harbour|boatshed|Builds and rows wooden skiffs|Boat building; first aid|Weekends|Three skiffs|Boat shed|2010|active
Marramsea Play Streets|organiser|Southgate|sgatelib|Helps streets close for play|Road closure forms; stewarding|Ten paid hours a week|Cones; signs; chalk||2016|active
Harbour Swimmers|club|Old Harbour|institute|Swims all year, teaches sea safety|Life saving|Mornings|Tow floats||1933|active
Fishermen's Choir|club|Old Harbour|institute|Sea songs, funerals, festivals|Singing|Thursdays|Piano|Hall for 80|1921|active
Ropewalk Makers|skills_offer|Ropery|studios|Print, clay and wood days|Printing; pottery; joinery|Weekends|Kiln; press|Studio for 12|2009|active
Ropery Repairers|skills_offer|Ropery|foundry|Mends lamps, bikes and toasters|Electrical repair; bike repair|First Saturday|Test kit; bike stands||2018|active
Southgate Shedders|skills_offer|Southgate|shed|Woodwork and company|Joinery; tool sharpening|Tuesdays|Lathe; bench saws|Workshop for 10|2014|active
Library of Things Crew|skills_offer|Strand|thingslib|Lends drills, tents and pasting tables|Repair; cataloguing|Saturdays|300 things to lend||2021|active
Lark Hill Digital Friends|skills_offer|Lark Hill|larklib|Patient help with phones and forms|Digital skills|Tuesdays|Tablets to lend||2019|active
Marsh Bike Kitchen|skills_offer|Marsh Estate|marshhub|Free bike repairs with young people|Bike repair; teaching|Wednesdays|Bike stands; tools||2021|active
Lark Hill Boxing|club|Lark Hill|sportsbarn|Boxing and homework|Coaching; mentoring|Evenings|Ring; gloves|Gym|1994|active
Sands Netball|club|Marsh Estate|marshhub|Walking netball and junior teams|Coaching|Evenings|Posts; balls||2005|active
Harbour Wheelers|club|Priory|quaker|Rides for beginners, adapted bikes|Cycle leading|Sundays|Eight adapted bikes||2008|active
Bay Bird Watchers|club|Cold Ness|cnroom|Counts terns, leads walks|Bird surveys; walk leading|Weekends|Telescopes||1961|active
Tern Island Wardens|organiser|Saltings|fenhut|Looks after the island reserve|Boat handling; surveying|Summer weekends|Boat||1988|active
Friends of Alma Park|association|Alma|keeper|Planting, a bandstand season|Growing; event organising|Saturdays|Tools||2004|active
Friends of Priory Park|association|Priory|almshall|Riverside planting and a tree nursery|Tree care|Sundays|Tools; barrows||2007|active
Friends of Marsh Green|association|Marsh Estate|tenroom|Wants the play area back|Campaigning; play|Evenings|Chalk; games||2022|active
Bethel Soup and Song|faith_group|Fisherfolk|bethel|Monday soup, singing|Cooking; singing|Mondays|Kitchen|Hall for 50|1984|active
Gurdwara Kitchen|faith_group|Southgate|gurdwara|A free meal for anyone, every day|Cooking for many|Every day|Large kitchen|Hall for 150|2003|active
Mosque Neighbours|faith_group|Chapel Fields|mosque|Open days, homework club, foodbank|Teaching; advice|Weekends|Minibus|Rooms for 60|1999|active
Lark Hill Shared Church Friends|faith_group|Lark Hill|lhchurch|Toddlers, bereavement tea|Listening|Weekdays||Hall for 70|1957|active
Quaker Peace Garden|faith_group|Priory|quaker|Open garden and quiet room|Mediation|Wednesdays||Room for 25|2001|active
Carers at the Kettle|support_group|Old Harbour|kettle|Peer support for unpaid carers|Benefits know-how; listening|Fridays|||2016|active
Bay Parents of Disabled Children|support_group|Windmill Hill|wmcc|Play sessions, school advice|Special needs know-how|Saturdays|Sensory kit||2012|active
Baby Cafe Fisherfolk|support_group|Fisherfolk|salthouse|Feeding support and company|Infant feeding|Thursdays|Pumps to lend||2015|active
Marsh Recovery Walkers|support_group|Marsh Estate|gospel|Walks for people in recovery|Peer support|Tuesdays|||2018|active
Pride on the Pier|association|Town Centre|temperance|Summer festival and a youth group|Event organising|Evenings|Sound system||2011|active
Windmill Hill Community Association|association|Windmill Hill|whcentre|Runs the centre and the carnival|Running a building|Weekdays|Stage; marquee|Hall for 150|1962|active
Highfield Horticultural Society|club|Highfield|hfhall|Shows, plant sales, school gardens|Growing|Weekends|Show tents||1911|active
Beacon Good Neighbours|mutual_aid|Beacon|bhall|Lifts to hospital, odd jobs|Driving; odd jobs|Weekdays|||1986|active
Thornholt Minibus|mutual_aid|Thornholt|thhall|Tuesday bus to town and back|Minibus driving|Tuesdays|Minibus||2015|active
Wickering Shop Volunteers|organiser|Nether Wickering|wshop|Runs the community shop|Retail; bookkeeping|Every day||Back room for 12|2013|active
Marlby Bell Ringers|club|Marlby|allsouls|Rings, and teaches ringing|Bell ringing|Mondays|||1903|active
Long Acre Knitters|club|Long Acre|lahall|Knits for the hospital|Knitting|Fridays|Wool bank||2009|active
Millfield Toddlers|support_group|Millfield|mfhut|Parents' own playgroup|Play|Mondays|Toys||1999|lapsed
Sandy Lane Runners|club|Sandy Lane|slhub|Couch to coast running|Coaching|Evenings|||2017|active
"""

# name|kind|district|spot|how owned|since|asset value|members
COMMUNITY_WEALTH = """
Netshed Row Community Hub|community_building|Old Harbour|netshedhub|25-year lease, community asset transfer|2016|310000|412
The Salt House|community_building|Fisherfolk|salthouse|Freehold, community benefit society|2011|285000|268
Harbour Sail Loft|community_shares|Old Harbour|sailloft|Freehold, bought with a share offer|2014|460000|531
Victoria Assembly Rooms Trust|community_building|Victoria|assembly|99-year lease, charitable trust|2008|720000|190
Lantern Theatre Trust|community_building|Town Centre|lantern|Freehold, charitable trust|1996|1100000|845
Bay Wind and Sun|community_energy|Marsh Estate|marshhub|Community benefit society: panels on 14 roofs|2015|640000|377
Harbour Tide Energy|community_energy|Old Harbour|tramshed|Community benefit society: feasibility stage|2023|45000|96
Sallow Community Land Trust|land_trust|Southgate|clt|Community land trust: 11 homes|2017|1650000|324
Marlby Homes Trust|land_trust|Marlby|mclt|Community land trust: 6 homes|2019|890000|88
Lark Hill Big Pot|local_fund|Lark Hill|larkcentre|Residents decide on small grants|2012|1000000|
Harbour Endowment|local_fund|Old Harbour|institute|Charitable endowment, local trustees|1887|540000|
Ropewalk Artists' Co-operative|cooperative|Ropery|studios|Workers' co-operative, leasehold|2009|60000|23
Marsh Cleaners' Co-operative|cooperative|Marsh Estate|mparade|Workers' co-operative|2021|15000|14
Anchor and Tide Credit Union|credit_union|Town Centre|@Market Street|Owned by its members|2001|2300000|4120
The Wheatsheaf|community_pub|Marlby|sheaf|Freehold, community benefit society|2016|395000|248
The Jolly Whelk|community_pub|Fisherfolk|whelk|20-year lease, co-operative|2022|80000|301
Wickering Community Shop|community_shop|Nether Wickering|wshop|Community benefit society|2013|52000|174
Skylark Kitchen and Shop|community_shop|Lark Hill|skylark|Community interest company|2020|24000|
Beacon Allotment Society|land_trust|Beacon|ballot|Freehold field held in trust|1948|120000|96
"""

# small green spaces: function|size m|name pattern|districts
SMALL_GREEN = """
Allotments Or Community Growing Spaces|46|{street} Allotments|Windmill Hill,Long Acre,Millfield,Lark Hill,Marsh Estate,Westbrook,Sandy Lane,Beacon,Ness View,Fisherfolk,Southgate,Thornholt
Allotments Or Community Growing Spaces|17|{street} Community Garden|Ropery,Priory,Victoria,Old Harbour,Chapel Fields
Religious Grounds|24|{street} Churchyard|Old Harbour,Victoria,Highfield,Thornholt,Marlby,Nether Wickering
Bowling Green|19|{street} Bowling Green|Alma,Highfield,Windmill Hill,Long Acre
Tennis Court|18|{street} Tennis Courts|Highfield,Ness View,Westbrook
Playing Field|52|{street} Playing Field|Lark Hill,Marsh Estate,Millfield,Beacon,Sandy Lane
Other Sports Facility|30|{street} Ball Court|Lark Hill,Marsh Estate,Fisherfolk
Play Space|14|{street} Play Area|Sandy Lane,Millfield,Fisherfolk,Beacon,Nether Wickering,Cold Ness
"""
PLAY_IN_PARKS = (
    "Alma Park",
    "Priory Park",
    "Victoria Gardens",
    "Windmill Hill Recreation Ground",
    "Westbrook Park",
    "Highfield Common",
    "Millfield Park",
    "Beacon Hill",
    "Sandy Lane Country Park",
    "Thornholt Playing Field",
)

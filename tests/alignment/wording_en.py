"""English words and how they make sentences: the material of made talks.

Names, marks and topics are as in the Chinese ones; where entries hold spaces, bars part them.
"""

from __future__ import annotations

TOPICS = {
    "kitchen": (
        "dough oven butter garlic onion skillet broth pepper recipe flour yeast vinegar knife "
        "spoon "
        "kettle pancake mushroom carrot basil mustard lentil pastry saucepan honey crust noodle "
        "cinnamon lemon walnut olive ginger cabbage dumpling marinade batter apron",
        "stir the sauce slowly|let it rest overnight|chop the herbs finely|turn down the heat|"
        "add a pinch of salt|fold in the egg whites|bake it until golden|rinse the rice twice|"
        "taste it before serving|drain the water|knead for ten minutes|melt the chocolate gently",
        "crispy tender bitter sour creamy spicy fresh burnt savory sticky",
    ),
    "nature": (
        "forest river wetland glacier canyon meadow falcon beetle moss squirrel salmon wolf valley "
        "waterfall cliff thunder pollen feather nest predator burrow habitat orchid desert dune "
        "swamp antelope lizard ridge seedling canopy fern hedgehog migration drought monsoon",
        "migrate along the coast|hide under the bark|wait for the rain|survive the long winter|"
        "gather seeds in autumn|cross the frozen lake|feed their young|follow the scent|"
        "build a nest of twigs|return every spring|disappear into the fog|adapt to the heat",
        "wild fragile ancient silent fierce lush barren rare humid graceful",
    ),
    "technology": (
        "processor battery keyboard sensor database compiler browser server network password "
        "firmware kernel pixel bandwidth cache robot algorithm interface screen antenna circuit "
        "laptop software router modem protocol pipeline container script terminal debugger "
        "benchmark latency transistor satellite prototype",
        "restart the server|train a smaller model|write a few tests|push the update tonight|"
        "compress the images|read the error message|plug in the cable|back up the drive|"
        "trace the memory leak|ship the first version|encrypt the traffic|roll back the change",
        "stable portable complex wireless reliable obsolete secure scalable faulty efficient",
    ),
    "history": (
        "empire castle treaty manuscript pottery merchant harbor emperor soldier tomb chronicle "
        "temple bronze caravan parliament peasant cathedral archive monument dynasty rebellion "
        "scholar coinage fortress pilgrim scroll inscription kingdom siege ancestor charter "
        "colony plague mosaic guild relic",
        "sign a peace treaty|march toward the capital|copy the manuscript by hand|"
        "burn down the old city|trade silk for silver|dig below the foundation|rule for decades|"
        "defend the northern border|lose most of their land|rebuild the stone bridge|"
        "keep it hidden for centuries|carve their names in marble",
        "royal medieval sacred forgotten wealthy ruthless lasting ruined noble legendary",
    ),
    "city": (
        "subway sidewalk apartment elevator balcony neighbor traffic bakery corner plaza taxi "
        "bridge commuter landlord rooftop crosswalk skyline suburb parking museum theater "
        "bookstore station ticket streetlight courtyard district mayor pavement fountain "
        "warehouse stadium laundry bicycle tunnel mailbox",
        "take the last train home|cross at the lights|move into a bigger place|walk around the "
        "block|"
        "wait in a long line|paint the front door|open a tiny shop|miss the early bus|"
        "share a ride downtown|complain about the noise|plant trees on the avenue|rent a small "
        "room",
        "crowded noisy narrow modern lively cheap empty dusty convenient charming",
    ),
    "health": (
        "muscle vitamin vaccine doctor nurse patient symptom sleep diet allergy pulse surgery "
        "bandage clinic therapy posture stomach shoulder knee fatigue infection medicine appetite "
        "dose recovery hormone tissue stress injury lung protein headache immunity digestion "
        "stretching hydration",
        "drink more water|sleep eight hours|see a doctor early|stretch every morning|"
        "skip the heavy dinner|lower your shoulders|take it twice a day|check the label|"
        "rest for a week|breathe in slowly|wash the wound|build up your strength",
        "healthy chronic painful mild severe tired balanced sore harmless restless",
    ),
    "school": (
        "equation homework teacher classroom theorem essay library lecture textbook question "
        "answer "
        "notebook grammar vocabulary experiment hypothesis diagram chapter exam grade concept "
        "logic fraction geometry blackboard seminar pupil syllabus paragraph proof argument "
        "example variable summary curiosity deadline",
        "solve it step by step|raise your hand|draw a simple diagram|turn to the next page|"
        "write down the answer|check the assumption|explain it to a friend|skip the first chapter|"
        "prove it the other way|look it up again|hand in the essay|learn it by heart",
        "abstract simple tricky boring useful rigorous obvious basic confusing clever",
    ),
    "business": (
        "budget customer contract market profit invoice supplier brand meeting deadline strategy "
        "investor salary warehouse shipment discount revenue tax merger startup founder employee "
        "manager competitor forecast inventory feature proposal quarter loan retailer campaign "
        "negotiation shareholder margin audit",
        "raise the price|sign the contract|cut the travel budget|hire two engineers|"
        "launch it next quarter|call the supplier|open a second store|miss the target|"
        "listen to the customers|delay the shipment|double the revenue|review the numbers",
        "profitable risky steady flexible expensive generous competitive transparent lean sluggish",
    ),
    "sport": (
        "coach goalkeeper referee stadium season trophy sprint marathon racket penalty midfield "
        "rebound champion rookie injury medal record athlete helmet whistle captain defense "
        "opponent halftime league tournament scoreboard jersey relay sled paddle surfboard "
        "wrestler fencing rowing archery",
        "win the final|break the record|pass to the left|miss an open shot|warm up properly|"
        "change the tactics|score in extra time|fall behind early|defend the lead|"
        "celebrate with the fans|train in the rain|finish in third place",
        "exhausted brave fast clumsy dominant nervous unbeaten agile stubborn injured",
    ),
    "art": (
        "melody rhythm canvas sculpture portrait actor director stage costume lyric violin drummer "
        "palette sketch gallery novel poem audience rehearsal soundtrack camera scene character "
        "dialogue brush pigment shadow chorus guitar piano studio exhibition curtain humor "
        "metaphor texture",
        "play the opening theme|mix the colors|cut the final scene|write another verse|"
        "hang it in the hallway|rehearse for weeks|light the stage|tune the strings|"
        "capture a quiet moment|paint over the corner|read the script aloud|dance until midnight",
        "vivid gentle dramatic playful gloomy elegant bold subtle haunting colorful",
    ),
    "sea": (
        "sailor anchor lighthouse coral whale dolphin octopus tide reef current harbor captain "
        "deck "
        "compass storm seagull fisherman island lagoon shell crab turtle seaweed submarine oxygen "
        "diver cargo rope sail horizon trench plankton squid shipwreck buoy voyage",
        "drop the anchor|dive below the reef|drift with the current|mend the torn net|"
        "steer around the rocks|watch the tide|signal the shore|haul in the catch|"
        "sail before sunrise|measure the depth|lose sight of land|ride out the storm",
        "deep salty calm stormy distant blue slippery murky vast lonely",
    ),
    "farm": (
        "orchard tractor barn wheat harvest pasture chicken goat fence soil manure irrigation "
        "greenhouse apple grape cotton seed weed shepherd cattle mill hay scarecrow pumpkin "
        "beehive ditch frost plow stable corn cherry compost vineyard donkey cellar sickle",
        "plow the lower field|water the seedlings|pick the ripe apples|feed the animals|"
        "repair the wooden fence|sell it at the market|cover the roots|store the grain|"
        "milk the cows at dawn|prune the branches|pray for rain|rotate the crops",
        "fertile muddy ripe dry rural organic stubborn plentiful hardy rotten",
    ),
    "space": (
        "planet rocket orbit telescope astronaut gravity comet galaxy asteroid spacecraft capsule "
        "radiation vacuum crater eclipse moon fuel launch engine probe universe nebula star "
        "countdown altitude shuttle rover atmosphere spectrum particle mission antenna meteor "
        "horizon module thruster",
        "land on the surface|leave the orbit|point the telescope|send back a signal|"
        "burn all the fuel|repair the solar panel|collect dust samples|measure the light|"
        "lose contact for hours|circle the planet twice|open the hatch|wait for the countdown",
        "bright massive invisible frozen distant dense hollow mysterious faint spinning",
    ),
}
"""Of each topic: nouns, phrases that a modal can be followed by, and qualities."""

WORDS = {
    "subject": "we|you|they|I|people|everyone|scientists|some of them|my friends|the children|"
    "most people|nobody|our team|the locals|his parents|the experts",
    "be": "is|was|seems|looks|becomes|remained|felt|turned out",
    "modal": "can|will|should|would|could|want to|have to|need to|might|must|never|try to|"
    "used to|decided to|learned to|forgot to|are going to",
    "adverb": "really just also always often probably actually finally almost usually certainly "
    "suddenly slowly quickly rarely apparently barely eventually quietly",
    "degree": "very|so|quite|too|more|rather|extremely|a bit|pretty|surprisingly|less",
    "verb": "saw used found changed needed liked watched tried bought knew brought studied "
    "described "
    "compared replaced ignored shared followed protected measured explained discovered noticed "
    "carried collected borrowed admired tested questioned imagined mentioned abandoned "
    "photographed repaired inspected recognized celebrated",
    "determiner": "the|a|this|that|every|another|my|their|one|each|our|no",
    "place": "at home|in the city|over there|on the road|in this room|near the border|in the north|"
    "on the other side|at work|behind the wall|by the window|across the country|in the middle|"
    "outside the village|upstairs|on the map",
    "time": "now|today|last year|yesterday|in the morning|every day|these days|a week later|"
    "at that time|back then|tonight|after lunch|before the war|this summer|on Monday|in the end|"
    "once in a while|by midnight",
    "opening": "So|And|But|Well|Now|Of course|In fact|For example|First of all|However|Besides|"
    "Honestly|In other words|After all|Strangely enough|Meanwhile",
    "filler": "you know|I mean|sort of|basically|kind of|like",
    "opinion": "think|know|said|believe|heard|hope|guess|remember|noticed|doubt|admit|suspect",
    "question": "Why|How|When|Where|Since when",
    "unit": "meters|minutes|hours|dollars|degrees|years|days|times|miles|pounds|percent|"
    "seconds|weeks",
    "preposition": "of|with|for|without|from|about|under|near|behind|against|inside|beyond|beside",
    "reason": "because|although|when|if|while|unless|until|since",
}

SENTENCES = (
    "$subject $modal $phrase",
    "$determiner $noun $be $degree $quality",
    "$subject $adverb $verb $determiner $noun",
    "$opening , $subject $modal $phrase",
    "$subject $opinion that $determiner $noun $be $quality",
    "$time , $subject $verb $determiner $noun $preposition $determiner $noun",
    "$subject $modal $phrase $reason $determiner $noun $be $quality",
    "$question did $subject $phrase",
    "there are $number $noun models $place",
    "it took about $number $unit",
    "$determiner $quality $noun $preposition $determiner $noun $be $degree $quality",
    "if $subject $modal $phrase , you can $phrase",
    "$determiner $noun and $determiner $noun $adverb $verb $determiner $noun",
    "$opening $filler , $determiner $noun $be $quality",
    "in $year , $subject $verb $determiner $quality $noun",
    "it's not $determiner $noun , it's $determiner $noun",
    "$subject $verb $determiner $noun $place",
    "what $subject $verb $time was $determiner $quality $noun",
    "don't $phrase before you $phrase",
    "$place , $determiner $noun $verb $number $unit more",
    "$opening , it's $degree $quality to $phrase",
    "that's $reason $subject $modal $phrase $time",
    "let me show you $determiner $noun $preposition $determiner $noun",
    "is there $determiner $noun that $subject $modal $phrase with",
    "$determiner $noun alone $verb $determiner $noun $preposition $number $unit",
    "and then you just $phrase",
    "please $phrase and $phrase",
    "without $determiner $noun , nothing $be $quality",
)
"""Ordered by how often they are said."""

MIXED: tuple[str, ...] = ()

SHORT = (
    "Yes .|Right .|Okay .|No .|Thank you .|Exactly .|Yeah , yeah .|Sure .|I see .|Why ?|Really "
    "?|Of course .|That's right .|Come on .|Hello .|Good ."
)

STEPS = (
    "step $ordinal , $phrase",
    "that was $noun number $digit",
    "here we have $digit $unit of $noun",
    "round $ordinal , $determiner $noun $be $quality",
)
"""Said several times in a row with another number each time."""

NAMES = (
    "Ash Brook|Sunny Vale|Captain Reed|Robin Field|Wren Hollow|Old Juniper|Sky Marsh|Clover "
    "Stone|Basil Thorn|River Oak"
)
TITLES = (
    "Shop Owner|Engineer|Retired Teacher|Marine Biologist|Host|Fisherman|Photographer|Park "
    "Ranger|Local Resident|Head Baker|Volunteer|Data Analyst"
)
SIGNS = (
    "EXIT|OPEN|TICKETS|NO PARKING|SALE|Cafe|BOOKS|Room 12|STOP|PHARMACY|Bakery|TAXI|PUSH|Level "
    "2|WET FLOOR|HOTEL|ONE WAY|BUS|Checkout|Information"
)
HEADLINES = (
    "$noun prices up $number percent",
    "officials warn of $quality $noun shortage $place",
    "$quality $noun found $place after $number days",
    "new $noun plan to protect $noun",
    "storm expected $place , highs near $number degrees",
)
BRANDS = "NOVA TV|LIVE|Valley News|Open Lecture|CHANNEL 7|GreenHill HD|The Daily Note|HD"
SYNONYMS = {
    "really": "truly", "very": "so", "often": "frequently", "need": "require", "quickly": "fast",
    "probably": "likely", "saw": "noticed", "used": "tried", "everyone": "everybody",
    "rarely": "seldom",
    "think": "feel", "but": "yet", "bought": "got", "nobody": "no one", "usually": "normally",
}  # fmt: skip
FILLERS = "so and but well now really just also actually basically like probably"
HALLUCINATIONS = ("Thanks for watching.", "Subtitles by the community", "Bye.")

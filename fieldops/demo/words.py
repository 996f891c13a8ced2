"""The words the demo company is made of: towns, streets, customers, goods, work."""

# town, postcode districts, numbers kept free for drama (Ofcom): they ring nowhere
TOWNS: tuple[tuple[str, tuple[str, ...], str], ...] = (
    ("Leeds", ("LS1", "LS6", "LS8", "LS12", "LS17"), "0113 496 0"),
    ("Bradford", ("BD1", "BD5", "BD9"), "01632 960 "),
    ("Halifax", ("HX1", "HX3"), "01632 960 "),
    ("Huddersfield", ("HD1", "HD3"), "01632 960 "),
    ("Wakefield", ("WF1", "WF2"), "01632 960 "),
    ("Harrogate", ("HG1", "HG2"), "01632 960 "),
    ("York", ("YO1", "YO10", "YO24"), "01632 960 "),
    ("Sheffield", ("S1", "S7", "S11"), "0114 496 0"),
    ("Manchester", ("M1", "M14", "M20", "M33"), "0161 496 0"),
    ("Oldham", ("OL1", "OL4"), "0161 496 0"),
    ("Skipton", ("BD23",), "01632 960 "),
    ("Otley", ("LS21",), "01632 960 "),
    ("Ilkley", ("LS29",), "01632 960 "),
    ("Keighley", ("BD21", "BD22"), "01632 960 "),
    ("Nottingham", ("NG1", "NG7"), "0115 496 0"),
)
STREETS = (
    "Albert Road", "Bridge Street", "Chapel Lane", "Church View", "Cross Street",
    "Garden Terrace", "Grange Avenue", "Green Lane", "High Street", "Kirkgate",
    "Mill Lane", "Moor Road", "New Street", "North Parade", "Oak Tree Drive",
    "Park Row", "Queen Street", "Regent Street", "School Lane", "Station Road",
    "The Crescent", "Union Street", "Victoria Terrace", "Wellington Road",
    "West End", "Wharf Street",
)  # fmt: skip
ESTATES = (
    "Albion Mills", "Canal Side Business Park", "Dean Clough", "Lowfields Estate",
    "Riverside Works", "Sovereign Court", "Unit 4, Northway Estate", "Victoria Mills",
)  # fmt: skip
# how a customer that is no private person is called
BUSINESSES = (
    "{last} & Sons Ltd", "{last} Bakery Ltd", "{last} Dental Practice",
    "{last} Estates Ltd", "{last} Joinery Ltd", "{last} Lettings Limited",
    "{last} Property Management Ltd", "{last} Solicitors LLP",
    "{last} Veterinary Clinic", "{last} Garage", "{last}, {second} & Co Ltd",
    "{last} and {second} Architects Limited", "{town} Community Centre",
    "{town} Road Surgery", "{town} Housing Association", "{last} House Care Home Ltd",
    "St {first}'s Primary School", "St {first}'s Parish Church",
    "{second} Park Academy Trust", "The {animal} Hotel Ltd", "The {animal} & Plough",
    "{last} Textiles plc", "{last} Cold Storage Ltd", "{second} Grange Golf Club",
)  # fmt: skip
ANIMALS = (
    "Black Bull", "Golden Fleece", "Grey Heron", "Red Lion", "Shepherd's Rest",
    "Swan", "White Hart", "Woolpack", "Fox", "Kestrel",
)  # fmt: skip
TRADES = (
    "Boiler Spares", "Builders' Merchants", "Cable & Conduit", "Controls",
    "Electrical Wholesale", "Fixings", "Garden Machinery", "Heating Supplies",
    "Insulation", "Lift Components", "Lighting", "Pipe & Fittings", "Plant Hire",
    "Plumbing Supplies", "Pumps & Valves", "Safety Wear", "Skip Hire", "Turf & Seed",
)  # fmt: skip
LEGAL_FORMS = ("Ltd", "Ltd", "Limited", "plc", "(Northern) Ltd")
UNUSUAL_NAMES = (
    "Café Délice Ltd", "O'Connell & Daughters", "Müller's Konditorei Ltd",
    "D'Souza Dental Care", "Siân Llewellyn Interiors", "Łukasz Nowak", "Zoë Brontë-Hall",
    "Núñez & Peña Catering Ltd", "François L'Estrange", "Åse Bjørnsdóttir",
)  # fmt: skip

# department letter, product, sizes, cost of the first size in pence, unit
PRODUCTS: tuple[tuple[str, str, tuple[str, ...], int, str], ...] = (
    ("H", "Copper pipe 3 m", ("15 mm", "22 mm", "28 mm"), 1140, ""),
    ("H", "Compression elbow", ("15 mm", "22 mm", "28 mm"), 215, ""),
    ("H", "Full bore ball valve", ("15 mm", "22 mm", "28 mm"), 640, ""),
    ("H", "Circulating pump", ("4 m", "5 m", "6 m"), 9850, ""),
    ("H", "Panel radiator", ("600 x 600", "600 x 1000", "600 x 1400"), 6120, ""),
    ("H", "Thermostatic radiator valve", ("angled", "straight"), 1180, ""),
    ("H", "Room thermostat", ("wired", "wireless"), 3290, ""),
    ("H", "Expansion vessel", ("8 litre", "12 litre", "18 litre"), 2975, ""),
    ("H", "Combi boiler", ("24 kW", "30 kW", "35 kW"), 79800, ""),
    ("H", "Boiler flue kit", ("horizontal", "vertical"), 8450, ""),
    ("H", "Magnetic filter", ("22 mm", "28 mm"), 7725, ""),
    ("H", "Inhibitor", ("1 litre", "5 litre"), 1385, ""),
    ("H", "Pipe insulation, per metre", ("15 mm", "22 mm", "28 mm"), 48, "m"),
    ("E", "Twin and earth cable, per metre", ("1.5 mm²", "2.5 mm²", "6 mm²"), 61, "m"),
    ("E", "Steel wire armoured cable, per metre", ("4 mm²", "10 mm²"), 312, "m"),
    ("E", "Consumer unit", ("6 way", "10 way", "16 way"), 6890, ""),
    ("E", "RCBO 30 mA", ("6 A", "16 A", "32 A"), 1990, ""),
    ("E", "Double socket", ("white", "brushed steel", "outdoor"), 545, ""),
    ("E", "LED downlight", ("5 W", "8 W"), 890, ""),
    ("E", "LED panel 600 x 600", ("32 W", "40 W"), 2845, ""),
    ("E", "Emergency bulkhead", ("3 h", "3 h self test"), 3160, ""),
    ("E", "Smoke alarm", ("mains", "battery"), 2240, ""),
    ("E", "Cable tray 3 m", ("50 mm", "100 mm", "150 mm"), 1475, ""),
    ("E", "Galvanised conduit 3 m", ("20 mm", "25 mm"), 930, ""),
    ("E", "EV charging point", ("7 kW", "22 kW"), 48200, ""),
    ("L", "Lift door roller", ("46 mm", "56 mm"), 1860, ""),
    ("L", "Lift door operator belt", ("1.5 m", "2.5 m"), 4410, ""),
    ("L", "Landing push button", ("round", "square", "braille"), 2735, ""),
    ("L", "Car emergency telephone", ("GSM", "line"), 23900, ""),
    ("L", "Traction rope, per metre", ("8 mm", "10 mm", "13 mm"), 585, "m"),
    ("L", "Guide shoe liner", ("10 mm", "16 mm"), 1240, ""),
    ("L", "Hydraulic oil ISO 46", ("20 litre", "205 litre"), 6480, ""),
    ("L", "Overspeed governor", ("0.63 m/s", "1.0 m/s"), 51500, ""),
    ("G", "Lawn seed", ("5 kg", "20 kg"), 2190, ""),
    ("G", "Turf, per square metre", ("standard", "shade"), 325, "m²"),
    ("G", "Rock salt", ("10 kg", "25 kg", "1 t"), 395, ""),
    ("G", "Weed membrane", ("1 x 50 m", "2 x 50 m"), 2870, ""),
    ("G", "Close board fence panel", ("6 x 4 ft", "6 x 6 ft"), 3420, ""),
    ("G", "Concrete post", ("6 ft", "8 ft"), 1890, ""),
    ("G", "Bark mulch", ("60 litre", "bulk bag"), 560, ""),
    ("G", "Decorative gravel", ("20 kg", "bulk bag"), 470, ""),
    ("G", "Hedge plant, hawthorn", ("40-60 cm", "60-90 cm"), 92, ""),
)
# code, name, price in pence, department
SERVICES: tuple[tuple[str, str, int, str], ...] = (
    ("LAB-STD", "Labour, standard hour", 5800, ""),
    ("LAB-OOH", "Labour, out of hours", 9200, ""),
    ("LAB-APP", "Labour, apprentice hour", 3200, ""),
    ("CALL-OUT", "Call-out charge", 7500, ""),
    ("SVC-BOILER", "Annual boiler service", 9600, "H"),
    ("SVC-GAS", "Landlord gas safety record", 8500, "H"),
    ("SVC-EICR", "Electrical condition report", 21000, "E"),
    ("SVC-PAT", "Portable appliance test, per item", 185, "E"),
    ("SVC-LIFT", "Lift maintenance visit", 16500, "L"),
    ("SVC-LOLER", "Lift thorough examination", 24500, "L"),
    ("SVC-MOW", "Grounds maintenance visit", 12000, "G"),
    ("SVC-TREE", "Tree inspection", 14500, "G"),
)
MAKERS = ("Arden", "Brackwell", "Kestrel", "Merrow", "Stanedge", "Wharfe")
WORK = {
    "H": ("Boiler repair", "Radiator replacement", "Heating controls upgrade",
          "Leak traced and repaired", "System flush"),
    "E": ("Rewire of kitchen circuit", "Lighting upgrade", "Fault finding",
          "Additional sockets", "Distribution board replacement"),
    "L": ("Lift breakdown attended", "Door operator adjusted", "Rope replacement",
          "Annual lift service", "Car telephone replaced"),
    "G": ("Grounds visit", "Hedge cutting", "Gritting of car park", "Fence repair",
          "Leaf clearance"),
}  # fmt: skip

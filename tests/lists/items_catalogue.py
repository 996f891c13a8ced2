"""The products of two made-up stock lists: families that differ only in size, colour,
pack, type or brand, as in any trade counter's catalogue."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from typing import NamedTuple

PIPE = ("10 mm", "15 mm", "22 mm", "28 mm", "35 mm", "42 mm", "54 mm")
BSP = ("1/4 in", "3/8 in", "1/2 in", "3/4 in", "1 in", "1 1/4 in", "1 1/2 in", "2 in")
CABLE = ("1 mm", "1.5 mm", "2.5 mm", "4 mm", "6 mm", "10 mm", "16 mm")
REEL = ("5 m", "10 m", "25 m", "50 m", "100 m")
LITRES = ("1 L", "2.5 L", "5 L", "8 L", "12 L", "18 L", "25 L")
KILOS = ("1 kg", "5 kg", "10 kg", "20 kg", "25 kg")
AMPS = ("6 A", "10 A", "16 A", "20 A", "32 A", "40 A", "63 A")
WATTS = ("3 W", "5 W", "7 W", "9 W", "12 W", "18 W", "36 W")
KELVIN = ("2700K", "3000K", "4000K", "6500K")
PACKS = ("", "pack of 2", "pack of 10", "pack of 25", "pack of 100")
COLOURS = ("white", "black", "grey", "red", "green", "blue", "brown")
METALS = ("brass", "chrome", "stainless steel", "galvanised")
SIZES = ("small", "medium", "large", "extra large")
BOLTS = (
    "M6 x 25",
    "M6 x 40",
    "M8 x 40",
    "M8 x 60",
    "M10 x 50",
    "M10 x 80",
    "M12 x 100",
)
SCREWS = (
    "3.5 x 25 mm",
    "4 x 40 mm",
    "4 x 50 mm",
    "5 x 60 mm",
    "5 x 80 mm",
    "6 x 100 mm",
)
MODELS = ("Ecotherm 24i", "Ecotherm 30i", "Ecotherm 35i", "Solis 18s", "Solis 24s",
          "Combiline 28", "Combiline 33", "Maxima 100", "Maxima 120", "Ecotherm 24 HE",
          "Ecotherm 30 HE", "Regent 12", "Regent 15", "Regent 18", "Linea 24", "Linea 28",
          "Sprint 80", "Sprint 100", "Celcia C15", "Celcia C18", "Duomax F24", "Duomax F28",
          "Solis 30c", "Solis 35c", "Torrent OV", "Torrent GLO")  # fmt: skip
LIFT_MODELS = (
    "LX2",
    "LX4",
    "Vertica 500",
    "Vertica 800",
    "Tower 6",
    "Tower 9",
    "Ascenda 3",
    "Ascenda 5",
    "MRL-100",
    "MRL-200",
    "Goliath",
    "Swift II",
)
BRANDS = ("Halvex", "Norbeck", "Trident", "Oakmere", "Pelion", "Kestrel", "Dunmore",
          "Alpenta", "Brightway", "Corvane", "Stellamark", "Vantor", "Wexley",
          "Marlow & Finch", "JTS", "EuroParts", "Rexall Pro", "Firth")  # fmt: skip


class Family(NamedTuple):
    """``axes``: in what the members differ, with the words of each value."""

    noun: str
    price: float
    axes: tuple[tuple[str, ...], ...]
    unit: str = "each"


FAMILIES = (
    Family("compression elbow", 3, (PIPE, ("", "90 deg", "45 deg"), METALS[:2], ("", "WRAS"))),
    Family("compression equal tee", 4, (PIPE, METALS, ("", "drain off"))),
    Family("compression reducing coupling", 4, (PIPE, PIPE)),
    Family("push-fit coupling", 3, (PIPE, ("", "slip", "reducing"), ("white", "grey"), PACKS[:3])),
    Family("end feed elbow", 1, (PIPE, PACKS)),
    Family("solder ring tee", 2, (PIPE, PACKS)),
    Family("lever ball valve", 9, (BSP, ("female", "male"), ("red", "blue", "yellow"))),
    Family("gate valve brass", 11, (BSP, ("10 bar", "16 bar"), ("female", "male"))),
    Family("isolating valve", 3, (PIPE, METALS, ("", "with handle"))),
    Family("check valve double", 6, (PIPE, ("", "WRAS", "with drain"), ("brass", "plastic"))),
    Family("copper tube", 12, (PIPE, ("2 m", "3 m", "6 m")), "length"),
    Family("pipe clip", 1, (PIPE, ("single", "double"), PACKS)),
    Family("thermostatic radiator valve", 14, (("angled", "straight"), PIPE[:2], METALS)),
    Family("flexible tap connector", 4, (PIPE[:3], BSP[2:4], ("300 mm", "500 mm"))),
    Family("pressure relief valve", 16, (("3 bar", "6 bar", "8 bar"), BSP[2:5])),
    Family("circulating pump", 95, (("15-50", "15-60", "25-60", "25-80"), BSP[4:7])),
    Family("expansion vessel", 38, (LITRES, ("heating", "potable"))),
    Family("diverter valve", 72, (MODELS,)),
    Family("printed circuit board", 145, (MODELS,)),
    Family("ignition electrode", 14, (MODELS, ("", "with gasket"))),
    Family("fan assembly", 118, (MODELS,)),
    Family("gas valve", 98, (MODELS,)),
    Family("plate heat exchanger", 84, (MODELS, ("10 plate", "12 plate", "16 plate"))),
    Family("flue elbow", 42, (("45 deg", "90 deg"), ("60/100", "80/125"))),
    Family("immersion heater", 24, (("11 in", "14 in", "27 in"), ("3 kW", "6 kW"))),
    Family("twin and earth cable", 40, (CABLE, REEL), "reel"),
    Family("steel wire armoured cable", 60, (CABLE, ("2 core", "3 core", "4 core")), "m"),
    Family("flex round", 20, (CABLE[:3], ("white", "black", "orange"), REEL), "reel"),
    Family("circuit breaker", 6, (AMPS, ("type B", "type C", "type D"), ("6 kA", "10 kA"), ("1 pole", "3 pole"))),
    Family("RCBO", 22, (AMPS, ("type B", "type C"), ("30mA", "100mA"), ("compact", "mini"))),
    Family("LED lamp GU10", 3, (WATTS, KELVIN, ("", "dimmable"), ("36 deg", "60 deg"))),
    Family("LED lamp E27", 3, (WATTS, ("clear", "opal"), ("warm white", "cool white"), ("", "dimmable"))),
    Family("LED panel", 26, (("600 x 600", "1200 x 600", "1200 x 300"), KELVIN)),
    Family("emergency bulkhead", 31, (("IP44", "IP65"), WATTS[:4], ("white", "black"))),
    Family("switched socket", 5, (("1 gang", "2 gang"), METALS, ("white", "black"))),
    Family("light switch", 4, (("1 gang", "2 gang", "3 gang"), ("1 way", "2 way"))),
    Family("cable tie", 4, (("100 mm", "200 mm", "300 mm", "370 mm"), COLOURS[:2], PACKS)),
    Family("junction box", 5, (("IP55", "IP66"), ("80 x 80", "100 x 100", "150 x 110"))),
    Family("conduit", 3, (("20 mm", "25 mm", "32 mm"), ("black", "white"), ("2 m", "3 m"))),
    Family("door roller", 12, (("48 mm", "56 mm", "64 mm"), LIFT_MODELS)),
    Family("guide shoe insert", 9, (("9 mm", "16 mm"), LIFT_MODELS)),
    Family("landing push button", 28, (LIFT_MODELS, ("up", "down", "open", "close"))),
    Family("suspension rope", 90, (("8 strand", "9 strand"), ("8 mm", "10 mm", "13 mm"), REEL), "m"),
    Family("door lock contact", 24, (LIFT_MODELS, ("left hand", "right hand"))),
    Family("contactor", 35, (AMPS, ("24 V", "110 V", "230 V"), ("3 pole", "4 pole"))),
    Family("relay", 9, (("5 A", "10 A"), ("12 V", "24 V", "230 V"), ("8 pin", "11 pin", "14 pin"))),
    Family("brake lining", 60, (LIFT_MODELS,)),
    Family("grass seed", 30, (KILOS, ("hard wearing", "shade", "fine lawn")), "bag"),
    Family("lawn fertiliser", 26, (KILOS, ("spring", "autumn")), "bag"),
    Family("strimmer line", 8, (("1.6 mm", "2 mm", "2.4 mm", "3 mm"), ("15 m", "90 m"))),
    Family("saw chain", 18, (("12 in", "14 in", "16 in", "18 in"), ("", "pro"))),
    Family("rock salt", 6, (KILOS, ("white", "brown")), "bag"),
    Family("weed killer concentrate", 28, (LITRES[:4],)),
    Family("fence post", 9, (("75 x 75", "100 x 100"), ("1.8 m", "2.4 m"), ("brown", "green"))),
    Family("wood screw", 5, (SCREWS, ("zinc", "stainless steel"), PACKS)),
    Family("hex bolt", 3, (BOLTS, ("zinc", "stainless steel"), PACKS)),
    Family("wall plug", 2, (("red", "brown", "blue"), PACKS)),
    Family("nitrile gloves", 7, (SIZES, ("blue", "black"), ("", "box of 100")), "box"),
    Family("safety boots", 45, (("leather", "rubber"), ("S1", "S3"), ("size 7", "size 8", "size 9", "size 10"), COLOURS[1:3])),
    Family("padlock", 14, (("brass", "steel"), ("", "long shackle"), ("40 mm", "50 mm", "60 mm"), ("keyed alike", "keyed to differ"))),
    Family("smoke detector", 19, (("wired", "radio"), ("10 year", "5 year"), ("optical", "heat"), ("battery", "mains"))),
    Family("panel filter", 7, (("592 x 592 x 47", "287 x 592 x 47", "592 x 592 x 96", "287 x 592 x 96"), ("G4", "F7"), PACKS[:3])),
    Family("drive belt", 8, (("SPA", "SPB", "SPZ"), ("900", "1000", "1120", "1250", "1320", "1400", "1500", "1600"))),
    Family("refrigerant", 160, (("R32", "R410A", "R134a"), ("5 kg", "9 kg", "12 kg"))),
    Family("silicone sealant", 5, (("310 ml", "400 ml"), ("sanitary", "roofing", "general"), ("white", "clear", "black", "grey"), ("", "low modulus"))),
    Family("masonry paint", 32, (("smooth", "textured"), ("trade", "exterior", "primer"), ("magnolia", "white", "sandstone"), LITRES[1:3])),
    Family("service kit", 34, (MODELS, ("", "with burner seal"), ("annual", "full"))),
)  # fmt: skip


@dataclass(frozen=True)
class Product:
    """``values``: one of each axis, blank ones left out."""

    key: int
    noun: str
    values: tuple[str, ...]
    brand: str
    mpn: str
    barcode: str
    unit: str
    cost: float
    sell: float


class Catalogue:
    """Makes products; all chance comes from one seed."""

    def __init__(self, chance: random.Random) -> None:
        self._chance = chance
        self._key = 0

    def products(self, count: int) -> list[Product]:
        """Runs of siblings, each family by one or two brands, as a merchant stocks them."""
        members = [
            (family, values) for family in FAMILIES for values in product(*family.axes)
        ]
        by_family: dict[str, list[tuple[str, ...]]] = {}
        for family, values in members:
            by_family.setdefault(family.noun, []).append(values)
        share = min(0.95, 1.02 * count / len(members))
        found: list[Product] = []
        while len(found) < count:
            for family in FAMILIES:
                found.extend(self._run(family, by_family[family.noun], share))
            share = 0.2
        self._chance.shuffle(found)
        return found[:count]

    def _run(
        self, family: Family, members: list[tuple[str, ...]], share: float
    ) -> Iterator[Product]:
        brands = self._chance.sample(BRANDS, 2)
        level = self._chance.uniform(0.6, 1.6)
        for number, values in enumerate(members):
            if self._chance.random() < share:
                price = family.price * level * (1 + 0.11 * number)
                # A few are stocked by both brands: twins but for that.
                both = self._chance.random() < 0.04
                for brand in brands if both else [self._chance.choice(brands)]:
                    yield self._product(family, values, brand, price)

    def _product(
        self, family: Family, values: tuple[str, ...], brand: str, price: float
    ) -> Product:
        chance = self._chance
        self._key += 1
        cost = round(price * chance.uniform(0.9, 1.1), 2)
        sell = round(cost * chance.choice((1.2, 1.25, 1.35, 1.5)), 2)
        letters = "".join(filter(str.isalpha, brand))[:2].upper()
        mpn = chance.choice(
            (
                f"{letters}{chance.randrange(1000, 99999)}",
                f"{letters}-{chance.randrange(100, 999)}-{chance.randrange(10, 99)}",
                f"{chance.randrange(10**6, 10**8)}",
                f"{family.noun[0].upper()}{chance.randrange(100, 999)}/{letters}",
            )
        )
        return Product(
            key=self._key,
            noun=family.noun,
            values=tuple(filter(None, values)),
            brand=brand,
            mpn=mpn,
            barcode=f"50{chance.randrange(10**10, 10**11)}",
            unit=family.unit,
            cost=cost,
            sell=sell if chance.random() < 0.5 else float(round(sell)) - 0.01,
        )

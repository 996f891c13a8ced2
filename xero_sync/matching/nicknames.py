"""First names and words that are one and the same in two spellings. Not those that are
given as names of their own in one family, as John and Jack are."""

_ALIKE = """
abigail abby abbie abi
alexander alex sandy
alexandra alex
alfred alf alfie fred
amanda mandy
andrew andy drew
anthony tony antony
barbara barb barbara
benjamin ben
bernadette bernie
bernard bernie
brigid bridget breda bride
catherine cathy kate katie kathy kay katherine kathryn
charles charlie chas
charlotte lottie
christina tina
christine chris chrissie
christopher chris kit
clare claire
cornelius con neil
daniel dan danny
david dave davy
deborah debbie deb debra
denis dennis
desmond des
dominic dom
donald don
dorothy dot dottie
edward ed eddie ted ned
eileen aileen
eleanor ellie
elizabeth liz lizzie beth betty eliza
emily em
eugene gene
florence flo
frances fran
francis frank
frederick fred freddie
geoffrey geoff jeff jeffrey
gerald gerry jerry
gerard ger gerry
gillian gill jill
graham graeme
gregory greg
harold hal
jacob jake
jacqueline jackie
james jim jimmy
janet jan
jennifer jen jenny
jeremy jerry
jessica jess jessie
joanne jo joanna
john johnny jon
jonathan jon jonny
joseph joe joey
josephine jo josie
joshua josh
judith judy
kenneth ken kenny
kevin kev
lawrence larry laurence
leonard len lenny
leslie les
louise lou
malachy mal
margaret maggie meg peggy mags marge
martin marty
matthew matt mattie
maurice mossie
melanie mel
michael mick mike mickey micheal
mohammed mohamed mohammad muhammad
natasha tasha
nathaniel nat
nicholas nick nicky
nicola nicky
oliver ollie
pamela pam
patricia pat patsy tricia trish
patrick pat paddy padraig
penelope penny
peter pete
philip phil phillip
raymond ray
rebecca becky
richard dick rich rick ricky
robert bob bobby rob robbie
roderick rod
ronald ron ronnie
samantha sam
samuel sam sammy
sarah sara
sean shaun shane shawn
sheila sheelagh
sidney sid
siobhan shiv
stephanie steph
stephen steve steven stevie
stuart stewart
susan sue susie suzanne
terence terry
theresa teresa terry tess
thomas tom tommy
timothy tim
tobias toby
tracey tracy
valerie val
victoria vicky
vincent vin vinny
vivien vivian viv
walter wally
william bill billy will willie
william liam
zachary zach zac
saint st
saints sts
street st
brothers bros
engineering eng engineers
manufacturing mfg
association assoc
associates assoc
construction const
department dept
electrical elec electric electrics
management mgmt mgt
maintenance maint
services svc svcs
centre center ctr
mount mt
""".strip()

_GROUPS: dict[str, set[int]] = {}
for _number, _line in enumerate(_ALIKE.splitlines()):
    for _word in _line.split():
        _GROUPS.setdefault(_word, set()).add(_number)


def are_one_name(one: str, other: str) -> bool:
    """Whether one may be short for the other, or another spelling of it."""
    known = _GROUPS.get(one)
    return known is not None and not known.isdisjoint(_GROUPS.get(other, ()))

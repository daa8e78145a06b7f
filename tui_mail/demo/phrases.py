"""The words that the generated series of letters is made of."""

from __future__ import annotations


def _lines(text: str) -> tuple[bytes, ...]:
    return tuple(line.encode() for line in text.strip().split("\n"))


DOMAINS = _lines("example.com\nexample.net\nexample.org\nmail.example.com\nharbour.example\nmill-lane.example.net")

PEOPLE = tuple(
    (name, name.lower().replace(b" ", b"."))
    for name in _lines(
        """
Ada Birch
Ben Castle
Carla Dunn
David Elm
Elsa Frost
Farid Gold
Greta Holm
Hugo Ivers
Ida Jensen
Jonas Kirk
Karin Lund
Leo Marsh
Maya North
Nils Oake
Olga Pine
Pablo Quill
Quinn Reed
Rosa Stone
Samir Teal
Tilda Usher
Umar Vale
Vera West
Wim Xander
Yara Young
Zeno Ash
Bridget Cole
Conrad Dale
Edith Ferry
Felix Grove
Hannah Inch
"""
    )
)

LISTS = tuple(
    (title, address)
    for title, address in (
        (b"Quayside Choir", b"choir@lists.example.net"),
        (b"terminal-dev", b"terminal-dev@lists.example.org"),
        (b"Mill Lane Allotments", b"plots@lists.example.com"),
    )
)

SUBJECTS = _lines(
    """
Notes from *
About *
Question about *
Where are we with *?
Dates for *
* on Thursday
The new plan for *
A small change to *
Photographs of *
Thanks for *
Minutes: *
Can you look at * again?
Who takes over *?
Almost done with *
Reminder: *
* has moved
Your order: *
Invitation: *
Draft of *
Offer for *
"""
)

THINGS = _lines(
    """
the harbour walk
the spring catalogue
the kitchen roof
the night train
the reading list
the boat shed
the second rehearsal
the garden fence
the workshop keys
the old website
the tax papers
the winter timetable
the blue lamp
the guest room
the bread oven
the budget
the summer fair
the bicycle stand
the new printer
the museum visit
the seed order
the map of the coast
the choir folder
the village hall
the insurance letter
the test results
the translation
the release
the long table
the apple harvest
the ferry tickets
"""
)

GREETINGS = _lines("Hello,\nHi,\nGood morning,\nDear all,\nHey,\nHello again,\nGood evening,")

SENTENCES = _lines(
    """
I had another look at it last night and I think we are nearly there.
The colours came out darker than on the screen, but I rather like them.
Could you tell me by Friday whether that works for you?
There are two open questions, and both can wait until next week.
The train was late again, so I had time to read all of it.
Nobody has complained so far, which I take as a good sign.
I have put the numbers at the end so that you can skip them.
The first version was too long; this one fits on a page.
Please bring your own cup, there are never enough.
We measured it twice and got the same result both times.
If it rains we simply meet inside, at the same time.
The key is where it always is.
I asked around, and three people would like to come along.
The bill is lower than last year, for once.
It took longer than planned, mostly because of the paint.
Have a look when you find a quiet moment; there is no hurry.
The old one still works, so let us keep it as a spare.
I am away from the ninth to the thirteenth and back after that.
Remember that the office is closed on the Monday after the holiday.
That would be a great help.
I would rather do fewer things and do them properly.
The tomatoes are late this year, the beans are not.
She said yes before I had finished the sentence.
We can share a car from the station, there is room for four.
Let me know if anything is missing.
It is not what we ordered, but it is better.
The sound in the back row is much improved.
I will send the rest tomorrow morning.
Somebody should write this down before we forget it.
Two weeks ought to be enough, three would be comfortable.
"""
)

CLOSINGS = _lines("Best wishes,\nSee you soon,\nThanks,\nWarmly,\nUntil then,\nAll the best,\nTake care,")

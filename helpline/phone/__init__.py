"""SIP user agents and a listener: the citizen's and the executive's end of a real call.

`hearing` is pure numpy and needs no telephone; everything else drives pjsua2 (the extra
`helpline181[phone]`).
"""

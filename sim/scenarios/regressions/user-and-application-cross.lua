-- CAL-01, DEV-03: the user of a SIP phone and an application held the call, or resumed it, at the same time. The phone's request was
-- refused (491, 488), and it took the call for what it had been before, and at the resuming it closed its voice for good.
local c   = cluster "sip-phones"
local sep = "SEP000000000001"
local sip = c:phone(sep)
local old = c:phone "SEP000000000005"
local ivr = c:app("ivr", { user = "ivr", ctimanagers = { "ccm1" } })

local function talk(m)
	expect(sip, "MediaStreamStarted", within "3s", from(m), clause "CAL-01")
	expect(old, "MediaStreamStarted", within "3s", from(m), clause "CAL-01")
	never(sip, "StationMediaFailureTimer", within "2s", from(m), clause "CAL-01")
end

local function state(m, wanted)
	expect(ivr, "CallStateChanged", { device = sep, state = wanted }, within "3s", from(m), clause "DEV-03")
end

ivr:open(sep)
expect(ivr, "LineInService", { device = sep }, within "3s")
local m = mark()
sip:call "1005"
expect(old, "StationCallState", { state = "RingIn" }, within "2s", from(m))
old:answer()
talk(m)
c:slow("phones", "ccm1:callmanager", "100ms")

m = mark()
ivr:hold(sep)
advance "30ms"
sip:hold()
state(m, "ONHOLD")
expect(sip, "SipFailure", { status = 491 }, within "2s", from(m))
advance "1s"
m = mark()
sip:resume()
state(m, "CONNECTED")
talk(m)

sip:hold()
advance "1s"
m = mark()
ivr:retrieve(sep)
advance "30ms"
sip:resume()
state(m, "CONNECTED")
expect(sip, "SipFailure", { status = 491 }, within "2s", from(m))
talk(m)

-- The other side holds: the CallManager has nothing to offer.
m = mark()
old:hold()
expect(sip, "SipAck", within "2s", from(m))
m = mark()
ivr:hold(sep)
advance "30ms"
sip:hold()
state(m, "ONHOLD")
expect(sip, "SipFailure", { status = 488 }, within "2s", from(m))
m = mark()
ivr:retrieve(sep)
advance "30ms"
sip:resume()
state(m, "CONNECTED")
expect(sip, "SipFailure", { status = 488 }, within "2s", from(m))
m = mark()
old:resume()
talk(m)
m = mark()
sip:hold()
state(m, "ONHOLD")

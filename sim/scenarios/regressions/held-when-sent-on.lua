-- CAL-01, PRT-03: a phone held a call and was in another one when the held party sent its side on. The answer there connected the held
-- call, too, and its stream took the only voice path away from the call in which the user was.
local c   = cluster "sip-phones"
local sep = "SEP000000000005"
local a   = c:phone(sep)
local b   = c:phone "SEP000000000001"
local x   = c:phone "SEP000000000006"
local d   = c:phone "SEP000000000002"
local ivr = c:app("ivr", { user = "ivr", ctimanagers = { "ccm1" } })

ivr:open(sep)
ivr:open "SEP000000000001"
expect(ivr, "LineInService", { device = sep }, within "5s")
expect(ivr, "LineInService", { device = "SEP000000000001" }, within "5s")
local m = mark()
a:call "1001"
expect(b, "SipInvite", within "2s", from(m))
b:answer()
expect(a, "MediaStreamStarted", within "3s", from(m))
m = mark()
a:hold()
expect(a, "StationCallState", { state = "Hold" }, within "2s", from(m))
a:call "1006"
expect(x, "StationCallState", { state = "RingIn" }, within "2s", from(m))
x:answer()
expect(a, "MediaStreamStarted", within "3s", from(m))

m = mark()
ivr:redirect("SEP000000000001", "1002")
expect(d, "SipInvite", within "2s", from(m))
m = mark()
d:answer()
expect(ivr, sequence {
	{ "CallStateChanged", device = sep, state = "CONNECTED" },
	{ "CallStateChanged", device = sep, state = "ONHOLD" },
}, within "2s", from(m), clause "CAL-01")
never(a, "StationOpenReceiveChannel", within "1s", from(m), clause "CAL-01")
never(x, "MediaStreamStopped", within "1s", from(m), clause "CAL-01")
x:hangup()
expect(ivr, "CallClosed", { device = sep }, within "2s", from(m))
m = mark()
a:resume()
expect(a, "MediaStreamStarted", within "3s", from(m), clause "CAL-01")
expect(d, "MediaStreamStarted", within "3s", from(m), clause "CAL-01")

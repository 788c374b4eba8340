-- CAL-01: an application held the call of a SIP phone, whose user resumed it before the CallManager's ACK had come. That ACK, which
-- has nothing to say, closed what the phone had just offered, and the call had no voice for the rest of its life.
local c   = cluster "sip-phones"
local sep = "SEP000000000001"
local sip = c:phone(sep)
local old = c:phone "SEP000000000005"
local ivr = c:app("ivr", { user = "ivr", ctimanagers = { "ccm1" } })

ivr:open(sep)
expect(ivr, "LineInService", { device = sep }, within "3s")
local m = mark()
sip:call "1005"
expect(old, "StationCallState", { state = "RingIn" }, within "2s", from(m))
old:answer()
expect(sip, "MediaStreamStarted", within "3s", from(m))
expect(old, "MediaStreamStarted", within "3s", from(m))

c:slow("phones", "ccm1:callmanager", "100ms")
m = mark()
ivr:hold(sep)
expect(sip, "SipInvite", { ["sdp.direction"] = "SIP_INACTIVE" }, within "2s", from(m))
m = mark()
sip:resume()
expect(sip, "MediaStreamStarted", within "5s", from(m), clause "CAL-01")
expect(old, "MediaStreamStarted", within "5s", from(m), clause "CAL-01")

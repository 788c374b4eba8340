-- CAL-01: the user of a SIP phone answered a second call, whose caller had just hung up. The phone's voice had gone to that call, the
-- CallManager took the first one for connected as before, and it had no voice for the rest of its life. Now it is held.
local c   = cluster "sip-phones"
local sep = "SEP000000000001"
local sip = c:phone(sep)
local old = c:phone "SEP000000000005"
local new = c:phone "SEP000000000006"
local ivr = c:app("ivr", { user = "ivr", ctimanagers = { "ccm1" } })

ivr:open(sep)
expect(ivr, "LineInService", { device = sep }, within "3s")
local m = mark()
sip:call "1005"
expect(old, "StationCallState", { state = "RingIn" }, within "2s", from(m))
old:answer()
expect(sip, "MediaStreamStarted", within "3s", from(m))
expect(old, "MediaStreamStarted", within "3s", from(m))

m = mark()
new:call "1001"
expect(sip, "SipInvite", { from = "1006" }, within "2s", from(m))
c:slow("phones", "ccm1:callmanager", "100ms")
m = mark()
new:hangup()
sip:answer()
expect(sip, "SipBye", within "2s", from(m))
expect(ivr, "CallStateChanged", { device = sep, state = "ONHOLD" }, within "2s", from(m), clause "CAL-01")
advance "500ms"
m = mark()
sip:resume()
expect(sip, "MediaStreamStarted", within "3s", from(m), clause "CAL-01")
expect(old, "MediaStreamStarted", within "3s", from(m), clause "CAL-01")

-- CAL-01: a SIP phone was in one call and held another one, from which an application consulted. The consult call took the phone's
-- voice, and the call that the user was in stayed connected without it. Now it is held, as at an SCCP phone.
local c   = cluster "sip-phones"
local sep = "SEP000000000003"
local sip = c:phone(sep)
local old = c:phone "SEP000000000005"
local new = c:phone "SEP000000000006"
local ask = c:phone "SEP000000000002"
local ivr = c:app("ivr", { user = "ivr", ctimanagers = { "ccm1" } })

ivr:open(sep)
expect(ivr, "LineInService", { device = sep }, within "3s")
local m = mark()
new:call "1003"
expect(sip, "SipInvite", within "2s", from(m))
sip:answer()
expect(sip, "MediaStreamStarted", within "3s", from(m))
m = mark()
sip:hold()
expect(ivr, "CallStateChanged", { device = sep, state = "ONHOLD" }, within "2s", from(m))
settle "3s"
m = mark()
old:call "1003"
expect(sip, "SipInvite", { from = "1005" }, within "2s", from(m))
sip:answer()
expect(sip, "MediaStreamStarted", within "3s", from(m))

-- The first call again: the newest one is held.
m = mark()
sip:resume()
expect(new, "MediaStreamStarted", within "3s", from(m))
settle "3s"
m = mark()
ivr:consult(sep, "1002")
expect(ask, "SipInvite", within "2s", from(m))
ask:answer()
expect(sip, "MediaStreamStarted", within "3s", from(m), clause "CAL-01")
expect(new, "StationCloseReceiveChannel", within "3s", from(m), clause "CAL-01")
settle "3s"
ask:hangup()
expect(sip, "SipBye", within "2s", from(m))
settle "3s"
m = mark()
sip:resume()
expect(sip, "MediaStreamStarted", within "3s", from(m), clause "CAL-01")
expect(new, "MediaStreamStarted", within "3s", from(m), clause "CAL-01")

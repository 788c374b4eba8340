-- A SIP phone in a call with an SCCP phone at another node, each having called the other: offers and answers say
-- where they listen, hold and resume go by re-INVITE. The application hears the same of both phones.
local c   = cluster "sip-phones"
local sip = c:phone "SEP000000000001"
local old = c:phone "SEP000000000005"
local ivr = c:app("ivr", { user = "ivr", ctimanagers = { "ccm1" } })

ivr:open "SEP000000000001"
ivr:open "SEP000000000005"
expect(ivr, "LineInService", { device = "SEP000000000001", node = "ccm1" }, within "3s", clause "DEV-01")
expect(ivr, "LineInService", { device = "SEP000000000005", node = "ccm2" }, within "3s", clause "DEV-01")

local m = mark()
sip:call "1005"
expect(sip, "SipTrying", within "2s", from(m), clause "DEV-06")
expect(ivr, sequence {
	{ "NewCall",          device = "SEP000000000001", state = "DIALTONE" },
	{ "CallStateChanged", device = "SEP000000000001", state = "DIALING" },
	{ "CallStateChanged", device = "SEP000000000001", state = "PROCEEDING" },
	{ "CallStateChanged", device = "SEP000000000001", state = "RINGBACK" },
}, within "2s", from(m), clause "DEV-03")
expect(sip, "SipRinging", within "2s", from(m), clause "CAL-01")
expect(old, "StationCallState", { state = "RingIn" }, within "2s", from(m), clause "CAL-01")
old:answer()
expect(sip, "SipOk", { ["sdp.direction"] = "SIP_SENDRECV" }, within "2s", from(m), clause "CAL-01")
expect(ivr, "CallStateChanged", { device = "SEP000000000001", state = "CONNECTED" }, within "2s", from(m),
	clause "DEV-03")
expect(sip, "MediaStreamStarted", within "3s", from(m), clause "CAL-01")
expect(old, "MediaStreamStarted", within "3s", from(m), clause "CAL-01")

m = mark()
sip:hold()
expect(old, "StationCloseReceiveChannel", within "3s", from(m), clause "CAL-01")
expect(ivr, "CallStateChanged", { device = "SEP000000000001", state = "ONHOLD" }, within "2s", from(m), clause "DEV-03")
sip:resume()
expect(ivr, "CallStateChanged", { device = "SEP000000000001", state = "CONNECTED" }, within "2s", from(m),
	clause "DEV-03")
expect(old, "MediaStreamStarted", within "3s", from(m), clause "CAL-01")
m = mark()
old:hold()
expect(sip, "SipInvite", { ["sdp.direction"] = "SIP_INACTIVE" }, within "3s", from(m), clause "CAL-01")
old:resume()
expect(sip, "MediaStreamStarted", within "3s", from(m), clause "CAL-01")

-- The same by the application, which may do on a SIP phone what it may on any.
m = mark()
ivr:hold "SEP000000000001"
expect(sip, "SipRefer", { kind = "SIP_REFER_HOLD" }, within "2s", from(m), clause "DEV-03")
expect(old, "StationCloseReceiveChannel", within "3s", from(m), clause "DEV-03")
ivr:retrieve "SEP000000000001"
expect(sip, "MediaStreamStarted", within "3s", from(m), clause "DEV-03")
ivr:drop "SEP000000000001"
expect(sip, "SipBye", within "2s", from(m), clause "DEV-03")
expect(old, "StationCallState", { state = "OnHook" }, within "2s", from(m), clause "DEV-03")

-- And the other way round.
m = mark()
old:call "1001"
expect(sip, "SipInvite", { from = "1005" }, within "2s", from(m), clause "CAL-01")
expect(ivr, "CallStateChanged", { device = "SEP000000000001", state = "ACCEPTED" }, within "2s", from(m), clause "DEV-03")
ivr:answer "SEP000000000001"
expect(sip, "SipRefer", { kind = "SIP_REFER_ANSWER" }, within "2s", from(m), clause "DEV-03")
expect(sip, "MediaStreamStarted", within "3s", from(m), clause "DEV-03")
expect(old, "MediaStreamStarted", within "3s", from(m), clause "DEV-03")
old:hangup()
expect(sip, "SipBye", within "2s", from(m), clause "CAL-01")
m = mark()
old:call "1001"
expect(sip, "SipInvite", within "2s", from(m), clause "CAL-01")
old:hangup()
expect(sip, "SipCancel", within "2s", from(m), clause "CAL-01")

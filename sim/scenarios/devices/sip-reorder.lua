-- Reorder on a SIP phone: the call is over for the CallManager and the application, the tone is the phone's own. Line 1001
-- takes two calls and is busy from the second on: what only sounds does not count.
local c    = cluster "sip-phones"
local sip  = c:phone "SEP000000000001"
local two  = c:phone "SEP000000000002"
local old  = c:phone "SEP000000000005"
local old2 = c:phone "SEP000000000006"
local ivr  = c:app("ivr", { user = "ivr", ctimanagers = { "ccm1" } })

ivr:open "SEP000000000001"
expect(ivr, "LineInService", { device = "SEP000000000001" }, within "3s", clause "DEV-01")

local m = mark()
sip:call "1099"
expect(sip, "SipFailure", { status = 404 }, within "2s", from(m), clause "DEV-09")
expect(sip, "PhoneTone", { tone = "ReorderTone" }, within "2s", from(m), clause "DEV-09")
expect(ivr, sequence {
	{ "CallStateChanged", device = "SEP000000000001", state = "DIALING" },
	{ "CallStateChanged", device = "SEP000000000001", state = "IDLE" },
	{ "CallClosed",       device = "SEP000000000001" },
}, within "2s", from(m), clause "DEV-09")
never(ivr, "CallStateChanged", { device = "SEP000000000001", state = "REORDER" }, within "1s", from(m), clause "DEV-09")

-- The tone goes on; two calls come in all the same, a third one is too many.
m = mark()
never(sip, "PhoneTone", within "5s", from(m), clause "DEV-09")
old:call "1001"
expect(ivr, "NewCall", { device = "SEP000000000001", state = "OFFERING" }, within "2s", from(m), clause "DEV-10")
ivr:answer "SEP000000000001"
expect(sip, "PhoneTone", { tone = "Silence" }, within "2s", from(m), clause "DEV-10")
expect(old, "MediaStreamStarted", within "3s", from(m), clause "DEV-10")
ivr:hold "SEP000000000001"
expect(ivr, "CallStateChanged", { device = "SEP000000000001", state = "ONHOLD" }, within "2s", from(m), clause "DEV-10")

-- One call held, and reorder once more: there is still room for one call.
m = mark()
sip:call "1099"
expect(sip, "PhoneTone", { tone = "ReorderTone" }, within "2s", from(m), clause "DEV-09")
old2:call "1001"
expect(ivr, "NewCall", { device = "SEP000000000001", state = "OFFERING" }, within "2s", from(m), clause "DEV-11")
old2:hangup()
expect(sip, "SipCancel", within "2s", from(m), clause "DEV-11")

-- And an application may call out while the tone sounds: of two calls only one is there.
m = mark()
ivr:call("SEP000000000001", "1002")
expect(two, "SipInvite", within "2s", from(m), clause "DEV-10", clause "DEV-11")
two:answer()
expect(sip, "MediaStreamStarted", within "3s", from(m), clause "DEV-10")
m = mark()
old2:call "1001"
expect(old2, "StationCallState", { state = "Busy" }, within "2s", from(m), clause "DEV-11")

-- What a user does with calls beside making them is the same on a SIP phone: the key goes to the CallManager as REFER, and
-- a call that it makes for the phone comes as an INVITE that the phone answers at once.
local c    = cluster "sip-phones"
local sip  = c:phone "SEP000000000001"
local two  = c:phone "SEP000000000002"
local old  = c:phone "SEP000000000005"
local old2 = c:phone "SEP000000000006"
local ivr  = c:app("ivr", { user = "ivr", ctimanagers = { "ccm1" } })

ivr:open "SEP000000000001"
ivr:open "SEP000000000002"
expect(ivr, "LineInService", { device = "SEP000000000001" }, within "3s", clause "DEV-01")
expect(ivr, "LineInService", { device = "SEP000000000002" }, within "3s", clause "DEV-01")

-- Consult transfer with keys: the one call waits, the other is made, then the two others talk.
local m = mark()
old:call "1001"
expect(sip, "SipInvite", within "2s", from(m))
sip:answer()
expect(old, "MediaStreamStarted", within "3s", from(m), clause "CAL-01")
m = mark()
sip:transfer "1006"
expect(sip, "SipRefer", { kind = "SIP_REFER_HOLD" }, within "2s", from(m), clause "CAL-01")
expect(sip, "SipInvite", { answer_at_once = "true" }, within "2s", from(m), clause "CAL-01")
expect(old2, "StationCallState", { state = "RingIn" }, within "2s", from(m), clause "CAL-01")
old2:answer()
expect(old2, "MediaStreamStarted", within "3s", from(m), clause "CAL-01")
expect(sip, "MediaStreamStarted", within "3s", from(m), clause "CAL-01")
m = mark()
sip:transfer()
expect(sip, "SipBye", times(2), within "3s", from(m), clause "CAL-01")
expect(old, "MediaStreamStarted", within "3s", from(m), clause "CAL-01")
expect(old2, "MediaStreamStarted", within "3s", from(m), clause "CAL-01")
old:hangup()
expect(old2, "StationCallState", { state = "OnHook" }, within "2s", from(m), clause "CAL-01")

-- The same by an application.
m = mark()
old:call "1001"
expect(ivr, "CallStateChanged", { device = "SEP000000000001", state = "ACCEPTED" }, within "2s", from(m), clause "DEV-03")
ivr:answer "SEP000000000001"
expect(old, "MediaStreamStarted", within "3s", from(m), clause "DEV-03")
m = mark()
ivr:consult("SEP000000000001", "1002")
expect(two, "SipInvite", within "2s", from(m), clause "DEV-03")
two:answer()
expect(two, "MediaStreamStarted", within "3s", from(m), clause "DEV-03")
m = mark()
ivr:complete "SEP000000000001"
expect(sip, "SipBye", times(2), within "3s", from(m), clause "DEV-03")
expect(old, "MediaStreamStarted", within "3s", from(m), clause "DEV-03")
expect(two, "MediaStreamStarted", within "3s", from(m), clause "DEV-03")

-- Tones of the other side are heard; all calls of a line go elsewhere by a key.
m = mark()
old:dial "5"
expect(two, "SipInfo", { digits = "5" }, within "2s", from(m), clause "CAL-01")
two:dial "7"
expect(old, "StationNotifyDtmfTone", { digits = "7" }, within "2s", from(m), clause "CAL-01")
old:hangup()
expect(two, "SipBye", within "2s", from(m), clause "CAL-01")
m = mark()
sip:forward "1006"
expect(sip, "SipNotify", { event = "SIP_DISPLAY", text = "Forwarded To 1006" }, within "2s", from(m), clause "CAL-01")
old:call "1001"
expect(old2, "StationCallState", { state = "RingIn" }, within "2s", from(m), clause "CAL-01")
old:hangup()

-- When a SIP phone dials: the number is always sent as a whole, whether the user went off hook first or not, and only
-- when a dial rule has matched; the application hears of the dialing then, and before the called phone rings.
local c   = cluster "sip-phones"
local sip = c:phone "SEP000000000001"
local two = c:phone "SEP000000000002"
local ivr = c:app("ivr", { user = "ivr", ctimanagers = { "ccm1" } })

ivr:open "SEP000000000001"
ivr:open "SEP000000000002"
expect(ivr, "LineInService", { device = "SEP000000000002" }, within "3s", clause "DEV-01")

-- Off hook first: dial tone, but nobody else knows.
local m = mark()
sip:offhook()
expect(sip, "PhoneTone", { tone = "InsideDialTone" }, within "1s", from(m), clause "DEV-06")
sip:dial "1"
sip:dial "0"
sip:dial "0"
never(ivr, "NewCall", within(scaled "1s"), from(m), clause "DEV-07")
sip:dial "2"
expect(ivr, sequence {
	{ "NewCall",          device = "SEP000000000001" },
	{ "CallStateChanged", device = "SEP000000000001", state = "DIALING" },
	{ "CallStateChanged", device = "SEP000000000001", state = "PROCEEDING" },
}, within "500ms", from(m), clause "DEV-07", clause "DEV-06")
expect(two, "SipInvite", within "1s", from(m), clause "DEV-08")
expect(ivr, sequence {
	{ "CallStateChanged", device = "SEP000000000001", state = "DIALING" },
	{ "NewCall",          device = "SEP000000000002" },
}, within "1s", from(m), clause "DEV-08")
sip:hangup()
expect(two, "SipCancel", within "2s", from(m), clause "DEV-06")

-- The rule `* 2` waits two seconds for another key; a pound key does not let it wait.
m = mark()
sip:call "77"
never(ivr, "NewCall", within(scaled "1s"), from(m), clause "DEV-07")
expect(ivr, "CallStateChanged", { device = "SEP000000000001", state = "DIALING" }, within "1500ms", from(m), clause "DEV-07")
expect(sip, "SipFailure", { status = 404 }, within "2s", from(m), clause "DEV-07")
sip:hangup()
m = mark()
sip:offhook()
sip:dial "77#"
expect(ivr, "CallStateChanged", { device = "SEP000000000001", state = "DIALING" }, within "500ms", from(m), clause "DEV-06")
expect(sip, "SipFailure", { status = 404 }, within "2s", from(m), clause "DEV-07")
sip:hangup()

-- After the 8 another dial tone is heard.
m = mark()
sip:offhook()
sip:dial "8"
expect(sip, "PhoneTone", { tone = "OutsideDialTone" }, within "1s", from(m), clause "DEV-07")
sip:dial "1"
expect(sip, "PhoneTone", { tone = "Silence" }, within "1s", from(m), clause "DEV-07")
sip:hangup()
never(ivr, "NewCall", within(scaled "3s"), from(m), clause "DEV-07")

-- What an application dials is handed to the phone, and so goes by its rules, too.
m = mark()
ivr:call("SEP000000000001", "1002")
expect(sip, "SipRefer", { kind = "SIP_REFER_INITCALL", refer_to = "1002" }, within "1s", from(m), clause "DEV-03")
expect(ivr, sequence {
	{ "NewCall",          device = "SEP000000000001" },
	{ "CallStateChanged", device = "SEP000000000001", state = "DIALING" },
	{ "CallStateChanged", device = "SEP000000000001", state = "RINGBACK" },
}, within "2s", from(m), clause "DEV-08", clause "DEV-03")
expect(two, "SipInvite", within "2s", from(m), clause "DEV-03")
two:answer()
expect(sip, "MediaStreamStarted", within "3s", from(m), clause "DEV-03")
ivr:drop "SEP000000000001"
expect(two, "SipBye", within "2s", from(m), clause "DEV-03")
m = mark()
ivr:call("SEP000000000001", "77")
never(ivr, "NewCall", within(scaled "1s"), from(m), clause "DEV-07")
expect(ivr, "NewCall", { device = "SEP000000000001" }, within "2s", from(m), clause "DEV-07")

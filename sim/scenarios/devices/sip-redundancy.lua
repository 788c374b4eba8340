-- SIP phones and the death of their CallManager: an idle one fails over, one whose voice streams keeps its stream and
-- registers nowhere until its user hangs up, calls on their way are cleared, and idle phones come back by themselves.
-- What an application is told is what it is told of any phone.
local c    = cluster "sip-phones"
local idle = c:phone "SEP000000000002" -- at ccm1, as the next one
local talk = c:phone "SEP000000000001"
local udp  = c:phone "SEP000000000003" -- at ccm2, as all that follow
local old  = c:phone "SEP000000000005"
local ivr  = c:app("ivr", { user = "ivr", ctimanagers = { "ccm2" } })

for _, device in ipairs { "SEP000000000001", "SEP000000000002", "SEP000000000003", "SEP000000000005" } do
	ivr:open(device)
	expect(ivr, "LineInService", { device = device }, within "3s", clause "DEV-01")
end
local m = mark()
talk:call "1005"
expect(old, "StationCallState", { state = "RingIn" }, within "2s", from(m))
old:answer()
expect(talk, "MediaStreamStarted", within "3s", from(m), clause "CAL-01")
expect(old, "MediaStreamStarted", within "3s", from(m), clause "CAL-01")
udp:call "1002"
expect(idle, "SipInvite", within "2s", from(m), clause "CAL-01")

m = mark()
c:kill("ccm1", "callmanager")
expect(ivr, sequence {
	{ "LineOutOfService",   device = "SEP000000000002", cause = "CALLMANAGER_FAILURE" },
	{ "DeviceOutOfService", device = "SEP000000000002", cause = "CALLMANAGER_FAILURE" },
	{ "DeviceInService",    device = "SEP000000000002", node = "ccm2" },
	{ "LineInService",      device = "SEP000000000002" },
}, within "5s", from(m), clause "CMF-02", clause "CMF-04")
expect(idle, "SipRegisterOk", { node = "ccm2" }, within "5s", from(m), clause "CMF-02")
expect(udp, "SipFailure", within "3s", from(m), clause "CAL-03")
expect(ivr, "CallClosed", { device = "SEP000000000003" }, within "3s", from(m), clause "CAL-03")
udp:hangup()
never(talk, "SipRegisterOk", within "2s", from(m), clause "CMF-14")
never(talk, "MediaStreamStopped", within "500ms", from(m), clause "CAL-02")
never(ivr, "DeviceInService", { device = "SEP000000000001" }, within "500ms", from(m), clause "CMF-03")
never(ivr, "CallClosed", { device = "SEP000000000005" }, within "500ms", from(m), clause "CAL-05")

m = mark()
talk:hangup()
expect(talk, "SipRegisterOk", { node = "ccm2" }, within "5s", from(m), clause "CMF-14")
expect(ivr, "DeviceInService", { device = "SEP000000000001", node = "ccm2" }, within "5s", from(m), clause "CMF-02")
expect(old, "StationCallState", { state = "OnHook" }, within "5s", from(m), clause "CAL-04")

-- With a call it stays where it is, and comes back when that has ended.
m = mark()
talk:call "1005"
expect(old, "StationCallState", { state = "RingIn" }, within "2s", from(m))
old:answer()
expect(talk, "MediaStreamStarted", within "3s", from(m))
m = mark()
c:start("ccm1", "callmanager")
expect(idle, "SipRegisterOk", { node = "ccm1" }, within "60s", from(m), clause "CMF-15")
expect(ivr, sequence {
	{ "DeviceOutOfService", device = "SEP000000000002", cause = "REHOME_TO_HIGHER_PRIORITY_CM" },
	{ "DeviceInService",    device = "SEP000000000002", node = "ccm1" },
}, within "5s", from(m), clause "CMF-15")
never(talk, "SipRegisterOk", { node = "ccm1" }, within "2s", from(m), clause "CMF-15")
talk:hangup()
expect(talk, "SipRegisterOk", { node = "ccm1" }, within "60s", from(m), clause "CMF-15")

-- A partition: a phone that reaches the other side only registers there; healed, it is where it belongs, once.
m = mark()
c:cut("phones", "ccm1")
expect(idle, "SipRegisterOk", { node = "ccm2" }, within "20s", from(m), clause "CMF-17")
c:heal("phones", "ccm1")
expect(idle, "SipRegisterOk", { node = "ccm1" }, within "60s", from(m), clause "CMF-17")
expect(ivr, "DeviceInService", { device = "SEP000000000002", node = "ccm1" }, within "5s", from(m), clause "CMF-17")

-- Nobody is left to register with.
m = mark()
c:kill("ccm2", "callmanager") -- the one to fail over to first
c:kill("ccm1", "callmanager")
expect(ivr, "DeviceOutOfService", { device = "SEP000000000002" }, within "5s", from(m), clause "CMF-03")
never(ivr, "DeviceInService", { device = "SEP000000000002" }, within "3s", from(m), clause "CMF-03")

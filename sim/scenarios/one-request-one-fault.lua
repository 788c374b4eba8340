-- The run whose ladders docs/architecture.md shows (scripts/ladder): an application that is connected to
-- ccm3 makes a call from its port at ccm1 to a phone at ccm2, which answers; then the CallManager of the
-- port dies.
local c     = cluster "two-groups"
local ivr   = c:app("ivr", { user = "ivr", ctimanagers = { "ccm3" } })
local phone = c:phone "SEP000000000011"

ivr:open "CTIP_6001"
expect(ivr, "LineInService", { device = "CTIP_6001", node = "ccm1" }, within "5s", clause "CMF-01")
expect(phone, "StationRegisterAck", { node = "ccm2" }, within "5s")

local request = mark()
ivr:call("CTIP_6001", "2001")
expect(phone, "StationCallState", { state = "RingIn" }, within "5s", from(request), clause "CAL-01")

local answer = mark()
phone:answer()
expect(ivr, "CallStateChanged", { state = "CONNECTED" }, within "5s", from(answer), clause "CAL-01")
expect(phone, "MediaStreamStarted", within "5s", from(answer), clause "CAL-01")
expect(ivr, "StartTransmission", within "5s", from(answer), clause "MED-01")
ivr:drop "CTIP_6001"
expect(ivr, "CallClosed", within "5s", from(answer))

local fault = mark()
c:kill("ccm1", "callmanager")
expect(ivr, sequence {
	{ "DeviceOutOfService", device = "CTIP_6001", cause = "CALLMANAGER_FAILURE" },
	{ "DeviceInService",    device = "CTIP_6001", node = "ccm2" },
}, within "10s", from(fault), clause "CMF-06")

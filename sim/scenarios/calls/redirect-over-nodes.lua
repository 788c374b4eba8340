-- A call from the west to a port in the east, which its application redirects to a port in the west: the caller has
-- a new party, and the node in the east is no longer in the call's path. Its death is not noticed.
local c    = cluster "two-groups"
local west = c:phone "SEP000000000001"
local ivr  = c:app("ivr", { user = "ivr", ctimanagers = { "ccm3" } })

expect(west, "StationRegisterAck", { node = "ccm1" }, within "5s")
for port, node in pairs { CTIP_6001 = "ccm1", CTIP_7001 = "ccm2" } do
	ivr:open(port)
	expect(ivr, "LineInService", { device = port, node = node }, within "3s", clause "CMF-01")
end

local m = mark()
west:call "7001"
expect(ivr, "NewCall", { device = "CTIP_7001", calling = "1001" }, within "2s", from(m), clause "CAL-01")
ivr:redirect("CTIP_7001", "6001")
expect(ivr, "NewCall", { device = "CTIP_6001", calling = "1001", reason = "REDIRECT" }, within "2s", from(m), clause "CAL-01")
expect(ivr, "CallClosed", { device = "CTIP_7001", cause = "REDIRECTED" }, within "2s", from(m), clause "CAL-01")
ivr:answer "CTIP_6001"
expect(west, "MediaStreamStarted", within "3s", from(m), clause "CAL-01")

m = mark()
c:kill("ccm2", "callmanager")
expect(ivr, "DeviceOutOfService", { device = "CTIP_7001", cause = "CALLMANAGER_FAILURE" }, within "5s", from(m), clause "CMF-04")
never(west, "MediaStreamStopped", within "2s", from(m), clause "CAL-02")
never(ivr, "CallClosed", { device = "CTIP_6001" }, within "100ms", from(m), clause "CAL-02")
west:hold()
expect(west, "StationCallState", { state = "Hold" }, within "2s", from(m), clause "CAL-02")
west:hangup()

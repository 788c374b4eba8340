-- A phone moves while the CTIManager is frozen that controls it. What the CTIManager then finds in its queue is of
-- links that are over, and means nothing; it learns anew where the phone is.
local c    = cluster "two-groups"
local anna = c:phone "SEP000000000001"
local ivr  = c:app("ivr", { user = "ivr", ctimanagers = { "ccm3" }, heartbeat = "30s" })

ivr:open "SEP000000000001"
expect(ivr, "LineInService", { device = "SEP000000000001", node = "ccm1" }, within "2s", clause "DEV-01")
local m = mark()
c:freeze("ccm3", "ctimanager")
c:kill("ccm1", "callmanager")
expect(anna, "StationRegisterAck", { node = "ccm2" }, within "5s", from(m), clause "CMF-02")
advance "4s"
c:thaw("ccm3", "ctimanager")
expect(ivr, sequence {
	{ "DeviceOutOfService", device = "SEP000000000001" },
	{ "DeviceInService",    device = "SEP000000000001", node = "ccm2" },
	{ "LineInService",      device = "SEP000000000001", node = "ccm2" },
}, within "10s", from(m), clause "CMF-02")

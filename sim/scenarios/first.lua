local c   = cluster "three-nodes"
local ivr = c:app("ivr", { user = "ivr", ctimanagers = { "ccm1", "ccm2" } })

ivr:open "CTIRP_5000"
expect(ivr, "DeviceInService", { device = "CTIRP_5000", node = "ccm1" }, within "2s", clause "CMF-01")

local m = mark()
c:kill("ccm1", "callmanager")
expect(ivr, sequence {
	{ "DeviceOutOfService", device = "CTIRP_5000", cause = "CALLMANAGER_FAILURE" },
	{ "DeviceInService",    device = "CTIRP_5000", node = "ccm2" },
}, within "10s", from(m), clause "CMF-06")

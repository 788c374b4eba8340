-- The CallManager of highest priority comes back while one port has a call and the other has none: the idle
-- one rehomes at once, the other when its call has ended. OOS comes before IS.
local c    = cluster "two-groups"
local anna = c:phone "SEP000000000011"
local ivr  = c:app("ivr", { user = "ivr", ctimanagers = { "ccm3" } })

ivr:open "CTIP_6001"
ivr:open "CTIP_6002"
expect(ivr, "LineInService", { device = "CTIP_6001", node = "ccm1" }, within "2s", clause "CMF-01")
expect(ivr, "LineInService", { device = "CTIP_6002", node = "ccm1" }, within "2s", clause "CMF-01")
local m = mark()
c:kill("ccm1", "callmanager")
for _, port in ipairs { "CTIP_6001", "CTIP_6002" } do
	expect(ivr, sequence {
		{ "LineOutOfService",   device = port, cause = "CALLMANAGER_FAILURE" },
		{ "DeviceOutOfService", device = port, cause = "CALLMANAGER_FAILURE" },
		{ "DeviceInService",    device = port, node = "ccm2" },
		{ "LineInService",      device = port, node = "ccm2" },
	}, within "5s", from(m), clause "CMF-06")
end

m = mark()
anna:call "6001"
expect(ivr, "NewCall", { device = "CTIP_6001" }, within "3s", from(m))
ivr:answer "CTIP_6001"
expect(anna, "MediaStreamStarted", within "3s", from(m), clause "CAL-01")

m = mark()
c:start("ccm1", "callmanager")
expect(ivr, sequence {
	{ "DeviceOutOfService", device = "CTIP_6002", cause = "REHOME_TO_HIGHER_PRIORITY_CM" },
	{ "DeviceInService",    device = "CTIP_6002", node = "ccm1" },
}, within "5s", from(m), clause "CMF-07")
never(ivr, "DeviceOutOfService", { device = "CTIP_6001" }, within "2s", from(m), clause "CMF-08")
never(anna, "MediaStreamStopped", within "500ms", from(m), clause "CMF-08")
anna:hangup()
expect(ivr, sequence {
	{ "CallClosed",         device = "CTIP_6001" },
	{ "DeviceOutOfService", device = "CTIP_6001", cause = "REHOME_TO_HIGHER_PRIORITY_CM" },
	{ "DeviceInService",    device = "CTIP_6001", node = "ccm1" },
}, within "5s", from(m), clause "CMF-08")

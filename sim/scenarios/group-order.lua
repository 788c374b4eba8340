-- A port belongs to a group of three. Its CallManager dies twice: each time the next member has it, and
-- none is passed over.
local c   = cluster "two-groups"
local ivr = c:app("ivr", { user = "ivr", ctimanagers = { "ccm3" } })

local m = mark()
ivr:open "CTIP_6001"
expect(ivr, "DeviceInService", { device = "CTIP_6001", node = "ccm1" }, within "2s", from(m), clause "CMF-01")
c:kill("ccm1", "callmanager")
expect(ivr, "DeviceInService", { device = "CTIP_6001", node = "ccm2" }, within "5s", from(m), clause "CMF-01")
never(ivr, "DeviceInService", { node = "ccm3" }, within "1s", from(m), clause "CMF-01")

m = mark()
c:kill("ccm2", "callmanager")
expect(ivr, "DeviceInService", { device = "CTIP_6001", node = "ccm3" }, within "5s", from(m), clause "CMF-01")

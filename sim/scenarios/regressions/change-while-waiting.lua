-- CMF-10, USR-07: no member of the port's group was left. The group was changed to one that was in service, and the CTIManager
-- went on waiting for the old ones.
local c   = cluster "three-nodes"
local ivr = c:app("ivr", { user = "ivr", ctimanagers = { "ccm3" } })

ivr:open "CTIP_6001"
expect(ivr, "DeviceInService", { device = "CTIP_6001", node = "ccm1" }, within "5s")
c:kill "ccm1:callmanager"
c:kill "ccm2:callmanager"
expect(ivr, "DeviceOutOfService", { device = "CTIP_6001", cause = "NOCALLMANAGER_AVAILABLE" }, within "5s", clause "CMF-10")
local m = mark()
c:set_group("devices", "ccm3")
expect(ivr, "DeviceInService", { device = "CTIP_6001", node = "ccm3" }, within "5s", from(m), clause "USR-07")

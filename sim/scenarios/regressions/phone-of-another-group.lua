-- CMF-15, USR-07: the phone's group was changed while the phone was registered nowhere. All members that it knew rejected
-- it, and it never learnt where it belonged now.
local c   = cluster "three-nodes"
local ivr = c:app("ivr", { user = "ivr", ctimanagers = { "ccm3" } })
local sep = "SEP000000000001"

ivr:open(sep)
expect(ivr, "DeviceInService", { device = sep, node = "ccm1" }, within "5s")
c:kill "ccm1:callmanager"
c:kill "ccm2:callmanager"
c:set_group("devices", "ccm3")
local m = mark()
c:start "ccm1"
expect(ivr, "DeviceInService", { device = sep, node = "ccm3" }, within "60s", from(m), clause "USR-07")

-- CMF-18, USR-07: the port was registered at a member of its old group when a second application opened it through another
-- CTIManager, which knew the new group only: it asked there for ever. Now the port goes to its new group as soon as no call
-- is on it, and both applications have it there.
local c     = cluster "three-nodes"
local first = c:app("first", { user = "ivr", ctimanagers = { "ccm1" } })
local other = c:app("other", { user = "ivr", ctimanagers = { "ccm2" } })

first:open("CTIP_6001", { media = "watch" })
expect(first, "DeviceInService", { device = "CTIP_6001", node = "ccm1" }, within "5s")
c:set_group("devices", "ccm3")
local m = mark()
other:open("CTIP_6001", { media = "watch" })
expect(other, "DeviceInService", { device = "CTIP_6001", node = "ccm3" }, within "60s", from(m), clause "CMF-18")
expect(first, sequence { { "DeviceOutOfService", device = "CTIP_6001", cause = "REHOME_TO_HIGHER_PRIORITY_CM" },
                         { "DeviceInService", device = "CTIP_6001", node = "ccm3" } }, within "60s", from(m), clause "CMF-18")

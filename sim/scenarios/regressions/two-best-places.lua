-- CMF-17, USR-07: the route point's group was changed from { ccm1 } to { ccm2, ccm1 }. One CTIManager had it at ccm1, the best place that
-- it knew, another one, which could not reach ccm1, opened it at ccm2, the best that it knew: neither gave way.
local c     = cluster "three-nodes"
local first = c:app("first", { user = "ivr", ctimanagers = { "ccm1" } })
local other = c:app("other", { user = "ivr", ctimanagers = { "ccm2" } })

c:set_group("devices", "ccm1")
first:open("CTIRP_5000", { media = "watch" })
expect(first, "DeviceInService", { device = "CTIRP_5000", node = "ccm1" }, within "5s")
c:set_group("devices", "ccm2,ccm1")
c:cut("ccm2:ctimanager", "ccm1:callmanager")
advance "5s"
local m = mark()
other:open("CTIRP_5000", { media = "watch" })
expect(other, "DeviceInService", { device = "CTIRP_5000", node = "ccm2" }, within "10s", from(m))
expect(first, "DeviceInService", { device = "CTIRP_5000", node = "ccm2" }, within "10s", from(m), clause "CMF-17")
c:heal("ccm2:ctimanager", "ccm1:callmanager")
c:rest()

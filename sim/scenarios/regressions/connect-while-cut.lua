-- APF-05: an application connected while what its CTIManager sends it was cut. The welcome was lost, and the first event after
-- the cut was taken for the second frame: a gap, and the connection was ended as malformed.
local c = cluster "three-nodes"
local ivr = c:app("ivr", { user = "ivr", ctimanagers = { "ccm3" } })

expect(ivr, "ProviderInService", { node = "ccm3" }, within "5s")
c:kill "app:ivr"
c:cut("app:ivr", "ccm3:ctimanager")
c:start "app:ivr"
advance "100ms"
local m = mark()
c:heal("app:ivr", "ccm3:ctimanager")
expect(ivr, "ProviderInService", { node = "ccm3" }, within "1s", from(m), clause "APF-05")

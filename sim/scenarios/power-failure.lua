-- Both programs of a node are lost at once. The application, connected there, sees the loss of its CTIManager only; it
-- reconnects and reopens: ports and route points at the next member, its phone as it fails over.
local c = cluster "three-nodes"
local ivr = c:app("ivr", { user = "ivr", ctimanagers = { "ccm1", "ccm2" } })

ivr:open "CTIRP_5000"
ivr:open "SEP000000000001"
expect(ivr, "LineInService", { device = "CTIRP_5000", node = "ccm1" }, within "2s")
expect(ivr, "LineInService", { device = "SEP000000000001", node = "ccm1" }, within "2s")

local m = mark()
c:kill "ccm1"
expect(ivr, sequence { { "LineOutOfService", device = "CTIRP_5000", cause = "CTIMANAGER_FAILURE" },
                       { "DeviceOutOfService", device = "CTIRP_5000", cause = "CTIMANAGER_FAILURE" },
                       { "ProviderOutOfService" },
                       { "ProviderInService", node = "ccm2" },
                       { "DeviceInService", device = "CTIRP_5000", node = "ccm2" } },
       within "10s", from(m), clause "CTF-01 CTF-08")
never(ivr, "DeviceOutOfService", { cause = "CALLMANAGER_FAILURE" }, within "1s", from(m), clause "CTF-08")
expect(ivr, "DeviceInService", { device = "SEP000000000001", node = "ccm2" }, within "10s", from(m), clause "CTF-08 CTF-04")

-- The node returns: the application stays where it is, the route point rehomes.
m = mark()
c:start "ccm1"
expect(ivr, "DeviceInService", { device = "CTIRP_5000", node = "ccm1" }, within "10s", from(m), clause "CMF-07")
never(ivr, "ProviderOutOfService", within "3s", from(m), clause "CTF-05")

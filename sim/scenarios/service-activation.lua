-- Every node has a CTIManager installed; activation chooses where one runs. A node without it refuses connections, so the
-- application takes the next of its list; activated there and deactivated here, it goes there, and its devices with it.
local c   = cluster "one-ctimanager"
local ivr = c:app("ivr", { user = "ivr", ctimanagers = { "ccm2", "ccm1" } })

expect(ivr, "ProviderInService", { node = "ccm1" }, within "5s", clause "MGR-10")
ivr:open "CTIP_6001"
expect(ivr, "LineInService", { device = "CTIP_6001", node = "ccm1" }, within "2s", clause "MGR-10")

local m = mark()
c:activate("ccm2", "ctimanager")
never(ivr, "ProviderOutOfService", within "2s", from(m), clause "CTF-05")

m = mark()
c:deactivate("ccm1", "ctimanager")
expect(ivr, sequence {
	{ "ProviderOutOfService" },
	{ "ProviderInService", node = "ccm2" },
	{ "LineInService",     device = "CTIP_6001", node = "ccm1" },
}, within "10s", from(m), clause "MGR-10 CTF-01")
local a = c:phone "SEP000000000001"
a:call "6001"
expect(ivr, "NewCall", { device = "CTIP_6001" }, within "2s", clause "MGR-05")
a:hangup()

-- The start of a node starts what is activated on it, and nothing else.
c:kill "ccm1"
c:start "ccm1"
m = mark()
c:kill("ccm2", "ctimanager")
expect(ivr, "ProviderOutOfService", within "5s", from(m), clause "CTF-01")
never(ivr, "ProviderInService", within "3s", from(m), clause "MGR-10")
c:activate("ccm1", "ctimanager")
expect(ivr, "ProviderInService", { node = "ccm1" }, within "60s", from(m), clause "MGR-10")

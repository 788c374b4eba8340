-- Both CallManagers of a port's group are gone, then the application's CTIManager, too. The port is out of service
-- once, and for the reason that it has been; the first member that comes back has it.
local c   = cluster "two-groups"
local ivr = c:app("ivr", { user = "ivr", ctimanagers = { "ccm1", "ccm3" } })

ivr:open "CTIP_7001"
expect(ivr, "LineInService", { device = "CTIP_7001", node = "ccm2" }, within "2s", clause "CMF-01")
local m = mark()
c:kill("ccm3", "callmanager")
c:kill("ccm2", "callmanager")
expect(ivr, "DeviceOutOfService", { cause = "NOCALLMANAGER_AVAILABLE" }, within "5s", from(m), clause "CMF-05")

m = mark()
c:kill("ccm1", "ctimanager")
expect(ivr, "ProviderOutOfService", within "5s", from(m), clause "CTF-01")
never(ivr, "DeviceOutOfService", within "2s", from(m), clause "CMF-06")
expect(ivr, "ProviderInService", { node = "ccm3" }, within "5s", from(m), clause "CTF-02")

m = mark()
c:start("ccm3", "callmanager")
expect(ivr, "DeviceInService", { device = "CTIP_7001", node = "ccm3" }, within "5s", from(m), clause "CMF-10")

-- The CallManager that holds an application's route point is killed: the application is told, and has the
-- route point back on the next member of its group; when the first one returns, it rehomes.
local c = cluster "three-nodes"
local ivr = c:app("ivr", { user = "ivr", ctimanagers = { "ccm1", "ccm2" } })

expect(ivr, "ProviderInService", { node = "ccm1" }, within "5s")
ivr:open "CTIRP_5000"
expect(ivr, sequence { { "DeviceInService", device = "CTIRP_5000", node = "ccm1" },
                       { "LineInService", device = "CTIRP_5000", dn = "5000", node = "ccm1" } },
       within "2s", clause "CMF-01")

local m = mark()
c:kill("ccm1", "callmanager")
expect(ivr, sequence { { "LineOutOfService", dn = "5000", cause = "CALLMANAGER_FAILURE" },
                       { "DeviceOutOfService", device = "CTIRP_5000", cause = "CALLMANAGER_FAILURE" },
                       { "DeviceInService", device = "CTIRP_5000", node = "ccm2" },
                       { "LineInService", dn = "5000" } },
       within "10s", from(m), clause "CMF-04 CMF-06")
never(ivr, "ProviderOutOfService", within "1s", from(m), clause "CMF-04")

local back = mark()
c:start "ccm1:callmanager"
expect(ivr, sequence { { "DeviceOutOfService", device = "CTIRP_5000", cause = "REHOME_TO_HIGHER_PRIORITY_CM" },
                       { "DeviceInService", device = "CTIRP_5000", node = "ccm1" } },
       within "10s", from(back), clause "CMF-07")

-- A CallManager that is stopped in order says so: the application is told at once, and its phone fails over.
local c = cluster "three-nodes"
local ivr = c:app("ivr", { user = "ivr", ctimanagers = { "ccm2", "ccm1" } })
local a = c:phone "SEP000000000001"

ivr:open "CTIP_6001"
ivr:open "SEP000000000001"
expect(ivr, "LineInService", { device = "CTIP_6001", node = "ccm1" }, within "2s")
expect(ivr, "LineInService", { device = "SEP000000000001", node = "ccm1" }, within "2s")

local m = mark()
c:term("ccm1", "callmanager")
expect(ivr, sequence { { "DeviceOutOfService", device = "CTIP_6001", cause = "CALLMANAGER_FAILURE" },
                       { "DeviceInService", device = "CTIP_6001", node = "ccm2" } },
       within "1s", from(m), clause "CMF-12 CMF-01")
expect(a, "StationRegisterAck", { node = "ccm2" }, within "5s", from(m), clause "CMF-02")
expect(ivr, sequence { { "DeviceOutOfService", device = "SEP000000000001" },
                       { "DeviceInService", device = "SEP000000000001", node = "ccm2" } },
       within "5s", from(m), clause "CMF-02")

-- It returns: the port rehomes, the idle phone goes back by itself, and the application is told.
m = mark()
c:start "ccm1:callmanager"
expect(ivr, sequence { { "DeviceOutOfService", device = "CTIP_6001", cause = "REHOME_TO_HIGHER_PRIORITY_CM" },
                       { "DeviceInService", device = "CTIP_6001", node = "ccm1" } },
       within "5s", from(m), clause "CMF-07")
expect(a, "StationRegisterAck", { node = "ccm1" }, within "60s", from(m), clause "CMF-15")
expect(ivr, sequence { { "DeviceOutOfService", device = "SEP000000000001", cause = "REHOME_TO_HIGHER_PRIORITY_CM" },
                       { "DeviceInService", device = "SEP000000000001", node = "ccm1" } },
       within "60s", from(m), clause "CMF-15")

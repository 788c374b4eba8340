-- The CallManager dies at a signal and not at a time: it has just handled the set-up of a call to the route point,
-- and nobody has heard of it yet.
local c   = cluster "three-nodes"
local ivr = c:app("ivr", { user = "ivr", ctimanagers = { "ccm3" } })

ivr:open "CTIRP_5000"
expect(ivr, "DeviceInService", { device = "CTIRP_5000", node = "ccm1" }, within "2s", clause "CMF-01")
c:crash_at("ccm1:callmanager", "CcSetupReq", { moment = "after_handled" })
c:phone("SEP000000000001"):call "5000"
expect(ivr, sequence { { "DeviceOutOfService", cause = "CALLMANAGER_FAILURE" },
                       { "DeviceInService", node = "ccm2" } }, within "10s", clause "CMF-06")
never(ivr, "NewCall", { device = "CTIRP_5000" }, within "1s", clause "CAL-03")
c:start "ccm1"
expect(ivr, "DeviceInService", { device = "CTIRP_5000", node = "ccm1" }, within "5s", clause "CMF-07")

-- CMF-15: a phone went back to its first CallManager; the CTIManager heard from that one that the phone is there
-- before it heard from the other one, over a slow line, that it is gone. The first news was forgotten, and the phone
-- stayed out of service for its applications.
local c   = cluster("three-nodes", { seed = "1", speed = 10 })
local ivr = c:app("ivr", { user = "ivr", ctimanagers = { "ccm3" } })
local sep = "SEP000000000001"

c:kill "ccm1:callmanager"
expect(c:phone(sep), "StationRegisterAck", { node = "ccm2" }, within "5s", clause "CMF-02")
ivr:open(sep)
expect(ivr, "DeviceInService", { device = sep, node = "ccm2" }, within "5s", clause "CMF-02")
c:slow("ccm3:ctimanager", "ccm2:callmanager", "1050ms")
local m = mark()
c:start "ccm1:callmanager"
expect(ivr, sequence {
	{ "DeviceOutOfService", device = sep, cause = "REHOME_TO_HIGHER_PRIORITY_CM" },
	{ "DeviceInService",    device = sep, node = "ccm1" },
}, within "20s", from(m), clause "CMF-15")
c:rest()

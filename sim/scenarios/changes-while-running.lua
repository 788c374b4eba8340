-- An administrator changes the configuration of a running cluster: a line's settings count from the next call on, a restricted
-- device can be opened by nobody, and one that is taken out of a user's list not by that user.
local c   = cluster "three-nodes"
local ivr = c:app("ivr", { user = "ivr", ctimanagers = { "ccm2" } })
local a   = c:phone "SEP000000000001"

a:call "5000"
expect(c:phone "SEP000000000007", "StationCallState", { state = "RingIn" }, within "5s", clause "APF-04")
a:hangup()

c:set_line("CTIRP_5000", { cfna = "1003" })
advance "200ms"
a:call "5000"
expect(c:phone "SEP000000000003", "StationCallState", { state = "RingIn" }, within "5s", clause "APF-04")
a:hangup()

c:set_device("CTIRP_5000", { cti = "restricted" })
ivr:open "CTIRP_5000"
expect(ivr, "Response", { result = "DEVICE_RESTRICTED" }, within "2s", clause "USR-06")
c:set_device("CTIRP_5000", { cti = "allowed" })
c:dissociate("ivr", "CTIRP_5000")
ivr:open "CTIRP_5000"
expect(ivr, "Response", { result = "ACCESS_TO_DEVICE_DENIED" }, within "2s", clause "USR-01")
c:associate("ivr", "CTIRP_5000")
ivr:open "CTIRP_5000"
expect(ivr, "DeviceInService", { device = "CTIRP_5000", node = "ccm1" }, within "5s", clause "USR-01")

-- The order of the group counts when the device registers next.
local m = mark()
c:set_group("devices", "ccm2,ccm1")
never(ivr, "DeviceOutOfService", { device = "CTIRP_5000" }, within "3s", from(m), clause "USR-07")
c:kill("ccm1", "callmanager")
expect(ivr, "DeviceInService", { device = "CTIRP_5000", node = "ccm2" }, within "5s", from(m), clause "USR-07")
m = mark()
c:start "ccm1"
never(ivr, "DeviceOutOfService", { device = "CTIRP_5000" }, within "3s", from(m), clause "USR-07")

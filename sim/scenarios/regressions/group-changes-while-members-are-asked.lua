-- CMF-07: the group of a phone was changed while its CTIManager still waited for an answer of a member of the old group,
-- which was frozen. When that one answered that the phone is not there, the CTIManager went on waiting for the old
-- group, and the phone stayed out of service for its applications.
local c   = cluster("three-nodes", { seed = "1", speed = 10 })
local sep = "SEP000000000001"
local two = c:phone "SEP000000000002"

c:freeze("ccm2:callmanager")
c:set_group("devices", "ccm3,ccm2")
c:phone(sep):call "1002"
expect(two, "StationCallState", { state = "RingIn" }, within "5s")
local ivr = c:app("ivr", { user = "ivr", ctimanagers = { "ccm2" }, wait = false })
ivr:open(sep)
advance "10ms"
c:set_group("devices", "ccm1,ccm3")
two:answer()
c:rest()

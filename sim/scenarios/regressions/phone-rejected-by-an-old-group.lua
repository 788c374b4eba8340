-- CMF-15, USR-07: the phone's group was changed and changed back. The first member had rejected the phone in between, and the phone
-- did not go back to it although it had been told of its group anew.
local c   = cluster "three-nodes"
local sep = "SEP000000000001"

c:set_group("devices", "ccm3")
c:kill "ccm3:callmanager"
c:term "ccm2:callmanager"
c:kill "ccm1:callmanager"
c:start "ccm1:callmanager"
advance "10ms"
c:set_group("devices", "ccm1,ccm2")
local m = mark()
c:start "ccm2:callmanager"
c:start "ccm3:callmanager"
expect(c:phone(sep), "StationRegisterAck", { node = "ccm1" }, within "60s", from(m), clause "CMF-15")

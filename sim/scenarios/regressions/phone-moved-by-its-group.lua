-- CMF-02, USR-07: a CTIManager lost the CallManager that had the phone, and read that the phone's group was another one now. The member
-- that was left knew of its interest already and was not told of the new group; nobody asked the phone to register anew.
local c   = cluster "three-nodes"
local ivr = c:app("ivr", { user = "ivr", ctimanagers = { "ccm2" } })
local sep = "SEP000000000001"

ivr:open(sep)
expect(ivr, "DeviceInService", { device = sep, node = "ccm1" }, within "5s")
c:set_group("devices", "ccm2")
local m = mark()
c:cut("ccm1:callmanager", "ccm2:ctimanager", { one_way = true })
expect(ivr, sequence { { "DeviceOutOfService", device = sep, cause = "CALLMANAGER_FAILURE" },
                       { "DeviceInService", device = sep, node = "ccm2" } }, within "20s", from(m), clause "CMF-02")
c:heal("ccm1:callmanager", "ccm2:ctimanager")

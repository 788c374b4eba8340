-- CMF-02, USR-07: the phone's group had been changed when an application opened it. Its CTIManager looked at the new members
-- only, the phone stayed at an old one, and was out of service for ever. Now it registers anew, as soon as it has no call.
local c   = cluster "three-nodes"
local ivr = c:app("ivr", { user = "ivr", ctimanagers = { "ccm3" } })
local sep = "SEP000000000001"
local a   = c:phone(sep)

a:call "1002"
advance "1s"
c:set_group("devices", "ccm3")
ivr:open(sep)
local m = mark()
never(ivr, "DeviceInService", { device = sep }, within "3s", from(m), clause "USR-07")
a:hangup()
expect(ivr, "DeviceInService", { device = sep, node = "ccm3" }, within "10s", from(m), clause "USR-07")

-- The group of a SIP phone is changed while the phone is registered nowhere. Who refuses its REGISTER says where it belongs
-- now, and so it goes there; and back, when that is changed back, although the first member has refused it in between.
local c   = cluster "park-and-pickup"
local ivr = c:app("ivr", { user = "ivr", ctimanagers = { "ccm1" } })
local sep = "SEP000000000031" -- group ccm2, ccm3

ivr:open(sep)
expect(ivr, "DeviceInService", { device = sep, node = "ccm2" }, within "5s")
c:kill "ccm2:callmanager"
c:kill "ccm3:callmanager"
c:set_group("second", "ccm1")
local m = mark()
c:start "ccm3:callmanager"
expect(c:phone(sep), "SipRegisterFailure", { status = 403, group = "1" }, within "20s", from(m), clause "USR-07")
expect(c:phone(sep), "SipRegisterOk", { node = "ccm1" }, within "20s", from(m), clause "USR-07")
expect(ivr, "DeviceInService", { device = sep, node = "ccm1" }, within "20s", from(m), clause "USR-07")

m = mark()
c:set_group("second", "ccm3,ccm1")
c:kill "ccm1:callmanager"
expect(ivr, "DeviceOutOfService", { device = sep }, within "5s", from(m), clause "CMF-04")
c:start "ccm1:callmanager"
expect(c:phone(sep), "SipRegisterOk", { node = "ccm3" }, within "60s", from(m), clause "USR-07")
expect(ivr, "DeviceInService", { device = sep, node = "ccm3" }, within "20s", from(m), clause "USR-07")

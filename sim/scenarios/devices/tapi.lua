-- A TAPI application's ports have exactly one line. With two it is refused, by name; others may have it.
local c    = cluster "devices"
local tapi = c:app("desk", { user = "ivr", ctimanagers = { "ccm1" }, kind = "TAPI" })
local jtapi = c:app("acd", { ctimanagers = { "ccm1" } })

local m = mark()
tapi:open "CTIP_6100"
expect(tapi, "Response", { result = "OPERATION_NOT_ALLOWED" }, within "2s", from(m), clause "PRT-04")
never(tapi, "DeviceInService", { device = "CTIP_6100" }, within "500ms", from(m), clause "PRT-04")
tapi:open "CTIP_6001"
expect(tapi, "LineInService", { device = "CTIP_6001" }, within "2s", from(m), clause "PRT-04")
tapi:open "CTIRP_5000" -- a route point may have as many as it likes
expect(tapi, "LineInService", { device = "CTIRP_5000", dn = "5001" }, within "2s", from(m), clause "RTP-02")
jtapi:open "CTIP_6100"
expect(jtapi, "LineInService", { device = "CTIP_6100", dn = "6101" }, within "2s", from(m), clause "MGR-11")

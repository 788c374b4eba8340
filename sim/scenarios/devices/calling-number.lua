-- A redirect may show the new party another calling number than the caller's own, if the user's groups allow it.
local c   = cluster "devices"
local a   = c:phone "SEP000000000001"
local b   = c:phone "SEP000000000012" -- 2002
local ivr = c:app("ivr", { ctimanagers = { "ccm1" } })
local acd = c:app("acd", { ctimanagers = { "ccm2" } })

ivr:open "CTIRP_5000"
acd:open "CTIRP_5000"
expect(ivr, "LineInService", { dn = "5000" }, within "2s")
expect(acd, "LineInService", { dn = "5000" }, within "2s")

local m = mark()
a:call "5000"
expect(ivr, "NewCall", within "3s", from(m))
expect(acd, "NewCall", within "3s", from(m))
ivr:redirect("CTIRP_5000", "2002", { calling = "9000" })
expect(ivr, "Response", { result = "REDIRECT_UNAUTHORIZED_COMMAND_USAGE" }, within "3s", from(m), clause "GRP-03")
never(b, "StationCallState", { state = "RingIn" }, within "300ms", from(m), clause "GRP-03")
acd:redirect("CTIRP_5000", "2002", { calling = "9000" })
expect(acd, "Response", { result = "SUCCESS" }, within "3s", from(m), clause "GRP-03")
expect(b, "StationCallInfo", { calling_party = "9000" }, within "3s", from(m), clause "GRP-03")

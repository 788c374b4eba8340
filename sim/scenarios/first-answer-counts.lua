-- Two applications have a route point open for dynamic media. A call is answered: both are asked where it is to be
-- heard, both say so, and the first one is believed.
local c    = cluster "two-groups"
local anna = c:phone "SEP000000000001"
local ivr  = c:app("ivr", { user = "ivr", ctimanagers = { "ccm3" } })
local acd  = c:app("acd", { user = "acd", ctimanagers = { "ccm1" } })

ivr:open "CTIRP_5000"
acd:open "CTIRP_5000"
expect(ivr, "LineInService", { device = "CTIRP_5000" }, within "2s", clause "MED-05")
expect(acd, "LineInService", { device = "CTIRP_5000" }, within "2s", clause "MED-05")
local m = mark()
anna:call "5000"
expect(ivr, "NewCall", within "3s", from(m))
expect(acd, "NewCall", within "3s", from(m))
ivr:answer "CTIRP_5000"
expect(ivr, "DeviceCallOpenLogicalChannel", within "3s", from(m), clause "MED-08")
expect(acd, "DeviceCallOpenLogicalChannel", within "3s", from(m), clause "MED-08")
expect(anna, "MediaStreamStarted", within "3s", from(m), clause "MED-03")
local late = { result = "OPERATION_NOT_AVAILABLE_IN_CURRENT_STATE" }
eventually(function() return seen(ivr, "Response", late, from(m)) + seen(acd, "Response", late, from(m)) == 1 end,
	within "3s", clause "MED-08")

-- A port's line has one call; the next caller finds it busy, and the call that is there does not notice.
local c    = cluster "two-groups"
local anna = c:phone "SEP000000000001"
local bert = c:phone "SEP000000000011"
local ivr  = c:app("ivr", { user = "ivr", ctimanagers = { "ccm3" } })

ivr:open "CTIP_6001"
expect(ivr, "LineInService", { device = "CTIP_6001" }, within "2s")
ivr:auto("answer", "CTIP_6001")
local m = mark()
anna:call "6001"
expect(anna, "StationCallState", { state = "Connected" }, within "3s", from(m), clause "CAL-01")
bert:call "6001"
expect(bert, "StationCallState", { state = "Busy" }, within "3s", from(m), clause "PRT-03")
never(anna, "StationCallState", { state = "OnHook" }, within "500ms", from(m), clause "PRT-03")
anna:hangup()
bert:hangup()

-- A port's line has one voice. With two lines there are two calls at once; with none free the next caller finds it busy,
-- or goes where the busy forward says.
local c    = cluster "devices"
local a    = c:phone "SEP000000000001"
local b    = c:phone "SEP000000000002"
local d    = c:phone "SEP000000000011"
local cfb  = c:phone "SEP000000000004"
local ivr  = c:app("ivr", { ctimanagers = { "ccm3" } })

ivr:open "CTIP_6100"
ivr:open "CTIP_6200"
expect(ivr, "LineInService", { device = "CTIP_6100", dn = "6100" }, within "2s", clause "PRT-01")
expect(ivr, "LineInService", { device = "CTIP_6100", dn = "6101" }, within "2s", clause "PRT-01")
expect(ivr, "LineInService", { device = "CTIP_6200" }, within "2s", clause "PRT-01")
ivr:auto("answer", "CTIP_6100")
ivr:auto("answer", "CTIP_6200")

local m = mark()
a:call "6100"
b:call "6101"
expect(a, "StationCallState", { state = "Connected" }, within "3s", from(m), clause "PRT-03")
expect(b, "StationCallState", { state = "Connected" }, within "3s", from(m), clause "PRT-03")
expect(a, "MediaStreamStarted", within "3s", from(m), clause "PRT-03")
expect(b, "MediaStreamStarted", within "3s", from(m), clause "PRT-03")
m = mark()
d:call "6100"
expect(d, "StationCallState", { state = "Busy" }, within "3s", from(m), clause "PRT-03")
d:hangup()
expect(d, "StationCallState", { state = "OnHook" }, within "3s", from(m))

say "The other line is free as soon as its caller has gone."
m = mark()
b:hangup()
expect(ivr, "CallClosed", { device = "CTIP_6100", dn = "6101" }, within "3s", from(m))
d:call "6101"
expect(d, "StationCallState", { state = "Connected" }, within "3s", from(m), clause "PRT-03")

say "A port is configured as a phone is: its forwards work as a phone's."
m = mark()
b:call "6200"
expect(b, "StationCallState", { state = "Connected" }, within "3s", from(m), clause "PRT-02")
c:phone("SEP000000000003"):call "6200"
expect(cfb, "StationCallState", { state = "RingIn" }, within "3s", from(m), clause "PRT-02")

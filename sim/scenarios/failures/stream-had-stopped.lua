-- Cleo's CallManager freezes, and Anna hangs up before anybody has noticed: Cleo's phone hears the stream end and is
-- told nothing. When it finds that its CallManager is gone there is no stream to keep: it goes to the next one.
local c    = cluster "park-and-pickup"
local anna = c:phone "SEP000000000001" -- 1001, at ccm1
local cleo = c:phone "SEP000000000011" -- 2001, at ccm2
local ivr  = c:app("ivr", { user = "ivr", ctimanagers = { "ccm3" } })

local m = mark()
ivr:open "SEP000000000011"
expect(ivr, "LineInService", { device = "SEP000000000011", node = "ccm2" }, within "2s", from(m))
anna:call "2001"
expect(cleo, "StationCallState", { state = "RingIn" }, within "3s", from(m))
cleo:answer()
expect(anna, "MediaStreamStarted", within "3s", from(m))
expect(cleo, "MediaStreamStarted", within "3s", from(m))

m = mark()
c:freeze "ccm2:callmanager"
anna:hangup()
expect(cleo, "MediaStreamStopped", within "1s", from(m), clause "CAL-04")
expect(cleo, "StationRegisterAck", { node = "ccm3" }, within "6s", from(m), clause "CAL-04")
expect(ivr, "CallClosed", { device = "SEP000000000011", cause = "CALLMANAGER_FAILURE" }, within "5s", from(m),
	clause "CMF-04")
expect(ivr, "DeviceInService", { device = "SEP000000000011", node = "ccm3" }, within "5s", from(m), clause "CMF-06")
m = mark()
anna:call "2001"
expect(cleo, "StationCallState", { state = "RingIn" }, within "3s", from(m), clause "CMF-02")

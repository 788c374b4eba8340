-- Cleo has connected Anna and Dora, and is out of the call: when Cleo's CallManager dies, they notice nothing, and
-- may do everything.
local c    = cluster "park-and-pickup"
local anna = c:phone "SEP000000000001" -- 1001, at ccm1
local cleo = c:phone "SEP000000000011" -- 2001, at ccm2
local dora = c:phone "SEP000000000021" -- 3001, at ccm3

local m = mark()
anna:call "2001"
expect(cleo, "StationCallState", { state = "RingIn" }, within "3s", from(m))
cleo:answer()
expect(anna, "MediaStreamStarted", within "3s", from(m))
cleo:transfer "3001"
expect(dora, "StationCallState", { state = "RingIn" }, within "3s", from(m))
dora:answer()
expect(dora, "MediaStreamStarted", within "3s", from(m))
m = mark()
cleo:transfer()
expect(cleo, "StationCallState", { state = "OnHook" }, within "3s", from(m), clause "CAL-01")
expect(anna, "MediaStreamStarted", within "3s", from(m), clause "CAL-01")
expect(dora, "MediaStreamStarted", within "3s", from(m), clause "CAL-01")

m = mark()
c:kill("ccm2", "callmanager")
expect(cleo, "StationRegisterAck", { node = "ccm3" }, within "5s", from(m), clause "CMF-02")
never(anna, "MediaStreamStopped", within "4s", from(m), clause "CAL-02")
never(dora, "MediaStreamStopped", within "500ms", from(m), clause "CAL-02")
anna:hold()
expect(dora, "StationCloseReceiveChannel", within "2s", from(m), clause "CAL-02")
m = mark()
anna:resume()
expect(dora, "MediaStreamStarted", within "3s", from(m), clause "CAL-02")
dora:hangup()
expect(anna, "StationCallState", { state = "OnHook" }, within "2s", from(m), clause "CAL-02")

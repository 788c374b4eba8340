-- A call is parked, retrieved at another node, given back to who parked it; and ends with the node where it is
-- parked.
local c    = cluster "park-and-pickup"
local anna = c:phone "SEP000000000001" -- 1001, at ccm1
local bert = c:phone "SEP000000000002" -- 1002, at ccm1
local cleo = c:phone "SEP000000000011" -- 2001, at ccm2
local dora = c:phone "SEP000000000021" -- 3001, at ccm3
local ivr  = c:app("ivr", { user = "ivr", ctimanagers = { "ccm3" } })

-- Anna parks Dora, and her display says where.
local m = mark()
dora:call "1001"
expect(anna, "StationCallState", { state = "RingIn" }, within "3s", from(m))
anna:answer()
expect(dora, "StationCallState", { state = "Connected" }, within "3s", from(m))
expect(dora, "MediaStreamStarted", within "3s", from(m))
m = mark()
anna:park()
expect(anna, "StationDisplayPromptStatus", { text = "Call Park At 7701" }, within "2s", from(m), clause "CAL-01")
expect(anna, "StationCallState", { state = "OnHook" }, within "2s", from(m), clause "CAL-01")
expect(dora, "StationCloseReceiveChannel", within "2s", from(m), clause "CAL-01")

-- There is no second number at ccm1: Bert's call with Cleo stays where it is.
cleo:call "1002"
expect(bert, "StationCallState", { state = "RingIn" }, within "3s", from(m))
bert:answer()
expect(cleo, "StationCallState", { state = "Connected" }, within "3s", from(m))
bert:park()
expect(bert, "StationDisplayPromptStatus", { text = "No Park Number Available" }, within "2s", from(m))
never(bert, "StationCallState", { state = "OnHook" }, within "500ms", from(m))
bert:hangup()
expect(cleo, "StationCallState", { state = "OnHook" }, within "2s", from(m))

-- Cleo retrieves at another node. From then on the node where the call was parked does not matter.
m = mark()
cleo:call "7701"
expect(cleo, "StationCallState", { state = "Connected" }, within "3s", from(m), clause "CAL-01")
expect(cleo, "MediaStreamStarted", within "3s", from(m), clause "CAL-01")
expect(dora, "MediaStreamStarted", within "3s", from(m), clause "CAL-01")
m = mark()
c:kill("ccm1", "callmanager")
never(dora, "MediaStreamStopped", within "2s", from(m), clause "CAL-02")
never(cleo, "StationCallState", { state = "OnHook" }, within "500ms", from(m), clause "CAL-02")
c:start("ccm1", "callmanager")
cleo:hangup()
expect(dora, "StationCallState", { state = "OnHook" }, within "3s", from(m), clause "CAL-01")
expect(anna, "StationRegisterAck", { node = "ccm1" }, within "60s", from(m), clause "CMF-15")

-- An application parks and retrieves; what is no park number, or holds no call, is refused by name.
m = mark()
ivr:open "CTIP_7001"
expect(ivr, "LineInService", { device = "CTIP_7001" }, within "3s", from(m))
dora:call "7001"
expect(ivr, "NewCall", { device = "CTIP_7001" }, within "3s", from(m))
ivr:answer "CTIP_7001"
expect(dora, "MediaStreamStarted", within "3s", from(m))
m = mark()
ivr:park "CTIP_7001"
expect(ivr, "CallClosed", { device = "CTIP_7001" }, within "3s", from(m), clause "CAL-01")
ivr:unpark("CTIP_7001", "1001")
expect(ivr, "Response", { result = "INVALID_PARK_DN" }, within "2s", from(m), clause "CAL-01")
ivr:unpark("CTIP_7001", "7735")
expect(ivr, "Response", { result = "CALL_UNPARK_FAILED" }, within "2s", from(m), clause "CAL-01")
m = mark()
ivr:unpark("CTIP_7001", "7720")
expect(ivr, "CallStateChanged", { state = "CONNECTED" }, within "3s", from(m), clause "CAL-01")
expect(dora, "MediaStreamStarted", within "3s", from(m), clause "CAL-01")

-- Nobody retrieves: back to who parked it.
m = mark()
dora:hangup()
expect(ivr, "CallClosed", { device = "CTIP_7001" }, within "3s", from(m))
cleo:call "3001"
expect(dora, "StationCallState", { state = "RingIn" }, within "3s", from(m))
dora:answer()
expect(cleo, "MediaStreamStarted", within "3s", from(m))
m = mark()
cleo:park()
expect(cleo, "StationCallState", { state = "OnHook" }, within "3s", from(m))
never(cleo, "StationCallState", { state = "RingIn" }, within(scaled "15s"), from(m))
expect(cleo, "StationCallState", { state = "RingIn" }, within(scaled "10s"), from(m), clause "CAL-01")
cleo:answer()
expect(dora, "MediaStreamStarted", within "3s", from(m), clause "CAL-01")

-- Parked again, and the node where it is parked dies.
m = mark()
cleo:park()
expect(cleo, "StationCallState", { state = "OnHook" }, within "3s", from(m))
c:kill("ccm2", "callmanager")
expect(dora, "StationCallState", { state = "OnHook" }, within "5s", from(m), clause "CAL-03")

-- The other way round: the parked party's node dies, and the only park number of ccm1 is free again.
c:start("ccm2", "callmanager")
expect(cleo, "StationRegisterAck", { node = "ccm2" }, within "60s", from(m), clause "CMF-15")
m = mark()
dora:call "1001"
expect(anna, "StationCallState", { state = "RingIn" }, within "3s", from(m))
anna:answer()
expect(dora, "MediaStreamStarted", within "3s", from(m))
anna:park()
expect(anna, "StationDisplayPromptStatus", { text = "Call Park At 7701" }, within "2s", from(m))
c:kill("ccm3", "callmanager")
expect(dora, "StationRegisterAck", { node = "ccm1" }, within "60s", from(m), clause "CAL-03")
m = mark()
bert:call "1001"
expect(anna, "StationCallState", { state = "RingIn" }, within "3s", from(m))
anna:answer()
expect(bert, "MediaStreamStarted", within "3s", from(m))
anna:park()
expect(anna, "StationDisplayPromptStatus", { text = "Call Park At 7701" }, within "2s", from(m), clause "CAL-03")

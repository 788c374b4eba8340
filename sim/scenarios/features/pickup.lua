-- A call rings, and somebody else of the group picks it up, at whichever node; an application does it, too.
local c    = cluster "park-and-pickup"
local anna = c:phone "SEP000000000001" -- 1001, at ccm1
local bert = c:phone "SEP000000000002" -- 1002, at ccm1
local cleo = c:phone "SEP000000000011" -- 2001, at ccm2
local dora = c:phone "SEP000000000021" -- 3001, at ccm3
local ivr  = c:app("ivr", { user = "ivr", ctimanagers = { "ccm3" } })

-- Nothing rings.
local m = mark()
expect(cleo, "StationRegisterAck", { node = "ccm2" }, within "5s")
cleo:pickup()
expect(cleo, "StationDisplayPromptStatus", { text = "No Call For Pickup" }, within "2s", from(m), clause "CAL-01")

-- Dora calls Anna; Cleo picks up at another node, and answers.
m = mark()
dora:call "1001"
expect(anna, "StationCallState", { state = "RingIn" }, within "3s", from(m))
cleo:pickup()
expect(cleo, "StationCallState", { state = "RingIn" }, within "3s", from(m), clause "CAL-01")
expect(anna, "StationCallState", { state = "OnHook" }, within "2s", from(m), clause "CAL-01")
cleo:answer()
expect(dora, "StationCallState", { state = "Connected" }, within "3s", from(m), clause "CAL-01")
expect(dora, "MediaStreamStarted", within "3s", from(m), clause "CAL-01")

-- It rings no more: there is nothing left for Bert.
m = mark()
bert:pickup()
expect(bert, "StationDisplayPromptStatus", { text = "No Call For Pickup" }, within "2s", from(m), clause "CAL-01")

-- The node where it rang first does not matter to it.
m = mark()
c:kill("ccm1", "callmanager")
never(dora, "MediaStreamStopped", within "2s", from(m), clause "CAL-02")
c:start("ccm1", "callmanager")
expect(anna, "StationRegisterAck", { node = "ccm1" }, within "60s", from(m), clause "CMF-15")
dora:hangup()
expect(cleo, "StationCallState", { state = "OnHook" }, within "3s", from(m))

-- An application picks up from the group whose number it names.
m = mark()
ivr:open "CTIP_7001"
expect(ivr, "LineInService", { device = "CTIP_7001" }, within "3s", from(m))
ivr:pickup("CTIP_7001", "7900")
expect(ivr, "Response", { result = "OPERATION_NOT_AVAILABLE_IN_CURRENT_STATE" }, within "2s", from(m), clause "CAL-01")
ivr:pickup "CTIP_7001"
expect(ivr, "Response", { result = "INVALID_PARAMETER" }, within "2s", from(m), clause "CAL-01")
m = mark()
bert:call "3001"
expect(dora, "StationCallState", { state = "RingIn" }, within "3s", from(m))
ivr:pickup("CTIP_7001", "7900")
expect(ivr, "NewCall", { device = "CTIP_7001", reason = "CALLPICKUP" }, within "3s", from(m), clause "CAL-01")
expect(dora, "StationCallState", { state = "OnHook" }, within "2s", from(m), clause "CAL-01")
ivr:answer "CTIP_7001"
expect(bert, "StationCallState", { state = "Connected" }, within "3s", from(m), clause "CAL-01")
bert:hangup()
expect(ivr, "CallClosed", { device = "CTIP_7001" }, within "3s", from(m), clause "CAL-01")

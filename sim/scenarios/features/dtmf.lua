-- Digits: keys pressed in a call are heard at the other side, whoever is there and at whichever node; an
-- application dials; and it may change what the next party sees as the caller's number.
local c    = cluster "park-and-pickup"
local anna = c:phone "SEP000000000001" -- 1001, at ccm1
local cleo = c:phone "SEP000000000011" -- 2001, at ccm2
local dora = c:phone "SEP000000000021" -- 3001, at ccm3
local ivr  = c:app("ivr", { user = "ivr", ctimanagers = { "ccm2" } })

-- Phone and phone.
local m = mark()
anna:call "2001"
expect(cleo, "StationCallState", { state = "RingIn" }, within "3s", from(m))
cleo:answer()
expect(anna, "StationCallState", { state = "Connected" }, within "3s", from(m))
m = mark()
anna:dial "4#"
expect(cleo, "StationNotifyDtmfTone", { digits = "4" }, within "2s", from(m), clause "CAL-01")
expect(cleo, "StationNotifyDtmfTone", { digits = "#" }, within "2s", from(m), clause "CAL-01")
cleo:hold()
expect(cleo, "StationCallState", { state = "Hold" }, within "2s", from(m))
m = mark()
anna:dial "5"
never(cleo, "StationNotifyDtmfTone", within "1s", from(m), clause "CAL-01")
anna:hangup()
expect(cleo, "StationCallState", { state = "OnHook" }, within "2s", from(m))

-- Phone and application.
m = mark()
ivr:open "CTIP_7001"
expect(ivr, "LineInService", { device = "CTIP_7001" }, within "3s", from(m))
dora:call "7001"
expect(ivr, "NewCall", { device = "CTIP_7001" }, within "3s", from(m))
ivr:dtmf("CTIP_7001", "1")
expect(ivr, "Response", { result = "OPERATION_NOT_AVAILABLE_IN_CURRENT_STATE" }, within "2s", from(m), clause "CAL-01")
ivr:answer "CTIP_7001"
expect(dora, "StationCallState", { state = "Connected" }, within "3s", from(m))
m = mark()
dora:dial "7"
expect(ivr, "Dtmf", { digits = "7" }, within "2s", from(m), clause "CAL-01")
ivr:dtmf("CTIP_7001", "12*A")
expect(dora, "StationNotifyDtmfTone", { digits = "12*A" }, within "2s", from(m), clause "CAL-01")
ivr:drop "CTIP_7001"
expect(dora, "StationCallState", { state = "OnHook" }, within "2s", from(m))

-- An application goes off hook and dials in parts.
m = mark()
ivr:call "CTIP_7001"
expect(ivr, "NewCall", { device = "CTIP_7001", state = "DIALTONE" }, within "2s", from(m), clause "CAL-01")
ivr:dial("CTIP_7001", "10")
expect(ivr, "CallStateChanged", { state = "DIALING" }, within "2s", from(m), clause "CAL-01")
ivr:dial("CTIP_7001", "01")
expect(anna, "StationCallState", { state = "RingIn" }, within "2s", from(m), clause "CAL-01")
ivr:drop "CTIP_7001"
expect(anna, "StationCallState", { state = "OnHook" }, within "2s", from(m))

-- Who is called after a redirect sees the number that the application has put in.
m = mark()
dora:call "7001"
expect(ivr, "NewCall", { device = "CTIP_7001" }, within "3s", from(m))
ivr:redirect("CTIP_7001", "1001", { calling = "4711" })
expect(anna, "StationCallInfo", { calling_party = "4711" }, within "2s", from(m), clause "CAL-01")
dora:hangup()
expect(anna, "StationCallState", { state = "OnHook" }, within "2s", from(m))

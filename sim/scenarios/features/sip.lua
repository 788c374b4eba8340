-- The same with SIP phones: keys in a call, park, retrieval by the user and by an application, pickup.
local c    = cluster "park-and-pickup"
local anna = c:phone "SEP000000000001" -- 1001, at ccm1
local sven = c:phone "SEP000000000031" -- 4001, SIP, at ccm2
local sara = c:phone "SEP000000000032" -- 4002, SIP, at ccm2
local ivr  = c:app("ivr", { user = "ivr", ctimanagers = { "ccm3" } })

local m = mark()
expect(sven, "SipRegisterOk", within "5s")
anna:call "4001"
expect(anna, "StationCallState", { state = "RingOut" }, within "3s", from(m))
sven:answer()
expect(anna, "StationCallState", { state = "Connected" }, within "3s", from(m))
m = mark()
sven:dial "5"
expect(anna, "StationNotifyDtmfTone", { digits = "5" }, within "2s", from(m), clause "CAL-01")
anna:dial "6"
m = mark()
sven:park()
expect(anna, "StationCloseReceiveChannel", within "2s", from(m), clause "CAL-01")
m = mark()
sara:call "7720#"
expect(anna, "MediaStreamStarted", within "8s", from(m), clause "CAL-01")
m = mark()
sara:park()
expect(anna, "StationCloseReceiveChannel", within "2s", from(m), clause "CAL-01")
m = mark()
ivr:open "SEP000000000031"
expect(ivr, "LineInService", { device = "SEP000000000031" }, within "3s", from(m))
ivr:unpark("SEP000000000031", "7720")
expect(ivr, "CallStateChanged", { state = "CONNECTED" }, within "20s", from(m), clause "CAL-01")
expect(anna, "MediaStreamStarted", within "3s", from(m), clause "CAL-01")
expect(sven, "MediaStreamStarted", within "3s", from(m), clause "CAL-01")
anna:hangup()
expect(ivr, "CallClosed", { device = "SEP000000000031" }, within "3s", from(m))

m = mark()
anna:call "1002"
expect(anna, "StationCallState", { state = "RingOut" }, within "3s", from(m))
sara:pickup()
expect(sara, "SipInvite", within "3s", from(m), clause "CAL-01")
advance "1s"
sara:answer()
expect(anna, "StationCallState", { state = "Connected" }, within "3s", from(m), clause "CAL-01")
anna:hangup()

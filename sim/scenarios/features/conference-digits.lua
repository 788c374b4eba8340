-- Keys that a party of a conference presses are heard by the others, on phones and by applications, but not by who has the
-- conference on hold. When the last party but two is removed, the line that made the conference is not that one.
local c    = cluster "two-groups"
local anna = c:phone "SEP000000000001" -- 1001, at ccm1
local bert = c:phone "SEP000000000002" -- 1002, at ccm1
local cleo = c:phone "SEP000000000011" -- 2001, at ccm2
local ivr  = c:app("ivr", { user = "ivr", ctimanagers = { "ccm3" } })

local m = mark()
ivr:open "CTIP_7001"
expect(ivr, "LineInService", { device = "CTIP_7001" }, within "3s", from(m))
cleo:call "1002"
expect(bert, "StationCallState", { state = "RingIn" }, within "3s", from(m))
bert:answer()
expect(cleo, "MediaStreamStarted", within "3s", from(m))
settle "3s"

say "Bert takes the port in."
m = mark()
bert:conference "7001"
expect(ivr, "NewCall", { device = "CTIP_7001" }, within "3s", from(m), clause "CAL-01")
ivr:answer "CTIP_7001"
expect(bert, "MediaStreamStarted", within "3s", from(m), clause "CAL-01")
settle "3s"
m = mark()
bert:conference()
expect(cleo, "MediaStreamStarted", within "3s", from(m), clause "CAL-01")
expect(bert, "MediaStreamStarted", within "3s", from(m), clause "CAL-01")
settle "3s"

m = mark()
cleo:dial "5"
expect(bert, "StationNotifyDtmfTone", { digits = "5" }, within "2s", from(m), clause "CAL-01")
expect(ivr, "Dtmf", { device = "CTIP_7001", digits = "5" }, within "2s", from(m), clause "CAL-01")
ivr:dtmf("CTIP_7001", "12#")
expect(bert, "StationNotifyDtmfTone", { digits = "12#" }, within "2s", from(m), clause "CAL-01")
expect(cleo, "StationNotifyDtmfTone", { digits = "12#" }, within "2s", from(m), clause "CAL-01")
never(anna, "StationNotifyDtmfTone", within "1s", from(m), clause "CAL-01")
m = mark()
cleo:hold()
expect(cleo, "StationCallState", { state = "Hold" }, within "2s", from(m), clause "CAL-01")
bert:dial "6"
expect(ivr, "Dtmf", { digits = "6" }, within "2s", from(m), clause "CAL-01")
never(cleo, "StationNotifyDtmfTone", within "1s", from(m), clause "CAL-01")
m = mark()
cleo:resume()
expect(cleo, "MediaStreamStarted", within "3s", from(m), clause "CAL-01")
settle "3s"

say "Bert has the port leave, and talks to Cleo."
m = mark()
bert:rmlstc()
expect(ivr, "CallStateChanged", { device = "CTIP_7001", state = "IDLE" }, within "3s", from(m), clause "CAL-01")
expect(cleo, "StationCallInfo", { called_party = "1002" }, within "3s", from(m), clause "CAL-01")
settle "3s"
m = mark()
cleo:hangup()
expect(bert, "StationCallState", { state = "OnHook" }, within "2s", from(m), clause "CAL-01")

-- Keys of encrypted streams: who listens makes them, who sends gets them; anew for each stream, and none when one of the
-- two devices is not encrypted.
local c    = cluster "devices"
local a    = c:phone "SEP000000000021"
local b    = c:phone "SEP000000000022"
local open = c:phone "SEP000000000001"
local ivr  = c:app("ivr", { ctimanagers = { "ccm1" } })

local function stream(m)
	local heard = expect(b, "StationOpenReceiveChannel", within "3s", from(m))
	expect(a, "StationStartMediaTransmission", { key = heard.key, salt = heard.salt }, within "3s", from(m))
	never(a, "StationStartMediaTransmission", { key = "" }, within "100ms", from(m))
	never(b, "StationStartMediaTransmission", { key = "" }, within "100ms", from(m))
	return heard
end

local m = mark()
a:call "3002"
expect(b, "StationCallState", { state = "RingIn" }, within "3s", from(m))
b:answer()
local first = stream(m)
b:hold()
expect(b, "StationCallState", { state = "Hold" }, within "3s", from(m))
m = mark()
b:resume()
local again = stream(m)
always(function() return first.key ~= again.key or first.key == "" end, within "1ms")
m = mark()
a:hangup()
expect(b, "StationCallState", { state = "OnHook" }, within "3s", from(m))

say "To a device that is not encrypted, and to one of an application that is."
m = mark()
b:call "1001"
expect(open, "StationCallState", { state = "RingIn" }, within "3s", from(m))
open:answer()
expect(b, "StationStartMediaTransmission", { key = "" }, within "3s", from(m))
expect(open, "StationStartMediaTransmission", { key = "" }, within "3s", from(m))
b:hangup()
expect(open, "StationCallState", { state = "OnHook" }, within "3s", from(m))
ivr:open "CTIP_6300"
expect(ivr, "LineInService", { device = "CTIP_6300" }, within "2s")
m = mark()
a:call "6300"
expect(ivr, "NewCall", { device = "CTIP_6300" }, within "3s", from(m))
ivr:answer "CTIP_6300"
expect(a, "StationStartMediaTransmission", within "3s", from(m))
never(a, "StationStartMediaTransmission", { key = "" }, within "100ms", from(m))

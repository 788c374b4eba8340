-- Bert has three calls, one after the other, and joins them. What is in a conference of somebody else's cannot be joined.
local c    = cluster "two-groups"
local anna = c:phone "SEP000000000001" -- 1001, at ccm1
local bert = c:phone "SEP000000000002" -- 1002, at ccm1
local carl = c:phone "SEP000000000003" -- 1003, at ccm1
local cleo = c:phone "SEP000000000011" -- 2001, at ccm2

local function talk(a, number, b)
	local m = mark()
	a:call(number)
	expect(b, "StationCallState", { state = "RingIn" }, within "3s", from(m))
	b:answer()
	expect(a, "MediaStreamStarted", within "3s", from(m))
	expect(b, "MediaStreamStarted", within "3s", from(m))
	settle "3s"
end

talk(bert, "1001", anna)
bert:hold()
settle "3s"
talk(bert, "1003", carl)
bert:hold()
settle "3s"
talk(bert, "2001", cleo)
bert:select "1001"
bert:select "1003"
advance "100ms"
local m = mark()
bert:join()
for _, phone in ipairs { anna, bert, carl, cleo } do
	expect(phone, "MediaStreamStarted", within "3s", from(m), clause "CAL-01")
end
expect(bert, "StationCallState", { state = "OnHook" }, within "3s", from(m), times(2), clause "CAL-01")
settle "3s"

say "Anna would add somebody: it is not her conference."
m = mark()
anna:hold()
expect(anna, "StationCallState", { state = "Hold" }, within "2s", from(m), clause "CAL-01")
never(carl, "MediaStreamStopped", within "2s", from(m), clause "CAL-01")
anna:resume()
expect(anna, "MediaStreamStarted", within "3s", from(m), clause "CAL-01")

say "Two leave at once, and the two that are left hear each other."
m = mark()
anna:hangup()
cleo:hangup()
expect(carl, "StationCallInfo", { calling_party = "1002" }, within "5s", from(m), clause "CAL-01")
m = mark()
carl:hangup()
expect(bert, "StationCallState", { state = "OnHook" }, within "2s", from(m), clause "CAL-01")

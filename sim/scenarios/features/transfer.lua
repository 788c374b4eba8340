-- A user asks somebody before he transfers a call, transfers to a phone that only rings, and transfers directly two
-- calls that he has already. A transfer that cannot be is refused, and changes nothing.
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
end

say "Bert is called by Anna, asks Cleo, and connects the two."
talk(anna, "1002", bert)
local m = mark()
bert:transfer "2001"
expect(bert, "StationCallState", { state = "Hold" }, within "2s", from(m), clause "CAL-01")
expect(cleo, "StationCallState", { state = "RingIn" }, within "2s", from(m), clause "CAL-01")
cleo:answer()
expect(bert, "MediaStreamStarted", within "3s", from(m), clause "CAL-01")
settle "3s"
m = mark()
bert:transfer()
expect(bert, "StationCallState", { state = "OnHook" }, within "2s", from(m), times(2), clause "CAL-01")
expect(cleo, "StationCallInfo", { calling_party = "1001" }, within "2s", from(m), clause "CAL-01")
expect(anna, "StationCallInfo", { called_party = "2001" }, within "2s", from(m), clause "CAL-01")
expect(anna, "MediaStreamStarted", within "3s", from(m), clause "CAL-01")
expect(cleo, "MediaStreamStarted", within "3s", from(m), clause "CAL-01")

say "A third node is not in the path: it may go."
c:kill("ccm3", "callmanager")
never(anna, "MediaStreamStopped", within "2s", clause "CAL-02")
m = mark()
cleo:hangup()
expect(anna, "StationCallState", { state = "OnHook" }, within "2s", from(m), clause "CAL-01")
c:start("ccm3", "callmanager")

say "A transfer before the number is dialled is refused: the held call is there still."
talk(anna, "1002", bert)
m = mark()
bert:transfer()
expect(bert, "StationCallState", { state = "OffHook" }, within "2s", from(m), clause "CAL-01")
bert:transfer()
expect(bert, "StationDisplayPromptStatus", within "2s", from(m), clause "CAL-01")
bert:hangup()
expect(bert, "StationCallState", { state = "OnHook" }, within "2s", from(m), clause "CAL-01")
m = mark()
bert:resume()
expect(bert, "StationCallState", { state = "Connected" }, within "2s", from(m), clause "CAL-01")
expect(anna, "MediaStreamStarted", within "3s", from(m), clause "CAL-01")

say "Transferred to a phone that rings, Anna hears it ring."
m = mark()
bert:transfer "2001"
expect(cleo, "StationCallState", { state = "RingIn" }, within "2s", from(m), clause "CAL-01")
settle "3s"
bert:transfer()
expect(anna, "StationCallState", { state = "RingOut" }, within "2s", from(m), clause "CAL-01")
cleo:answer()
expect(anna, "MediaStreamStarted", within "3s", from(m), clause "CAL-01")
settle "3s"

say "Two calls of Carl's are transferred directly."
m = mark()
anna:hangup()
expect(cleo, "StationCallState", { state = "OnHook" }, within "2s", from(m))
talk(anna, "1003", carl)
carl:hold()
settle "3s"
talk(carl, "2001", cleo)
m = mark()
carl:select "1001"
advance "100ms"
carl:dirtrfr()
expect(carl, "StationCallState", { state = "OnHook" }, within "2s", from(m), times(2), clause "CAL-01")
expect(anna, "MediaStreamStarted", within "3s", from(m), clause "CAL-01")
expect(cleo, "MediaStreamStarted", within "3s", from(m), clause "CAL-01")
m = mark()
anna:hangup()
expect(cleo, "StationCallState", { state = "OnHook" }, within "2s", from(m))

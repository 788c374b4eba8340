-- A node dies while somebody at it is asked before a transfer: of a consult transfer in progress both legs are lost. After a
-- transfer a node that only the one who transferred was at means nothing.
local c    = cluster "two-groups"
local anna = c:phone "SEP000000000001" -- 1001, at ccm1
local bert = c:phone "SEP000000000002" -- 1002, at ccm1
local cleo = c:phone "SEP000000000011" -- 2001, at ccm2
local dora = c:phone "SEP000000000012" -- 2002, at ccm2

local function talk(a, number, b)
	local m = mark()
	a:call(number)
	expect(b, "StationCallState", { state = "RingIn" }, within "3s", from(m))
	b:answer()
	expect(a, "MediaStreamStarted", within "3s", from(m))
	expect(b, "MediaStreamStarted", within "3s", from(m))
end

local function ask(b, number, a)
	local m = mark()
	b:transfer(number)
	expect(a, "StationCallState", { state = "RingIn" }, within "3s", from(m))
	a:answer()
	expect(b, "MediaStreamStarted", within "3s", from(m))
	expect(a, "MediaStreamStarted", within "3s", from(m))
	settle "3s"
end

say "Cleo and Dora are at ccm2, and Cleo is asked by Bert."
talk(anna, "1002", bert)
ask(bert, "2001", cleo)
local m = mark()
c:kill("ccm2", "callmanager")
expect(bert, "StationCallState", { state = "OnHook" }, within "3s", from(m), times(2), clause "CAL-03")
expect(anna, "StationCallState", { state = "OnHook" }, within "3s", from(m), clause "CAL-03")
expect(cleo, "MediaStreamStopped", within "5s", from(m), clause "CAL-03")
expect(cleo, "StationRegisterAck", { node = "ccm3" }, within "10s", from(m), clause "CAL-03")

say "With everybody back, the node of the one who asks dies: that is the end for all three."
m = mark()
c:start("ccm2", "callmanager")
expect(cleo, "StationRegisterAck", { node = "ccm2" }, within "60s", from(m))
expect(dora, "StationRegisterAck", { node = "ccm2" }, within "60s", from(m))
settle "3s" -- until ccm1, too, knows where Dora is
talk(anna, "2002", dora)
ask(dora, "1002", bert)
m = mark()
c:kill("ccm2", "callmanager")
expect(anna, "StationCallState", { state = "OnHook" }, within "3s", from(m), clause "CAL-03")
expect(bert, "StationCallState", { state = "OnHook" }, within "3s", from(m), clause "CAL-03")

say "After the transfer its node does not matter."
m = mark()
c:start("ccm2", "callmanager")
expect(cleo, "StationRegisterAck", { node = "ccm2" }, within "60s", from(m))
expect(dora, "StationRegisterAck", { node = "ccm2" }, within "60s", from(m))
settle "3s"
talk(anna, "2002", dora)
ask(dora, "1002", bert)
m = mark()
dora:transfer()
expect(anna, "MediaStreamStarted", within "3s", from(m), clause "CAL-01")
expect(bert, "MediaStreamStarted", within "3s", from(m), clause "CAL-01")
settle "3s"
m = mark()
c:kill("ccm2", "callmanager")
never(anna, "MediaStreamStopped", within "3s", from(m), clause "CAL-02")
anna:hold()
expect(anna, "StationCallState", { state = "Hold" }, within "2s", from(m), clause "CAL-02")
anna:resume()
expect(bert, "MediaStreamStarted", within "3s", from(m), clause "CAL-02")
m = mark()
anna:hangup()
expect(bert, "StationCallState", { state = "OnHook" }, within "2s", from(m), clause "CAL-02")

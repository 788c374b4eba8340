-- CAL-02: a call that was held for a consult call got another party meanwhile (the one that was held sent it on). The new party
-- was told that this was a consult call, and never that it was over: the call ended with a node, with nothing under way. As long as
-- the consulting is under way a lost node ends both calls (CAL-03), which exploration took for a breach (seed 166250).
local c = cluster([[
return {
	nodes = { "ccm1", "ccm2", "ccm3" },
	groups = { west = { "ccm1", "ccm2" }, east = { "ccm2", "ccm1" }, north = { "ccm3", "ccm1" } },
	pools = { west = "west", east = "east", north = "north" },
	park_numbers = { { "8830", node = "ccm3" } },
	phones = {
		{ "SEP000000000001", count = 2, dn = "1001", pool = "west" },
		{ "SEP000000000011", dn = "2001", pool = "east" },
		{ "SEP000000000021", dn = "3001", pool = "north" },
	},
	users = {
		watcher = { application = true, password = "secret", groups = { "Standard CTI Enabled" },
			devices = { "SEP000000000001" } },
	},
}
]], { speed = 10 })
local app  = c:app("app", { user = "watcher", ctimanagers = { "ccm1" } })
local anna = c:phone "SEP000000000001" -- 1001, at ccm1
local bert = c:phone "SEP000000000002" -- 1002, at ccm1
local carl = c:phone "SEP000000000021" -- 3001, at ccm3
local cleo = c:phone "SEP000000000011" -- 2001, at ccm2

local function answer(phone, other, m)
	expect(phone, "StationCallState", { state = "RingIn" }, within "3s", from(m))
	phone:answer()
	expect(phone, "MediaStreamStarted", within "3s", from(m))
	expect(other, "MediaStreamStarted", within "3s", from(m))
	settle "3s"
end

app:open "SEP000000000001"
expect(app, "LineInService", { device = "SEP000000000001" }, within "5s")
expect(cleo, "StationRegisterAck", { node = "ccm2" }, within "5s")

-- Cleo holds Anna and asks Bert; Anna's application sends Cleo on to Carl.
local function begin()
	local m = mark()
	anna:call "2001"
	answer(cleo, anna, m)
	m = mark()
	cleo:transfer "1002"
	answer(bert, cleo, m)
	m = mark()
	app:redirect("SEP000000000001", "3001")
	expect(carl, "StationCallState", { state = "RingIn" }, within "3s", from(m), clause "CAL-01")
end

say "Cleo speaks with Carl, who parks and retrieves the call, and Bert is asked still when the node of Carl dies."
begin()
local m = mark()
carl:answer()
expect(cleo, "StationCallState", { state = "Hold" }, within "3s", from(m), clause "CAL-01")
m = mark()
cleo:resume()
expect(carl, "MediaStreamStarted", within "3s", from(m), clause "CAL-01")
m = mark()
carl:park()
expect(carl, "StationCallState", { state = "OnHook" }, within "3s", from(m), clause "CAL-01")
m = mark()
carl:call "8830"
expect(carl, "StationCallState", { state = "Connected" }, within "3s", from(m), clause "CAL-01")
advance "1s"
m = mark()
c:kill("ccm3", "callmanager")
expect(cleo, "StationCallState", { state = "OnHook" }, within "5s", from(m), times(2), clause "CAL-03")
expect(bert, "StationCallState", { state = "OnHook" }, within "5s", from(m), clause "CAL-03")
m = mark()
c:start("ccm3", "callmanager")
expect(carl, "StationRegisterAck", { node = "ccm3" }, within "60s", from(m))
settle "5s"

say "Bert is of no help. Carl answers; Cleo goes on with the held call, and they speak until the node of Cleo dies."
begin()
m = mark()
bert:hangup()
expect(cleo, "StationCallState", { state = "OnHook" }, within "3s", from(m), clause "CAL-01")
m = mark()
carl:answer()
expect(cleo, "StationCallState", { state = "Hold" }, within "3s", from(m), clause "CAL-01")
cleo:resume()
expect(carl, "MediaStreamStarted", within "3s", from(m), clause "CAL-01")
expect(cleo, "MediaStreamStarted", within "3s", from(m), clause "CAL-01")
settle "3s"
m = mark()
c:kill("ccm2", "callmanager")
never(carl, "StationCallState", { state = "OnHook" }, within "2s", from(m), clause "CAL-02")
cleo:hangup()
expect(carl, "StationCallState", { state = "OnHook" }, within "5s", from(m), clause "CAL-04")
c:start("ccm2", "callmanager")
c:rest()

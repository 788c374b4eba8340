-- CAL-02: a call that was held for a consult call got another party meanwhile (the one that was held sent it on). The new party
-- was told that this was a consult call, and never that it was over: the call ended with a node, with nothing under way.
local c = cluster([[
return {
	nodes = { "ccm1", "ccm2", "ccm3" },
	groups = { west = { "ccm1", "ccm2" }, east = { "ccm2", "ccm1" } },
	pools = { west = "west", east = "east" },
	phones = {
		{ "SEP000000000001", count = 3, dn = "1001", pool = "west" },
		{ "SEP000000000011", dn = "2001", pool = "east" },
	},
	users = {
		watcher = { application = true, password = "secret", groups = { "Standard CTI Enabled" },
			devices = { "SEP000000000001" } },
	},
}
]], { speed = 10 })
local app  = c:app("app", { user = "watcher", ctimanagers = { "ccm3" } })
local anna = c:phone "SEP000000000001" -- 1001, at ccm1
local bert = c:phone "SEP000000000002" -- 1002, at ccm1
local carl = c:phone "SEP000000000003" -- 1003, at ccm1
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

say "Cleo holds Anna and asks Bert; Anna's application sends Cleo on to Carl."
local m = mark()
anna:call "2001"
answer(cleo, anna, m)
m = mark()
cleo:transfer "1002"
answer(bert, cleo, m)
m = mark()
app:redirect("SEP000000000001", "1003")
expect(carl, "StationCallState", { state = "RingIn" }, within "3s", from(m), clause "CAL-01")

say "Bert is of no help. Carl answers; Cleo goes on with the held call, and they speak until the node of Cleo dies."
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

-- CAL-03: who was asked gave the consult call to somebody else, and that one's CallManager did not know that it was a consult
-- call still: when the node of the one who asks died, it kept the call until the stream ended. Seed 74013 had it the other
-- way round (the new party's node dies); there both legs ended as they should, and exploration took it for a breach.
local c = cluster([[
return {
	nodes = { "ccm1", "ccm2", "ccm3" },
	groups = { west = { "ccm1", "ccm2" }, east = { "ccm2", "ccm1" }, north = { "ccm3", "ccm1" } },
	pools = { west = "west", east = "east", north = "north" },
	phones = {
		{ "SEP000000000001", count = 3, dn = "1001", pool = "west" },
		{ "SEP000000000011", dn = "2001", pool = "east" },
		{ "SEP000000000021", dn = "3001", pool = "north" },
	},
	users = {
		watcher = { application = true, password = "secret", groups = { "Standard CTI Enabled" },
			devices = { "SEP000000000001", "SEP000000000003", "SEP000000000011", "SEP000000000021" } },
	},
}
]], { speed = 10 })
local app  = c:app("app", { user = "watcher", ctimanagers = { "ccm1" } })
local anna = c:phone "SEP000000000001" -- 1001, at ccm1
local bert = c:phone "SEP000000000002" -- 1002, at ccm1
local carl = c:phone "SEP000000000003" -- 1003, at ccm1
local cleo = c:phone "SEP000000000011" -- 2001, at ccm2
local dora = c:phone "SEP000000000021" -- 3001, at ccm3

local function answer(phone, caller, m)
	expect(phone, "StationCallState", { state = "RingIn" }, within "3s", from(m))
	phone:answer()
	expect(phone, "MediaStreamStarted", within "3s", from(m))
	expect(caller, "MediaStreamStarted", within "3s", from(m))
end

-- Anna is held by Cleo, who asks Bert, who gives Cleo to somebody else.
local function begin(number, to)
	local m = mark()
	anna:call "2001"
	answer(cleo, anna, m)
	m = mark()
	cleo:transfer "1002"
	answer(bert, cleo, m)
	m = mark()
	bert:transfer(number)
	answer(to, bert, m)
	m = mark()
	bert:transfer()
	expect(bert, "StationCallState", { state = "OnHook" }, within "3s", from(m), times(2), clause "CAL-01")
	expect(to, "MediaStreamStarted", within "3s", from(m), clause "CAL-01")
	expect(cleo, "MediaStreamStarted", within "3s", from(m), clause "CAL-01")
	settle "3s"
end

for _, p in pairs { "SEP000000000001", "SEP000000000003", "SEP000000000011", "SEP000000000021" } do
	app:open(p)
	expect(app, "LineInService", { device = p }, within "5s")
end

begin("1003", carl)
local m = mark()
c:kill("ccm2", "callmanager")
expect(app, "CallClosed", { device = "SEP000000000001", cause = "CALLMANAGER_FAILURE" }, within "5s", from(m), clause "CAL-03")
expect(app, "CallClosed", { device = "SEP000000000003", cause = "CALLMANAGER_FAILURE" }, within "5s", from(m), clause "CAL-03")

m = mark()
c:start("ccm2", "callmanager")
expect(cleo, "StationRegisterAck", { node = "ccm2" }, within "60s", from(m))
expect(app, "LineInService", { device = "SEP000000000011", node = "ccm2" }, within "60s", from(m))
settle "5s"
begin("3001", dora)
m = mark()
c:kill("ccm3", "callmanager")
expect(app, "CallClosed", { device = "SEP000000000001", cause = "CALLMANAGER_FAILURE" }, within "5s", from(m), clause "CAL-03")
expect(app, "CallClosed", { device = "SEP000000000011", cause = "CALLMANAGER_FAILURE" }, within "5s", from(m), times(2), clause "CAL-03")
expect(cleo, "StationCallState", { state = "OnHook" }, within "5s", from(m), times(2), clause "CAL-03")
c:start("ccm3", "callmanager")
c:rest()
